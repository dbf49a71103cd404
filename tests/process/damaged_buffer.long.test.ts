import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { eventually } from '../harness/eventually.ts'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { expectProblem } from '../harness/http.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { receipt } from '../harness/receipts.ts'
import { cannotOpen, onDisk } from './adapter_on_disk.ts'
import { complaintOf, type Disk } from './disks.ts'
import { refusedStart, soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)

const { newFolder } = soundFolders()
/** A folder of its own, on a disk that does not fail. */
function soundDisk(): Disk {
  const nothing = () => undefined
  return { folder: newFolder(), through: [], fail: nothing, heal: nothing, remove: nothing }
}

const DAMAGED =
  'The buffer is damaged (SQLITE_CORRUPT). It was left unchanged: copy the folder of BUFFER_DB_PATH away, try "sqlite3 FILE .recover" on the copy, or set BUFFER_DB_PATH to a file in another folder to go on without it.\n'

/** Overwrites all rows of receipts with garbage, and makes the adapter read them from the file. */
function damage(path: string): void {
  const db = openDatabase(path)
  const roots = db
    .prepare<{ rootpage: number }>(
      "SELECT rootpage FROM sqlite_schema WHERE tbl_name IN ('sales', 'states', 'documents') AND rootpage > 0",
    )
    .all()
  const pages = db.prepare<{ page_size: number }>('PRAGMA page_size').get()?.page_size ?? 0
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.exec('UPDATE totals SET delivered = delivered')
  db.close()
  const bytes = readFileSync(path)
  for (const { rootpage } of roots) bytes.fill(0xff, (rootpage - 1) * pages, rootpage * pages)
  writeFileSync(path, bytes)
}

describe('damage that is found while the adapter runs', () => {
  test.concurrent.each(['a till', 'an operator'] as const)(
    'by %s stops journaling, shows in health, and makes the next start fail',
    async (who) => {
      await onDisk(soundDisk(), {}, async ({ adapter, client, path, refused, unhealthyBy }) => {
        await client.print(receipt())
        await eventually('delivery', client.status, { withinMs: PATIENT_MS, until: ({ synced }) => synced === 1 })
        damage(path)
        if (who === 'a till') expect(await refused()).toBe('SQLITE_CORRUPT')
        else expect(expectProblem(await client.get('/v1/kkt/receipts'), 503).code).toBe('journal_unavailable')
        expect(await adapter.logged('journal_failed')).toMatchObject({ level: 'error', error_code: 'SQLITE_CORRUPT' })
        const files = () => [path, `${path}-wal`].map((file) => readFileSync(file))
        const found = files()
        for (let i = 0; i < 3; i++) {
          expect(await unhealthyBy()).toBe('SQLITE_CORRUPT')
          expect(await refused()).toBe('SQLITE_CORRUPT')
        }
        expect((await client.get('/v1/health')).status).toBe(503)
        // The lease is not renewed either.
        await adapter.logged('lease_turn_failed')
        expect(files()).toEqual(found)
        expect(adapter.child.exitCode).toBeNull()
        adapter.child.kill('SIGKILL')
        await adapter.ended
        expect(await refusedStart(path)).toEqual({ code: 1, said: DAMAGED })
        expect(files()).toEqual(found)
      })
    },
  )
})

describe('a buffer that is new', () => {
  test.concurrent('is logged, as a warning where the KKT has made documents for an older one', async () => {
    const disk = soundDisk()
    await onDisk(disk, {}, async ({ adapter, client, path, endedWell }) => {
      expect(await adapter.logged('buffer_created')).toMatchObject({ level: 'info', path, kkt_last_fd: 1 })
      await client.print(receipt())
      await endedWell()
    })
    const lose: ((path: string) => void)[] = [(path) => truncateSync(path), (path) => rmSync(path)]
    for (const [times, make] of lose.entries()) {
      make(join(disk.folder, 'buffer.db'))
      await onDisk(disk, {}, async ({ adapter, client, endedWell }) => {
        const lastFd = FIRST_FD + times
        expect(await adapter.logged('buffer_created')).toMatchObject({ level: 'warn', kkt_last_fd: lastFd })
        expect((await client.print(receipt())).fiscal_doc?.fiscal_doc_number).toBe(lastFd + 1)
        await endedWell()
      })
    }
  })

  test.concurrent('is not made where a WAL still holds an earlier one', async () => {
    const [disk, lost] = [soundDisk(), join(soundDisk().folder, 'buffer.db')]
    await onDisk(disk, {}, async ({ client, path }) => {
      await client.print(receipt())
      for (const end of ['', '-wal']) copyFileSync(path + end, lost + end)
    })
    truncateSync(lost)
    const wal = readFileSync(`${lost}-wal`)
    expect(await refusedStart(lost)).toEqual({
      code: 1,
      said: `The buffer is lost: ${lost} is empty or missing, and ${lost}-wal still holds ${wal.length} bytes of it. Both were left unchanged: copy the folder away, then put both files back from a backup, or move ${lost}-wal away to start without its receipts.\n`,
    })
    expect(readFileSync(`${lost}-wal`).equals(wal)).toBe(true)
  })
})

test.concurrent('the database of another program stops the start with one line, and is left unchanged', async () => {
  const path = join(soundDisk().folder, 'buffer.db')
  const db = openDatabase(path)
  // Its tables have our names, which does not make it our buffer.
  db.exec('PRAGMA journal_mode = DELETE; CREATE TABLE events (a); CREATE TABLE receipts (b)')
  db.close()
  const bytes = readFileSync(path)
  expect(await refusedStart(path)).toEqual({
    code: 1,
    said: `The buffer cannot be ${path}: that file is another program's database. It was left unchanged: set BUFFER_DB_PATH to a file in another folder.\n`,
  })
  expect(readFileSync(path).equals(bytes)).toBe(true)
  expect(readdirSync(dirname(path))).toEqual([basename(path)])
})

describe('a buffer that cannot be opened', () => {
  const HALF_CHANGED =
    ' If a -journal file is beside it, another program was killed while changing the file: open the file once with sqlite3, which undoes the change.'

  /** Drops root's privilege to read every file. */
  const AS_ANYBODY = process.getuid?.() === 0 ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search'] : []
  const noSetpriv = AS_ANYBODY.length > 0 && complaintOf('setpriv', '--version') !== null

  test.concurrent.skipIf(noSetpriv)('for lack of permission stops the start with one line', async () => {
    const path = join(soundDisk().folder, 'buffer.db')
    openDatabase(path).close()
    chmodSync(path, 0)
    expect(await refusedStart(path, {}, AS_ANYBODY)).toEqual({ code: 1, said: cannotOpen('SQLITE_CANTOPEN') })
    chmodSync(path, 0o444)
    chmodSync(dirname(path), 0o555)
    expect(await refusedStart(path, {}, AS_ANYBODY)).toEqual({
      code: 1,
      said: cannotOpen('SQLITE_READONLY', HALF_CHANGED),
    })
    chmodSync(dirname(path), 0o755)
  })
})
