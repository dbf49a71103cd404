import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The SQLite that the journal and the mock KKT's memory are written against: what both runtimes' drivers give alike.
 * `#sqlite` names the driver of the runtime (package.json, "imports").
 */
export type SqlValue = string | number | null
export type Statement<Row> = {
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
  /** Runs a statement that returns no rows. @returns how many rows it changed itself, its triggers left out */
  run(...values: SqlValue[]): number
}
export type Database = {
  exec(sql: string): void
  prepare<Row = never>(sql: string): Statement<Row>
  readonly inTransaction: boolean
  /**
   * Says that the open files are still the files at the database's path.
   * @throws StorageFailure FILE_DISPLACED when one was deleted, moved or replaced
   */
  assertInPlace(): void
  close(): void
}

/**
 * Runs `work` in a transaction of its own, while nobody else writes: all of it is kept or, when it throws, nothing. Not to be
 * called inside of another. It fails, too, when the commit went into a file that is no longer at the database's path.
 * @throws StorageFailure, or what `work` throws
 */
export function exclusively<T>(db: Database, work: () => T): T {
  // What one before left open, whose ROLLBACK failed.
  rollBack(db)
  try {
    db.exec('BEGIN IMMEDIATE')
    const result = work()
    db.exec('COMMIT')
    db.assertInPlace()
    return result
  } catch (error) {
    try {
      rollBack(db)
    } catch {
      // The first failure is the one to tell.
    }
    throw error
  }
}

function rollBack(db: Database): void {
  if (db.inTransaction) db.exec('ROLLBACK')
}

/** The disk or the file failed, not the statement: full, read-only, I/O error, locked for too long, damaged, moved away. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
  constructor(
    /** SQLite's name for it, such as `SQLITE_FULL`, or ours for what SQLite does not see: `FILE_DISPLACED`, `JOURNAL_BEHIND_FN`. */
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(`The database cannot be used: ${code}`, options)
  }
}

/** Lasts until a restart: each further write would spread the damage, or be lost with the file. */
const DAMAGE = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'FILE_DISPLACED', 'JOURNAL_BEHIND_FN'])

export const isDamage = ({ code }: StorageFailure): boolean => DAMAGE.has(code)

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

/**
 * A database that is empty beside a WAL that is not: the file was lost or cut off, and what it held last is in the WAL
 * alone. SQLite would take it for a new one and delete the WAL.
 */
export class LostDatabase extends Error {
  override readonly name = 'LostDatabase'
  constructor(
    readonly path: string,
    readonly walBytes: number,
  ) {
    super(`${path} is empty or missing, and ${path}-wal holds ${walBytes} bytes`)
  }
}

/**
 * Makes the folder of a database, and sees that SQLite may open it. To be called before it does.
 * @throws StorageFailure, LostDatabase
 */
export function makeReady(path: string): void {
  orCannotOpen(() => mkdirSync(dirname(path), { recursive: true }))
  if (bytesOf(path) > 0) return
  const walBytes = bytesOf(`${path}-wal`)
  if (walBytes > 0) throw new LostDatabase(path, walBytes)
}

/**
 * How much was ever committed to it: 0 for what is no file, or was begun and not ended.
 * @throws StorageFailure
 */
export const committedBytes = (path: string): number => (wasEmptyBefore(`${path}-journal`) ? 0 : bytesOf(path))

/** How a rollback journal begins, and where it says how many pages there were: https://sqlite.org/fileformat2.html */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex')
const PAGES_BEFORE = 16

/** Whether this is the rollback journal of a first change, which was not ended. */
function wasEmptyBefore(journal: string): boolean {
  const header = Buffer.alloc(PAGES_BEFORE + 4)
  try {
    const file = openSync(journal, 'r')
    try {
      if (readSync(file, header) < header.length) return false
    } finally {
      closeSync(file)
    }
  } catch {
    // There is none, or none any more. What else is wrong with it SQLite will say.
    return false
  }
  return header.indexOf(JOURNAL_MAGIC) === 0 && header.readUInt32BE(PAGES_BEFORE) === 0
}

/**
 * Whether all of a database is in its one file. Who then reads it as a writer has no WAL to move, nothing to roll back,
 * and takes away the `-wal` and `-shm` that reading makes; a mere reader would leave them.
 * @throws StorageFailure
 */
export const isPutAway = (path: string): boolean =>
  bytesOf(path) > 0 && ['-wal', '-journal'].every((end) => !existsSync(path + end))

function bytesOf(path: string): number {
  const found = orCannotOpen(() => statSync(path, { throwIfNoEntry: false }))
  return found?.isFile() ? found.size : 0
}

function orCannotOpen<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new StorageFailure('SQLITE_CANTOPEN', { cause: error })
  }
}

/**
 * Half of SQLite's own: the steps of receipts change a little in each of many pages, and each is written whole. What has
 * another size keeps it.
 */
export const PAGE_BYTES = 2048
/** The WAL is moved into the database file, and begins anew, after about so much. */
const WAL_BYTES = 4 * 1024 * 1024

/**
 * The WAL stays below this. It begins anew after `WAL_BYTES` plus what one commit adds; what a reader that stayed for long
 * has made it grow to is cut back to this when it begins anew.
 */
export const WAL_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * A lock is waited for by blocking, so the wait is short: other writers hold it for milliseconds, and a program that keeps
 * it must not cost this process its lease.
 */
const BUSY_TIMEOUT = 'PRAGMA busy_timeout = 500'

/**
 * What undoes a savepoint. Above 64 KB SQLite would put it into a file, and two steps of receipts change more pages than
 * that. After a crash nobody needs it.
 */
const UNDO_IN_MEMORY = 'PRAGMA temp_store = MEMORY'

/** Durable by default: a commit returns after its fsync (WAL, synchronous=FULL). */
export const PRAGMAS = [
  BUSY_TIMEOUT,
  `PRAGMA page_size = ${PAGE_BYTES}`,
  'PRAGMA journal_mode = WAL',
  'PRAGMA synchronous = FULL',
  'PRAGMA foreign_keys = ON',
  `PRAGMA wal_autocheckpoint = ${WAL_BYTES / PAGE_BYTES}`,
  `PRAGMA journal_size_limit = ${WAL_LIMIT_BYTES}`,
  UNDO_IN_MEMORY,
]

/** For a connection that is to change nothing, however it was opened. */
export const READING_PRAGMAS = [BUSY_TIMEOUT, 'PRAGMA query_only = ON']
