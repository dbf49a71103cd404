import { closeSync, existsSync, mkdirSync, openSync, readlinkSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { StorageFailure } from './storage_failure.ts'

/** As Linux has it: a longer chain of links is taken for a loop. */
const MAX_LINKS = 40

/** SQLite's name for a database without a file. */
const IN_MEMORY = ':memory:'

/**
 * The file that a path leads to through symbolic links, whether or not it exists. SQLite keeps the WAL beside that file, and
 * not beside the link.
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
 * Remembers which files a database has open, to tell later whether they are still the files at its path.
 * @param path as it was configured; to be called when the database has just been opened
 * @returns throws StorageFailure once a file was deleted, moved or replaced. Commits still succeed then, and nobody will
 *   ever read them again.
 */
export function watchFiles(path: string): () => void {
  if (path === IN_MEMORY) return () => undefined
  const wal = `${resolvedFile(path)}-wal`
  const opened = identityOf(path)
  // SQLite makes the WAL at the first use, at the latest.
  let openedWal = identityOf(wal)
  return () => {
    openedWal ??= identityOf(wal)
    if (opened === null || identityOf(path) !== opened) throw displaced(path)
    if (openedWal === null || identityOf(wal) !== openedWal) throw displaced(wal)
  }
}

/** Null where nothing is. @throws StorageFailure when the system cannot tell now */
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
