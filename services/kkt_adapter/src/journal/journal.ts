import { randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import { openDatabase } from '#sqlite'
import { nextReceiptId } from '../receipts/receipt_clock.ts'
import type { Database } from './database.ts'
import { createEvents } from './events.ts'
import { createGroupCommit } from './group_commit.ts'
import { createIntake } from './intake.ts'
import { createLeases } from './leases.ts'
import { migrate } from './migrate.ts'
import journalSql from './migrations/0001_journal.sql' with { type: 'text' }
import { createQueries } from './queries.ts'
import { createRetention } from './retention.ts'
import { createTransitions } from './transitions.ts'

const MIGRATIONS = [journalSql]

/**
 * The buffer on disk. Reads are plain calls; whatever writes goes through `write`, which resolves after the fsync:
 * `await journal.write(() => journal.transitions.markPrinting(id))`.
 * @param path the database file; created where it is missing
 * @throws StorageFailure, SchemaTooNew
 */
export function openJournal(path: string, deps: { clock: Clock; maxUndelivered: number }) {
  return createJournal(openDatabase(path), deps)
}

/** The journal in a database that is open already. */
export function createJournal(db: Database, deps: { clock: Clock; maxUndelivered: number }) {
  migrate(db, MIGRATIONS)
  const { clock } = deps
  const queries = createQueries(db)
  // Asked for inside the transaction: another process may have minted one meanwhile.
  const mintId = () => nextReceiptId(queries.lastReceiptId(), { wallMs: clock.wallMs, randomBytes })
  const commits = createGroupCommit(db)

  return {
    write: commits.write,
    /** Why nothing can be journaled now, or null. While it could not be, each call tries anew. */
    async failure(): Promise<string | null> {
      if (commits.lastFailure === null) return null
      await commits.write(() => db.exec('UPDATE totals SET delivered = delivered')).catch(() => undefined)
      return commits.lastFailure
    },
    intake: createIntake(db, { wallMs: clock.wallMs, mintId, maxUndelivered: deps.maxUndelivered }),
    transitions: createTransitions(db, { wallMs: clock.wallMs }),
    queries,
    events: createEvents(db, { wallMs: clock.wallMs }),
    leases: createLeases(db),
    retention: createRetention(db),
    /** Moves the WAL into the database file, and closes it. */
    close(): void {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      db.close()
    },
  }
}

export type Journal = ReturnType<typeof openJournal>
export type { Counts } from './queries.ts'
