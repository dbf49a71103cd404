import { Database as BunDatabase, SQLiteError } from 'bun:sqlite'
import type { Database, SqlValue, Statement } from './database.ts'
import { isInOneFile, makeReady, resolvedFile, watchFiles } from './files.ts'
import { pragmas, READING_PRAGMAS } from './pragmas.ts'
import { storageFailure } from './storage_failure.ts'

/**
 * Opens a database file, and makes it and its folder when needed.
 * @param pageBytes of a new file; @default PAGE_BYTES
 * @throws StorageFailure, LostDatabase
 */
export function openDatabase(path: string, pageBytes?: number): Database {
  const file = resolvedFile(path)
  makeReady(file)
  return guarded(() => {
    const db = new BunDatabase(file, { create: true, strict: true })
    for (const pragma of pragmas(pageBytes)) db.run(pragma)
    return wrap(db, watchFiles(path))
  })
}

/**
 * Opens an existing database for reading. It changes nothing, the WAL included, and leaves no file beside a database
 * without a WAL.
 * @throws StorageFailure
 */
export function openReadOnly(path: string): Database {
  const file = resolvedFile(path)
  return guarded(() => {
    const db = new BunDatabase(file, {
      ...(isInOneFile(file) ? { readwrite: true } : { readonly: true }),
      strict: true,
    })
    for (const pragma of READING_PRAGMAS) db.run(pragma)
    return wrap(db, () => undefined)
  })
}

/** Returns a function that copies the database that `make` has set up: a copy takes a third of the time. */
export function copies(make: (db: Database) => void): () => Database {
  const inMemory = (db: BunDatabase) => {
    for (const pragma of pragmas()) db.run(pragma)
    return wrap(db, () => undefined)
  }
  const first = new BunDatabase(':memory:', { strict: true })
  make(inMemory(first))
  const image = first.serialize()
  return () => inMemory(BunDatabase.deserialize(image, { strict: true }))
}

function wrap(db: BunDatabase, assertInPlace: () => void): Database {
  // A closed database stays open until its last statement is finalised.
  const statements: { finalize(): void }[] = []
  return {
    exec: (sql) => guarded(() => void db.run(sql)),
    prepare: <Row>(sql: string): Statement<Row> => {
      // `query` tells SQLite that the statement is kept. `prepare` does not, and SQLite then gives it the memory that it keeps
      // for the short steps of all statements, which take longer without it.
      const statement = guarded(() => db.query<Row, SqlValue[]>(sql))
      statements.push(statement)
      // Written out, because every receipt passes here many times and a closure per call is noticeable.
      return {
        get(...values) {
          try {
            return statement.get(...values) ?? undefined
          } catch (error) {
            throw failure(error)
          }
        },
        all(...values) {
          try {
            return statement.all(...values)
          } catch (error) {
            throw failure(error)
          }
        },
        run(...values) {
          try {
            return statement.run(...values).changes
          } catch (error) {
            throw failure(error)
          }
        },
      }
    },
    get inTransaction() {
      return db.inTransaction
    },
    assertInPlace,
    close() {
      for (const statement of statements) statement.finalize()
      db.close()
    },
  }
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw failure(error)
  }
}

const failure = (error: unknown): unknown =>
  storageFailure(error, error instanceof SQLiteError ? error.errno : undefined)
