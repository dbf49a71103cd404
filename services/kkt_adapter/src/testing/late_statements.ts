import type { Database, Statement } from '../sqlite/database.ts'

/**
 * The same database, each statement of which is prepared at its first run. A journal prepares a hundred when it is opened,
 * so that a faulty one shows at once; a test runs a few of them, and most of its time went into the others.
 */
export function withLateStatements(db: Database): Database {
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
