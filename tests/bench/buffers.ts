import { closeSync, copyFileSync, existsSync, fsyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { step } from '../harness/stack/output.ts'
import { type Fill, fill } from './fill.ts'

const CACHE = 'PRAGMA cache_size = -500000'

/** Makes a buffer that holds so many receipts. */
export function makeBuffer(path: string, wanted: Fill): void {
  const db = openDatabase(path)
  // Nobody else has the file yet, and a file that fails is made again.
  for (const pragma of ['PRAGMA journal_mode = OFF', 'PRAGMA synchronous = OFF', CACHE]) db.exec(pragma)
  const journal = createJournal(db, { clock: systemClock, maxUndelivered: 1 })
  fill(db, wanted, systemClock.wallMs())
  db.exec('PRAGMA journal_mode = WAL')
  journal.close()
  writeOut(path)
}

/** Data that the system still has to write would delay the commits that are measured. */
function writeOut(path: string): void {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

/**
 * Buffers by what they hold, each made once a run.
 * @param make makes one at this path
 * @param newFolder where copies go
 */
export function createBuffers(
  folder: string,
  { make, newFolder }: { make: (path: string, wanted: Fill) => Promise<void>; newFolder: () => string },
) {
  async function original(wanted: Fill): Promise<string> {
    const path = join(folder, `${wanted.synced}-${wanted.pending}.db`)
    const count = (wanted.synced + wanted.pending).toLocaleString('en').replaceAll(',', ' ')
    if (!existsSync(path)) await step(`Making a buffer of ${count} receipts`, () => make(path, wanted))
    return path
  }

  return {
    /** One to write into, in a folder of its own. */
    async copy(wanted: Fill): Promise<string> {
      const from = await original(wanted)
      const path = join(newFolder(), 'buffer.db')
      copyFileSync(from, path)
      writeOut(path)
      return path
    },
  }
}
