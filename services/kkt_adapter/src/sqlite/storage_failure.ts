/** The disk or file failed, not the statement: full, read-only, I/O error, locked too long, damaged or moved. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure'
  constructor(
    /** SQLite's name of the error, as `SQLITE_FULL`, or our own: `FILE_DISPLACED`, `JOURNAL_BEHIND_FN`. */
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(`The database cannot be used: ${code}`, options)
  }
}

/** These last until a restart: each further write would spread the damage, or be lost with the file. */
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
 * Turns SQLite's error about a failing disk into a `StorageFailure`, and leaves any other error as it is.
 * @param resultCode SQLite's, primary or extended, if the driver's error has one
 */
export function storageFailure(error: unknown, resultCode: unknown): unknown {
  // An extended code keeps its primary one in the lowest byte.
  const code = typeof resultCode === 'number' ? STORAGE_CODES.get(resultCode & 0xff) : undefined
  return code === undefined ? error : new StorageFailure(code, { cause: error })
}

/** The result of reading a database, or null when it cannot be read. */
export function readable<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof StorageFailure) return null
    throw error
  }
}
