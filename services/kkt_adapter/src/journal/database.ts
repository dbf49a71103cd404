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

const STORAGE_CODES = ['FULL', 'IOERR', 'READONLY', 'BUSY', 'LOCKED', 'CANTOPEN', 'CORRUPT', 'NOTADB', 'PERM', 'NOMEM']

/** Turns SQLite's word for a failing disk into a `StorageFailure`, and leaves any other error as it is. */
export function storageFailure(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return STORAGE_CODES.some((name) => code.startsWith(`SQLITE_${name}`))
    ? new StorageFailure(code, { cause: error })
    : error
}

/**
 * Durable by default: a commit returns after its fsync (WAL, synchronous=FULL).
 * The write lock is waited for by blocking, so the wait is short: other writers hold it for milliseconds.
 */
export const PRAGMAS = [
  'PRAGMA busy_timeout = 2000',
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  // A WAL that a burst has grown is cut back to this at the next checkpoint.
  'PRAGMA journal_size_limit = 16777216',
]
