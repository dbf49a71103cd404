import { randomBytes } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { nextReceiptId } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import type { Kind } from '../sqlite/fitness.ts'
import { migrate, schemasOf } from '../sqlite/migrate.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { watchStorage } from '../sqlite/watched_storage.ts'
import { createEvents } from './events.ts'
import { createFailures } from './failures.ts'
import { createFiscalMemories } from './fiscal_memories.ts'
import { createGroupCommit } from './group_commit.ts'
import { createIntake } from './intake.ts'
import { createLeases, ownersOf } from './leases.ts'
import { createOfds } from './ofds.ts'
import { createQueries } from './queries.ts'
import { createRestored } from './restored.ts'
import { createRetention } from './retention.ts'
import schemaSql from './schema.sql' with { type: 'text' }
import { createTotals, type HybridClock, MAX_AHEAD_MS } from './totals.ts'
import { createTransitions } from './transitions.ts'

/** One text a schema, from `OLDEST_SCHEMA` on. */
const STEPS = [schemaSql]
/**
 * Versions before this numbering made other schemas, 1 to 12, from which no step leads here. A number above all of theirs
 * tells their files from ours for certain. They in turn refuse a file of ours as too new: they read the number, and would
 * overlook a mark beside it.
 */
const OLDEST_SCHEMA = 100

/** By what a buffer is known as ours. */
export const JOURNAL: Kind = {
  schemas: schemasOf(STEPS, OLDEST_SCHEMA),
  tables: ['receipts', 'events', 'totals', 'leases'],
  ownersOf,
}

/**
 * The buffer on disk. Reads are plain calls; whatever writes goes through `write`, which resolves after the fsync:
 * `await journal.write(() => journal.transitions.markPrinting(id))`.
 * @param file its database, open; brought to the newest schema
 * @param deps the logger is told when the disk fails, and when it works again; `schedule` puts a commit off, so that
 *   writes which come together share it (default: `setImmediate`)
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld
 */
export function createJournal(
  file: Database,
  deps: { clock: Clock; maxUndelivered: number; logger?: Logger; schedule?: (commit: () => void) => void },
) {
  const isNew = migrate(file, STEPS, OLDEST_SCHEMA) === 0
  const storage = watchStorage(file, deps.logger)
  const { db } = storage
  const { clock } = deps
  const queries = createQueries(db)
  const totals = createTotals(db)
  const mintId = ({ lastReceiptId, mergedMs }: HybridClock) =>
    nextReceiptId(lastReceiptId, { wallMs: () => Math.max(clock.wallMs(), mergedMs), randomBytes })
  const intake = createIntake(db, { wallMs: clock.wallMs, totals, mintId, maxUndelivered: deps.maxUndelivered })
  const { write } = createGroupCommit(storage, deps.schedule)
  const failures = createFailures(db, { wallMs: clock.wallMs })
  const transitions = createTransitions(db, { wallMs: clock.wallMs, failures })
  const fiscalMemories = createFiscalMemories(db, { wallMs: clock.wallMs })
  /** Moves the WAL into the database file, unless a reader is in the way. A lost WAL then takes nothing of it along. */
  const putAway = () => db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const readInPlace = () => {
    queries.counts()
    db.assertInPlace()
  }

  return {
    /** It was empty or did not exist: no receipt of before is known. */
    isNew,
    write,
    /**
     * Why nothing can be journaled now, or null. Once it could not be, each call tries anew: what is smaller than a
     * receipt, such as a lease's renewal, may still find room on a full disk.
     */
    async failure(): Promise<string | null> {
      try {
        if (storage.failure === null) readInPlace()
        else await write(intake.rehearse).then(storage.proven)
        return null
      } catch (error) {
        if (error instanceof StorageFailure) return error.code
        throw error
      }
    },
    /**
     * Merges the reading of another clock into the hybrid logical clock, which goes on from there when ours is behind. To
     * be run inside a transaction.
     * @param otherMs Unix milliseconds; one too far ahead to be true is left out
     */
    mergeTime(otherMs: number): void {
      const aheadMs = otherMs - clock.wallMs()
      if (aheadMs > 0 && aheadMs <= MAX_AHEAD_MS) totals.merge(otherMs)
    },
    intake,
    transitions,
    queries,
    totals,
    lastFailure: failures.last,
    events: createEvents(db, { wallMs: clock.wallMs }),
    ofds: createOfds(db),
    leases: createLeases(db, { wallMs: clock.wallMs }),
    retention: createRetention(db, { wallMs: clock.wallMs, keepKnown: fiscalMemories.keepKnown }),
    fiscalMemories,
    restored: createRestored(db, { wallMs: clock.wallMs, queries, transitions }),
    /** Ends all writing until a restart: what is written from now on would be built on something lost. */
    condemn: storage.condemn,
    putAway,
    /** Moves the WAL into the database file, and closes it. */
    close(): void {
      putAway()
      db.close()
    },
  }
}

export type Journal = ReturnType<typeof createJournal>
/** What reads and writes of a journal throw when its disk or its file fails. */
export { StorageFailure } from '../sqlite/storage_failure.ts'
export type { Counts } from './queries.ts'
