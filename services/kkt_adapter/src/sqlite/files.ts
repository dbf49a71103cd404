import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { statfs } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { OWN_FILE, OWN_FOLDER } from './file_modes.ts'
import { StorageFailure } from './storage_failure.ts'

/** Linux's limit: a longer chain of links counts as a loop. */
const MAX_LINKS = 40

/** SQLite's name for a database without a file. */
const IN_MEMORY = ':memory:'

/**
 * The file that a path leads to through symbolic links, whether or not it exists. SQLite keeps the WAL beside that
 * file, not beside the link.
 * @throws StorageFailure for a loop of links
 */
export function resolvedFile(path: string): string {
  if (path === IN_MEMORY) return path
  let file = resolve(path)
  for (let links = 0; links <= MAX_LINKS; links++) {
    const target = orNull(() => readlinkSync(file))
    if (target === null) return file
    const folder = dirname(file)
    file = resolve(orNull(() => realpathSync(folder)) ?? folder, target)
  }
  throw new StorageFailure('SQLITE_CANTOPEN', { cause: new Error(`${path} is a loop of links`) })
}

/**
 * Remembers the files that a database has open, to check later that they are still the files at its path.
 * @param path the configured one; call this right after opening the database
 * @returns a function that throws StorageFailure once a file was deleted, moved or replaced: commits still succeed
 * then, but nobody will ever read them
 */
export function watchFiles(path: string): () => void {
  if (path === IN_MEMORY) return () => undefined
  const wal = `${resolvedFile(path)}-wal`
  const opened = identityOf(path)
  // SQLite makes the WAL at the first use at the latest.
  let openedWal = identityOf(wal)
  return () => {
    openedWal ??= identityOf(wal)
    if (opened === null || identityOf(path) !== opened) throw displaced(path)
    if (openedWal === null || identityOf(wal) !== openedWal) throw displaced(wal)
  }
}

/** Null when there is no file. @throws StorageFailure when the system cannot tell now */
function identityOf(path: string): string | null {
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    return found ? `${found.dev} ${found.ino}` : null
  } catch (error) {
    throw new StorageFailure('SQLITE_IOERR', { cause: error })
  }
}

const displaced = (path: string) =>
  new StorageFailure('FILE_DISPLACED', {
    cause: new Error(`${join('…', basename(path))} is another file now, or none`),
  })

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

/**
 * The database file is empty beside a WAL that is not: the file was lost or cut off, and its last content is only in
 * the WAL. SQLite would take it for a new database and delete the WAL.
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
 * Makes the folder and the file of a database, and checks that SQLite may open it. Call it before SQLite does.
 * @throws StorageFailure, LostDatabase
 */
export function makeReady(path: string): void {
  if (path === IN_MEMORY) return
  const made = orCannotOpen(() => mkdirSync(dirname(path), { recursive: true, mode: OWN_FOLDER }))
  // The umask may have taken bits of the owner's away.
  if (made !== undefined) orNull(() => chmodSync(dirname(path), OWN_FOLDER))
  if (bytesOf(path) > 0) return
  const walBytes = bytesOf(`${path}-wal`)
  if (walBytes > 0) throw new LostDatabase(path, walBytes)
  // SQLite gives the files beside a database its mode. Where none can be made here, SQLite says why.
  orNull(() => {
    closeSync(openSync(path, 'wx', OWN_FILE))
    chmodSync(path, OWN_FILE)
  })
}

/**
 * The size of a database's committed content in bytes: 0 for a missing file, or for one whose first change was not
 * finished.
 * @throws StorageFailure
 */
export const committedBytes = (path: string): number => (wasEmptyBefore(`${path}-journal`) ? 0 : bytesOf(path))

/** A rollback journal's first bytes, and the place of the page count: https://sqlite.org/fileformat2.html */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex')
const PAGES_BEFORE = 16

/** Whether this is the rollback journal of an unfinished first change. */
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
    // There is no journal, or no longer. SQLite reports any other error.
    return false
  }
  return header.indexOf(JOURNAL_MAGIC) === 0 && header.readUInt32BE(PAGES_BEFORE) === 0
}

/**
 * Whether a database is complete in its one file. Then a writer that reads it has no WAL to move and nothing to roll
 * back, and it removes the `-wal` and `-shm` that reading makes. A read-only connection would leave those files.
 * @throws StorageFailure
 */
export const isInOneFile = (path: string): boolean =>
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

/** The bytes that may still be written beside a database's file. Null where the system does not tell. */
export async function freeBytes(path: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(dirname(resolvedFile(path)))
    return bavail * bsize
  } catch {
    return null
  }
}
