/** What befalls the files of a buffer, beside the process that uses them. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Done after a kill. `at`: which byte, as a share of the file from 0 to below 1. */
export type Damage = { kind: 'wal_flipped'; at: number } | { kind: 'wal_lost' }

const FILES = ['buffer.db', 'buffer.db-wal']

/** @returns what puts a copy from before the damage back; null where there is nothing to damage */
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

/** As an operator does who is told. @returns whether they were away */
export function moveBack(folder: string): boolean {
  const away = FILES.filter((name) => existsSync(join(awayFrom(folder), name)))
  for (const name of away) renameSync(join(awayFrom(folder), name), join(folder, name))
  return away.length > 0
}
