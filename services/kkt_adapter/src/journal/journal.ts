import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import type { Database } from '../sqlite/database.ts'
import { type Kind, OthersBuffer } from '../sqlite/fitness.ts'
import { migrate, type Step, schemaOf, schemasOf } from '../sqlite/migrate.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { watchStorage } from '../sqlite/watched_storage.ts'
import { fillInContacts } from './contacts.ts'
import { type CommitDeps, type Committed, createGroupCommit } from './group_commit.ts'
import { ownersOf } from './leases.ts'
import schemaSql from './schema.sql' with { type: 'text' }
import schema102Sql from './schema_102.sql' with { type: 'text' }
import schema103Sql from './schema_103.sql' with { type: 'text' }
import schema104Sql from './schema_104.sql' with { type: 'text' }
import schema105Sql from './schema_105.sql' with { type: 'text' }
import schema106Sql from './schema_106.sql' with { type: 'text' }
import schema107Sql from './schema_107.sql' with { type: 'text' }
import schema108Sql from './schema_108.sql' with { type: 'text' }
import schema109Sql from './schema_109.sql' with { type: 'text' }
import schema110Sql from './schema_110.sql' with { type: 'text' }
import schema111Sql from './schema_111.sql' with { type: 'text' }
import schema112Sql from './schema_112.sql' with { type: 'text' }
import { createStatements, type StatementsDeps, type Tx } from './tx.ts'

/** One step for each schema, from `OLDEST_SCHEMA` on. */
export const STEPS: readonly Step[] = [
  schemaSql,
  schema102Sql,
  schema103Sql,
  schema104Sql,
  { sql: schema105Sql, after: fillInContacts },
  schema106Sql,
  schema107Sql,
  schema108Sql,
  schema109Sql,
  schema110Sql,
  schema111Sql,
  schema112Sql,
]
/**
 * Versions before this numbering made schemas 1 to 100, from which no step leads here. A higher number tells their
 * files apart for certain. They refuse ours as too new, because they read the number; a mark beside it they would
 * overlook.
 */
const OLDEST_SCHEMA = 101

/** The marks of this program's buffer. */
export const JOURNAL: Kind = {
  schemas: schemasOf(STEPS, OLDEST_SCHEMA),
  tables: ['receipts', 'events', 'totals', 'leases'],
  ownersOf,
}

/**
 * The buffer on disk. Reads are plain calls. Changes are verbs of `tx`, which only a transaction hands out, and `write`
 * resolves after the fsync: `await journal.write((tx) => tx.markPrinting(id))`.
 * @param file its open database; it is brought to the newest schema
 * @param deps the logger is told of an older schema, when the disk fails, when it works again, and when a listener throws
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld
 */
export function createJournal(
  file: Database,
  deps: StatementsDeps & { logger?: Logger } & Partial<Pick<CommitDeps, 'schedule'>>,
) {
  tellOfUpgrade(schemaOf(file), deps.logger)
  const isNew = migrate(file, STEPS, OLDEST_SCHEMA) === 0
  const storage = watchStorage(file, deps.logger)
  const { db } = storage
  const { tx, reads, gathered } = createStatements(db, deps)
  const listeners = createListeners(deps.logger)
  const { write, takeUp } = createGroupCommit<Tx>(storage, tx, gathered, {
    monotonicMs: deps.clock.monotonicMs,
    onCommit: listeners.tell,
    ...(deps.schedule && { schedule: deps.schedule }),
  })
  /** Moves the WAL into the database file, unless a reader blocks that. Losing the WAL then loses nothing. */
  const putAway = () => db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const readInPlace = () => {
    reads.queries.counts()
    db.assertInPlace()
  }

  return {
    /** It was empty or did not exist, so no earlier receipt is known. */
    isNew,
    write,
    takeUp,
    /** Adds a listener, which is told each commit with the audit entries that it wrote. It must be quick. */
    onCommit: listeners.add,
    /**
     * The reason why nothing can be journaled now, or null. After a failure each call tries again, because a write
     * smaller than a receipt, such as a lease's renewal, may still find room on a full disk.
     */
    async failure(): Promise<string | null> {
      try {
        if (storage.failure === null) readInPlace()
        else await write((tx) => tx.rehearse()).then(storage.proven)
        return null
      } catch (error) {
        if (error instanceof StorageFailure) return error.code
        throw error
      }
    },
    /**
     * Gives a buffer without an owner to a KKT, for good: the lease has its name, and the OFD is told it. With a second
     * name another process would print and send beside the first.
     * @throws OthersBuffer, StorageFailure
     */
    async claim(name: string): Promise<void> {
      // An owned buffer is not written: its disk may be full.
      if (ownersOf(db).length === 0) await write((tx) => tx.createLease(name))
      const known = ownersOf(db)
      if (!known.includes(name)) throw new OthersBuffer(known.join(' or '), name)
    },
    ...reads,
    /** Ends all writing until a restart: further writes would build on lost data. */
    condemn: storage.condemn,
    putAway,
    /** Moves the WAL into the database file, and closes it. */
    close(): void {
      putAway()
      db.close()
    },
  }
}

/** A buffer of 100 000 receipts takes seconds, in which a start that says nothing looks as if it hung. */
function tellOfUpgrade(schema: number, logger: Logger | undefined): void {
  const { oldest, newest } = JOURNAL.schemas
  if (schema < oldest || schema >= newest) return
  const means =
    "the buffer is of an older version and is brought to this one's schema, which takes as much room again on its disk; a start that is ended meanwhile changes nothing"
  logger?.info('buffer_upgrade', { from: schema, to: newest, means })
}

type Listener = (committed: Committed) => void

/** The listeners of commits. One that throws keeps nothing from the others. */
function createListeners(logger: Logger | undefined) {
  const listeners: Listener[] = []
  return {
    add: (listener: Listener): void => void listeners.push(listener),
    tell(committed: Committed): void {
      for (const listener of listeners) {
        try {
          listener(committed)
        } catch (error) {
          logger?.error('commit_listener_failed', errorFields(error))
        }
      }
    },
  }
}

export type Journal = ReturnType<typeof createJournal>
/** Reads and writes of a journal throw it when the disk or the file fails. */
export { StorageFailure } from '../sqlite/storage_failure.ts'
export type { Counts } from './queries.ts'
export type { Tx } from './tx.ts'
