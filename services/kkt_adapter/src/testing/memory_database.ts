import { makeTables } from '@kkt/mock-kkt/device/fiscal_memory.ts'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { openRequests } from '@kkt/mock-kkt/journal/requests.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { createJournal } from '../journal/journal.ts'
import type { Database, Statement } from '../sqlite/database.ts'
import { copies } from '../sqlite/sqlite_bun.ts'

const NO_DELAY = { printDelayMinMs: 0, printDelayMaxMs: 0 }

const copy = copies((db) => void createJournal(db, { clock: new TestClock(), maxUndelivered: 1 }))
const copyOfKkt = copies(
  (db) => void openMockKkt(db, { kktNumber: 'KKT-001', ...NO_DELAY }, { clock: new TestClock(), random: () => 0.5 }),
)

const copyOfTables = copies((db) => void makeTables(db))
const copyOfRequests = copies((db) => void openRequests(db))

/** A journal's database in memory, with only the schema and an id of its own. */
export function journalDatabase(): Database {
  const db = withLateStatements(copy())
  db.exec('UPDATE totals SET buffer_id = lower(hex(randomblob(16)))')
  return db
}

/** The memory of a mock KKT `KKT-001`, in memory, with only its registration. All have one FN. */
export const mockKktDatabase = (): Database => withLateStatements(copyOfKkt())

/** The memory of a KKT that was never started, in memory. Each becomes one with an FN of its own. */
export const newKktDatabase = (): Database => withLateStatements(copyOfTables())

/** The queue of a mock KKT's service, in memory. */
export const requestsDatabase = (): Database => withLateStatements(copyOfRequests())

/**
 * Prepares each statement at its first run. A journal prepares a hundred at its start, so that a faulty one shows at
 * once. A test runs only a few, and preparing the others took most of its time.
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
