import { chmodSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { getuid } from 'node:process'

/** The buffer says what was sold. Only the user of the adapter reads it. */
export const OWN_FILE = 0o600
export const OWN_FOLDER = 0o700

/** The bits of other users, and those by which they may delete or replace a folder's files. */
const OTHERS = 0o077
const OTHERS_WRITE = 0o022
/** Such a folder, as /tmp is, is for all users, and nobody deletes another user's files there. */
const STICKY = 0o1000

/** `tightened`: closed to other users just now. `left`: still open to them, because it is not the adapter's to close. */
export type FileModes = { tightened: string[]; left: string[] }

/**
 * Closes the files of databases to other users, and their folders where those hold nothing else and are not shared.
 * @param paths the databases' own files, behind any symbolic link
 */
export function closeToOthers(paths: readonly string[]): FileModes {
  const modes: FileModes = { tightened: [], left: [] }
  for (const file of paths.flatMap((path) => ['', '-wal', '-shm', '-journal'].map((end) => path + end))) {
    tighten(file, OWN_FILE, modes)
  }
  for (const folder of new Set(paths.map(dirname))) {
    const mode = statOrNull(folder)?.mode ?? 0
    if ((mode & STICKY) !== 0) continue
    if (holdsOnly(folder, paths)) tighten(folder, OWN_FOLDER, modes)
    else if ((mode & OTHERS_WRITE) !== 0) modes.left.push(folder)
  }
  return modes
}

function tighten(path: string, wanted: number, modes: FileModes): void {
  const found = statOrNull(path)
  if (found === null) return
  const isOthers = found.uid !== ownUser(found.uid)
  if (!isOthers && (found.mode & OTHERS) === 0) return
  if (isOthers || !isDone(() => chmodSync(path, wanted))) modes.left.push(path)
  else modes.tightened.push(path)
}

/** @param otherwise where the system does not tell: Windows has no users' numbers, and Deno may keep them back */
function ownUser(otherwise: number): number {
  try {
    return getuid?.() ?? otherwise
  } catch {
    return otherwise
  }
}

function holdsOnly(folder: string, paths: readonly string[]): boolean {
  const own = paths.map((path) => basename(path))
  try {
    return readdirSync(folder).every((name) => own.some((one) => name.startsWith(one)))
  } catch {
    return false
  }
}

function statOrNull(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

function isDone(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
