import { Database as BunDatabase, SQLiteError } from 'bun:sqlite'
import { type Database, makeReady, PRAGMAS, type SqlValue, type Statement, storageFailure } from './database.ts'

/**
 * Opens, and where needed creates, a database file and the folder it lies in.
 * @throws StorageFailure, LostDatabase
 */
export function openDatabase(path: string): Database {
  makeReady(path)
  return guarded(() => {
    const db = new BunDatabase(path, { create: true, strict: true })
    for (const pragma of PRAGMAS) db.run(pragma)
    return wrap(db)
  })
}

function wrap(db: BunDatabase): Database {
  return {
    exec: (sql) => guarded(() => void db.run(sql)),
    prepare: <Row>(sql: string): Statement<Row> => {
      const statement = guarded(() => db.prepare<Row, SqlValue[]>(sql))
      return {
        get: (...values) => guarded(() => statement.get(...values) ?? undefined),
        all: (...values) => guarded(() => statement.all(...values)),
        run: (...values) => guarded(() => void statement.run(...values)),
      }
    },
    get inTransaction() {
      return db.inTransaction
    },
    close: () => db.close(),
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storageFailure(error, error instanceof SQLiteError ? error.errno : undefined)
  }
}
