/** Damage to a buffer's files from outside the adapter. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Done after a kill. `at` places the byte in the file: 0 is its beginning, 1 its end. */
export type Damage = { kind: 'wal_flipped'; at: number } | { kind: 'wal_lost' }

const FILES = ['buffer.db', 'buffer.db-wal']

/** @returns a function that puts the undamaged copy back, or null where there is nothing to damage */
export function damage(folder: string, what: Damage): (() => void) | null {
  const wal = join(folder, 'buffer.db-wal')
  const bytes = existsSync(wal) ? readFileSync(wal) : Buffer.alloc(0)
  if (bytes.length === 0) return null
  if (what.kind === 'wal_lost') {
    rmSync(wal)
  } else {
    const place = Math.floor(what.at * bytes.length)
    const flipped = Buffer.from(bytes)
    flipped[place] = (flipped[place] ?? 0) ^ 0xff
    writeFileSync(wal, flipped)
  }
  return () => writeFileSync(wal, bytes)
}

const awayFrom = (folder: string) => join(folder, 'away')

/** Moves the buffer's files away while a process has them open. */
export function moveAway(folder: string): void {
  mkdirSync(awayFrom(folder), { recursive: true })
  for (const name of FILES) renameSync(join(folder, name), join(awayFrom(folder), name))
}

/** Puts them back. @returns whether they were away */
export function moveBack(folder: string): boolean {
  const away = FILES.filter((name) => existsSync(join(awayFrom(folder), name)))
  for (const name of away) renameSync(join(awayFrom(folder), name), join(folder, name))
  return away.length > 0
}
