import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PAGE_BYTES } from '@kkt/adapter/src/sqlite/pragmas.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { eventually } from '../harness/eventually.ts'
import { FIRST_FD } from '../harness/fiscal_doc.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'
import { receipt } from '../harness/receipts.ts'
import { cannotOpen, newSale, onDisk } from './adapter_on_disk.ts'
import {
  brokenDisk,
  type Disk,
  isSmallDiskShared,
  limitedDisk,
  limitFileSize,
  smallDisk,
  unavailable,
} from './disks.ts'
import { refusedStart, soundFolders } from './sound_folders.ts'

setDefaultTimeout(TEST_MS)
/** A frame of the WAL is a page and its header. */
const FRAME_BYTES = PAGE_BYTES + 24
/** Fewer than a receipt needs, which is 9, and more than the renewal of a lease, which is one. */
const FRAMES = 8

const { newFolder } = soundFolders()
const [noPrlimit, noSmallDisk, noStrace] = [unavailable.limited(), unavailable.small(), unavailable.broken()]

/** Kinds of disk, with SQLite's codes for their failures. */
const KINDS: { name: string; open: (folder: string) => Disk; unavailableFor: string | null; codes: string[] }[] = [
  {
    name: 'lets no file be written (EFBIG)',
    open: limitedDisk,
    unavailableFor: noPrlimit,
    codes: ['SQLITE_IOERR'],
  },
  { name: 'is full (ENOSPC)', open: smallDisk, unavailableFor: noSmallDisk, codes: ['SQLITE_FULL', 'SQLITE_IOERR'] },
  {
    name: 'became read-only (EROFS)',
    open: (folder) => brokenDisk(folder, 'pwrite64', 'EROFS'),
    unavailableFor: noStrace,
    codes: ['SQLITE_IOERR'],
  },
  {
    name: 'loses what it is to sync (EIO)',
    open: (folder) => brokenDisk(folder, 'fsync', 'EIO'),
    unavailableFor: noStrace,
    codes: ['SQLITE_IOERR'],
  },
]
for (const { name, unavailableFor } of KINDS)
  if (unavailableFor) process.stderr.write(`Not covered, because ${unavailableFor}: a disk that ${name}.\n`)

type OnDisk = Parameters<Parameters<typeof onDisk>[2]>[0]

/** A test for each kind of disk. */
function onEach(settings: Record<string, string>, body: (on: OnDisk, codes: string[]) => Promise<void>): void {
  for (const { name, open, unavailableFor, codes } of KINDS) {
    const run = () => onDisk(open(newFolder()), settings, (on) => body(on, codes))
    if (open === smallDisk && isSmallDiskShared) test.skipIf(unavailableFor !== null)(name, run)
    else test.concurrent.skipIf(unavailableFor !== null)(name, run)
  }
}

describe('invariant 1: no receipt is answered that is not journaled, and the adapter recovers by itself, on a disk that', () => {
  onEach({}, async (on, codes) => {
    const { client, healthy, refused, unhealthyBy, documents, fail, heal, nothingIsLeftOpen, endedWell } = on
    const before = [await client.print(receipt()), await client.print(receipt())]
    await healthy()

    fail()
    const sales = Array.from({ length: 8 }, newSale)
    const reasons = [await refused(sales[0]), ...(await Promise.all(sales.map(refused))), await refused(sales[0])]
    for (const reason of reasons) expect(codes).toContain(reason)
    for (let i = 0; i < 3; i++) expect(codes).toContain(await unhealthyBy())
    expect((await client.get('/v1/health')).status).toBe(503)
    // Earlier receipts can still be read, and there are no others.
    expect((await client.receipts({})).receipts.map(({ receipt_id }) => receipt_id)).toEqual(
      before.map(({ receipt_id }) => receipt_id).reverse(),
    )

    heal()
    await healthy()
    const after = await Promise.all(sales.map(({ body, key }) => client.print(body, key)))
    const ids = [...before, ...after].map(({ receipt_id }) => receipt_id)
    expect((await documents()).map(({ receipt_id }) => receipt_id).toSorted()).toEqual(ids.toSorted())
    await nothingIsLeftOpen()
    expect(await endedWell()).toBe(ids.length)
  })
})

describe('invariant 3: a document that could not be recorded is found at the KKT, not made again, on a disk that', () => {
  // Slow enough that the disk has failed before the paper is out.
  const slowly = { KKT_PRINT_DELAY_MIN: '1', KKT_PRINT_DELAY_MAX: '1' }

  onEach(slowly, async ({ adapter, client, healthy, documents, fail, heal, endedWell }) => {
    const { body, key } = newSale()
    const answered = client.take(body, key)
    const [made] = await eventually('a document', documents, {
      withinMs: PATIENT_MS,
      until: ({ length }) => length > 0,
    })
    fail()
    await adapter.logged('fiscalize_failed')
    heal()
    const { receipt_id } = await answered
    expect(made).toMatchObject({ receipt_id, fiscal_doc_number: FIRST_FD })
    expect(await adapter.logged('receipt_looked_up')).toMatchObject({ receipt_id, at: 'kkt', outcome: 'found' })
    // The KKT's own memory is on the same disk, and may have lost that the paper came out.
    const sentAgain = () => client.take(body, key)
    await eventually('paper', sentAgain, { withinMs: PATIENT_MS, until: ({ status }) => status === 'printed' })
    expect(await documents()).toMatchObject([{ receipt_id, on_paper: true }])
    await healthy()
    expect(await endedWell()).toBe(1)
  })
})

describe('a disk with room for less than one receipt', () => {
  test.skipIf(noPrlimit !== null)('keeps health unhealthy, though the lease can be renewed', async () => {
    const disk = limitedDisk(newFolder())
    await onDisk(disk, {}, async ({ client, path, pid, healthy, refused, unhealthyBy, heal, endedWell }) => {
      await client.print(receipt())
      await eventually('delivery', client.status, { withinMs: PATIENT_MS, until: ({ synced }) => synced === 1 })
      limitFileSize(pid, statSync(`${path}-wal`).size + FRAMES * FRAME_BYTES)
      const sale = newSale()
      await refused(sale)
      const db = openDatabase(path)
      const beat = () => db.prepare<{ beat: number }>('SELECT beat FROM leases').get()?.beat ?? 0
      const seen = beat()
      await eventually('two renewals', beat, { withinMs: PATIENT_MS, until: (now) => now >= seen + 2 })
      db.close()
      expect(await unhealthyBy()).toBe('SQLITE_IOERR')
      await refused(sale)
      heal()
      await healthy()
      await client.print(sale.body, sale.key)
      expect(await endedWell()).toBe(2)
    })
  })
})

describe("a full disk under only the KKT's memory", () => {
  test.skipIf(noSmallDisk !== null)(
    'leaves outcomes unclear until there is room, and then all is printed',
    async () => {
      const [disk, folder] = [smallDisk(newFolder()), newFolder()]
      symlinkSync(join(disk.folder, 'kkt.db'), join(folder, 'kkt.db'))
      const settings = { KKT_PRINT_TIMEOUT: '0.3' }
      await onDisk(
        { ...disk, folder },
        settings,
        async ({ client, health, healthy, documents, fail, heal, endedWell }) => {
          const { receipt_id } = await client.print(receipt())
          fail()
          const buffered = await Promise.all([client.take(receipt()), client.take(receipt())])
          expect(buffered.map(({ status }) => status)).toEqual(['buffered', 'buffered'])
          expect((await health()).components.database.status).toBe('healthy')
          expect(await documents()).toMatchObject([{ receipt_id }])
          heal()
          const printed = () => Promise.all(buffered.map((one) => client.receipt(one.receipt_id)))
          await eventually('both to be printed', printed, {
            withinMs: PATIENT_MS,
            until: (all) => all.every(({ fiscal_doc }) => fiscal_doc !== null),
          })
          expect(await documents()).toHaveLength(3)
          await healthy()
          expect(await endedWell()).toBe(3)
        },
      )
    },
  )
})

describe('a full disk under a buffer that does not exist yet', () => {
  test.skipIf(noSmallDisk !== null)('stops the start with one line, and allows it when there is room', async () => {
    const disk = smallDisk(newFolder())
    try {
      disk.fail(0)
      const { code, said } = await refusedStart(join(disk.folder, 'buffer.db'))
      // The KKT is opened first, because the buffer is compared with it before it is touched.
      const line = cannotOpen('SQLITE_FULL').replace('The buffer', "The mock KKT's memory")
      expect({ code, said }).toEqual({ code: 1, said: line })
      disk.heal(0)
      await onDisk(disk, {}, async ({ client, endedWell }) => {
        await client.print(receipt())
        expect(await endedWell()).toBe(1)
      })
    } finally {
      disk.remove()
    }
  })
})
