/** An adapter whose buffer is on a disk that fails on demand. */
import { expect } from 'bun:test'
import { join } from 'node:path'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { bookFaults } from '../harness/books.ts'
import { eventually } from '../harness/eventually.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import { PATIENT_MS } from '../harness/patience.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { adapterHealth } from '../harness/wire.ts'
import type { Disk } from './disks.ts'
import { openAdapter } from './sound_folders.ts'

export const newSale = () => ({ body: receipt(), key: newKey() })

export const cannotOpen = (code: string, more = '') =>
  `The buffer cannot be opened (${code}): check that BUFFER_DB_PATH is a file that this user may read and write, in a folder that is writable and has room.${more}\n`

/** Runs a test with an adapter on a disk, and removes both. */
export async function onDisk(
  disk: Disk,
  settings: Record<string, string>,
  test: (adapter: Awaited<ReturnType<typeof startOn>>) => Promise<void>,
): Promise<void> {
  try {
    const on = await startOn(disk, settings)
    try {
      await test(on)
    } finally {
      await on.kill()
    }
  } finally {
    disk.remove()
  }
}

async function startOn(disk: Disk, settings: Record<string, string>) {
  const path = join(disk.folder, 'buffer.db')
  // A short time-out, because a cut-off OFD gets as long to finish.
  const opened = await openAdapter({ BUFFER_DB_PATH: path, OFD_TIMEOUT: '0.2', ...settings }, disk.through)
  const { adapter, client } = opened
  const pid = adapter.child.pid ?? 0
  const health = async () => {
    const answer = await client.get('/v1/health')
    return expectBody(answer, answer.status, adapterHealth)
  }
  return {
    ...opened,
    path,
    pid,
    health,
    fail: () => disk.fail(pid),
    heal: () => disk.heal(pid),
    /** Posts a receipt that cannot be journaled. @returns SQLite's code for the reason */
    async refused({ body, key } = newSale()): Promise<string> {
      const answer = await client.postReceipt(body, key)
      const { code, detail } = expectProblem(answer, 503)
      expect(code).toBe('journal_unavailable')
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
      return /\((SQLITE_\w+)\)/.exec(detail)?.[1] ?? detail
    },
    /** @returns the cause that health names */
    async unhealthyBy(): Promise<string> {
      const { status, components } = await health()
      expect({ status, database: components.database.status }).toEqual({ status: 'unhealthy', database: 'unhealthy' })
      return String(components.database['error'])
    },
    healthy: () =>
      eventually('health to be well', health, {
        withinMs: PATIENT_MS,
        until: ({ status }) => status === 'healthy',
      }),
    /** A statement left unfinished by a failure would keep the WAL from being checkpointed. */
    async nothingIsLeftOpen(): Promise<void> {
      const db = openDatabase(path)
      const checkpoint = db.prepare<{ busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')
      const busy = () => checkpoint.get()?.busy
      await eventually('a checkpoint of all', busy, { withinMs: PATIENT_MS, until: (found) => found === 0 })
      db.close()
    },
    /** Ends the adapter and checks the buffer. @returns the number of receipts that were ever journaled */
    async endedWell(): Promise<number | undefined> {
      adapter.child.kill('SIGTERM')
      expect({ ended: await adapter.ended, errors: await adapter.errors }).toEqual({ ended: 0, errors: '' })
      const db = openDatabase(path)
      const all = (sql: string) => db.prepare<Record<string, unknown>>(sql).all()
      expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
      expect(bookFaults(db)).toEqual([])
      const [accepted] = all(
        "SELECT count(*) AS n FROM receipt_events WHERE to_state = 'accepted' AND from_state IS NULL",
      )
      db.close()
      return Number(accepted?.['n'])
    },
  }
}
