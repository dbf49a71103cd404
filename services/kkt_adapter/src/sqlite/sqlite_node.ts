import { DatabaseSync } from 'node:sqlite'
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
    const db = new DatabaseSync(file)
    for (const pragma of pragmas(pageBytes)) db.exec(pragma)
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
    const db = new DatabaseSync(file, { readOnly: !isInOneFile(file) })
    for (const pragma of READING_PRAGMAS) db.exec(pragma)
    return wrap(db, () => undefined)
  })
}

function wrap(db: DatabaseSync, assertInPlace: () => void): Database {
  return {
    exec: (sql) => guarded(() => db.exec(sql)),
    prepare: <Row>(sql: string): Statement<Row> => {
      const statement = guarded(() => db.prepare(sql))
      // Without this, a number too long for JavaScript is an error, after the statement has done its work.
      statement.setReadBigInts(true)
      // The author of the SQL declares the type of its rows.
      return {
        get: (...values) => guarded(() => rounded(statement.get(...values.map(bound))) as Row | undefined),
        all: (...values) => guarded(() => statement.all(...values.map(bound)).map(rounded) as Row[]),
        run: (...values) => guarded(() => Number(statement.run(...values.map(bound)).changes)),
      }
    },
    get inTransaction() {
      return db.isTransaction
    },
    assertInPlace,
    close: () => db.close(),
  }
}

/** A number is bound as REAL, a bigint as INTEGER. */
const bound = (value: SqlValue) => (typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value)

/** The row in the form of `bun:sqlite`: only numbers, the longest ones rounded. */
function rounded<Row extends object | undefined>(row: Row): Row {
  for (const [name, value] of Object.entries(row ?? {})) {
    if (row && typeof value === 'bigint') Reflect.set(row, name, Number(value))
  }
  return row
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storageFailure(error, resultCode(error))
  }
}

/** Deno's errors have a result code only for statements. Those of opening, preparing and `exec` have a text. */
function resultCode(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined
  if ('errcode' in error) return error.errcode
  return STORAGE_TEXTS.find(([text]) => error.message.startsWith(text))?.[1]
}

/** The texts of the codes that `storageFailure` knows: sqlite3_errstr's, and two of sqlite3_errmsg. */
const STORAGE_TEXTS: [string, number][] = [
  ['access permission denied', 3],
  ['database is locked', 5],
  ['database table is locked', 6],
  ['database schema is locked', 6],
  ['out of memory', 7],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['malformed database schema', 11],
  ['database or disk is full', 13],
  ['unable to open database', 14],
  ['file is not a database', 26],
]
