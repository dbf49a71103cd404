import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The SQLite that the journal and the mock KKT's memory are written against: what both runtimes' drivers give alike.
 * `#sqlite` names the driver of the runtime (package.json, "imports").
 */
export type SqlValue = string | number | null
export type Statement<Row> = {
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Runs a statement that returns no rows. */
  run(...values: SqlValue[]): void
}
export type Database = {
  exec(sql: string): void
  prepare<Row = never>(sql: string): Statement<Row>
  readonly inTransaction: boolean
  close(): void
}

/** The disk or the file failed, not the statement: full, read-only, I/O error, locked for too long, damaged. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
  constructor(
    /** SQLite's name for it, such as `SQLITE_FULL`. */
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(`The database cannot be used: ${code}`, options)
  }
}

/** SQLite's primary result codes for a failing disk or file: https://sqlite.org/rescode.html */
const STORAGE_CODES = new Map([
  [3, 'SQLITE_PERM'],
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [7, 'SQLITE_NOMEM'],
  [8, 'SQLITE_READONLY'],
  [10, 'SQLITE_IOERR'],
  [11, 'SQLITE_CORRUPT'],
  [13, 'SQLITE_FULL'],
  [14, 'SQLITE_CANTOPEN'],
  [26, 'SQLITE_NOTADB'],
])

/**
 * Turns SQLite's word for a failing disk into a `StorageFailure`, and leaves any other error as it is.
 * @param resultCode SQLite's, primary or extended, where the driver's error has one
 */
export function storageFailure(error: unknown, resultCode: unknown): unknown {
  // An extended code keeps its primary one in the lowest byte.
  const code = typeof resultCode === 'number' ? STORAGE_CODES.get(resultCode & 0xff) : undefined
  return code === undefined ? error : new StorageFailure(code, { cause: error })
}

/** @throws StorageFailure */
export function makeFolderOf(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
  } catch (error) {
    throw new StorageFailure('SQLITE_CANTOPEN', { cause: error })
  }
}

/**
 * Durable by default: a commit returns after its fsync (WAL, synchronous=FULL).
 * The write lock is waited for by blocking, so the wait is short: other writers hold it for milliseconds, and a program
 * that keeps it must not cost this process its lease.
 */
export const PRAGMAS = [
  'PRAGMA busy_timeout = 500',
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  // A WAL that a burst has grown is cut back to this at the next checkpoint.
  'PRAGMA journal_size_limit = 16777216',
]
