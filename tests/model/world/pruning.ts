import type { Journal } from '@kkt/adapter/src/journal/journal.ts'
import { StorageFailure } from '@kkt/adapter/src/sqlite/storage_failure.ts'
import { Killed } from './process.ts'
import type { SimTime } from './time.ts'

/** More than there are in a history. */
const AT_MOST = 1000
/** Behind all events, which stay: the books are compared with them. */
const NO_EVENT = Number.MAX_SAFE_INTEGER

/** A till waits less long for its answer. The shortest retention is a day, so no receipt goes while its till waits. */
const RETENTION_MS = 3000

/** Removes the receipts that ended a moment ago, or also what refunds need of them. A clock that was set forward ages none. */
export function pruneNow(journal: Journal, time: Pick<SimTime, 'wallBeforeMs'>, what: 'receipts' | 'all'): void {
  const beforeMs = time.wallBeforeMs(RETENTION_MS)
  const pruned = async () => {
    await journal.write((tx) => tx.prune(beforeMs, AT_MOST, NO_EVENT))
    if (what === 'all') await journal.write((tx) => tx.pruneOriginals(beforeMs, AT_MOST))
  }
  // A later prune removes the receipts that a failing disk or a crash has kept.
  pruned().catch((error) => {
    if (!(error instanceof StorageFailure || error instanceof Killed)) throw error
  })
}
