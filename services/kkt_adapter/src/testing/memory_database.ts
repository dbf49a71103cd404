import { TestClock } from '@kkt/platform/testing.ts'
import { createJournal } from '../journal/journal.ts'
import type { Database, Statement } from '../sqlite/database.ts'
import { copies } from '../sqlite/sqlite_bun.ts'

const copy = copies((db) => void createJournal(db, { clock: new TestClock(), maxUndelivered: 1 }))

/** A journal's database in memory, with nothing in it but the schema and an id of its own. */
export function journalDatabase(): Database {
  const db = withLateStatements(copy())
  db.exec('UPDATE totals SET buffer_id = lower(hex(randomblob(16)))')
  return db
}

/**
 * The same database, each statement of which is prepared at its first run. A journal prepares a hundred when it is opened,
 * so that a faulty one shows at once; a test runs a few of them, and most of its time went into the others.
 */
function withLateStatements(db: Database): Database {
  return {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    prepare: <Row>(sql: string): Statement<Row> => {
      let prepared: Statement<Row> | undefined
      const statement = () => {
        prepared ??= db.prepare<Row>(sql)
        return prepared
      }
      return {
        get: (...values) => statement().get(...values),
        all: (...values) => statement().all(...values),
        run: (...values) => statement().run(...values),
      }
    },
  }
}
