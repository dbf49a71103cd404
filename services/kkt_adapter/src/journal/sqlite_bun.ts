import { Database as BunDatabase } from 'bun:sqlite'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Database, PRAGMAS, type SqlValue, type Statement, StorageFailure, storageFailure } from './database.ts'

/**
 * Opens, and where needed creates, a database file and the folder it lies in.
 * @throws StorageFailure
 */
export function openDatabase(path: string): Database {
  makeFolder(dirname(path))
  return guarded(() => {
    const db = new BunDatabase(path, { create: true, strict: true })
    for (const pragma of PRAGMAS) db.run(pragma)
    return wrap(db)
  })
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new StorageFailure('SQLITE_CANTOPEN', { cause: error })
  }
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
    throw storageFailure(error)
  }
}
