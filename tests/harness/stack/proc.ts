/** Reads Linux' /proc, because tools like lsof and pgrep are not on every machine. */
import { readdirSync, readFileSync } from 'node:fs'

export const readOrEmpty = (path: string): string => orElse('', () => readFileSync(path, 'utf8'))
export const listOrEmpty = (path: string): string[] => orElse<string[]>([], () => readdirSync(path))

/** The ids of all processes. None where there is no /proc. */
export const processIds = (): string[] => listOrEmpty('/proc').filter((name) => /^\d+$/.test(name))

/** A process's command line. */
export const commandOf = (pid: string): string => readOrEmpty(`/proc/${pid}/cmdline`).split('\0').join(' ').trim()

/**
 * The columns of /proc/<pid>/stat from the third on, which is the state. The second, the process's name, may hold spaces and
 * brackets. None for a zombie.
 */
export function statColumns(stat: string): string[] {
  const columns = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return columns[0] === 'Z' ? [] : columns
}

/** A process may end while it is looked at, and other users' processes cannot be read. */
export function orElse<T>(fallback: T, read: () => T): T {
  try {
    return read()
  } catch {
    return fallback
  }
}
