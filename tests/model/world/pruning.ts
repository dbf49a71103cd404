import type { Journal } from '@kkt/adapter/src/journal/journal.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { Killed } from './process.ts'

/** More than there are in a history. */
const AT_MOST = 1000
/** Behind all events, which stay: the books are compared with them. */
const NO_EVENT = Number.MAX_SAFE_INTEGER

/** Removes the receipts that ended before, or also what refunds need of them. */
export function pruneNow(journal: Journal, beforeMs: number, what: 'receipts' | 'all'): void {
  const pruned = async () => {
    await journal.write((tx) => tx.prune(beforeMs, AT_MOST, NO_EVENT))
    if (what === 'all') await journal.write((tx) => tx.pruneOriginals(beforeMs, AT_MOST))
  }
  // A later prune removes the receipts that a failing disk or a crash has kept.
  pruned().catch((error) => {
    if (!(error instanceof StorageFailure || error instanceof Killed)) throw error
  })
}
