import { readlinkSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { StorageFailure } from './database.ts'

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
