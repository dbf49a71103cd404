import { describe, expect, test } from 'bun:test'
import type { DlqReason, ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { accepted, content, fiscalDoc, journalAndDb, pending, statusOf } from '../testing/kit.ts'
import { lastReceiptId } from '../testing/totals.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import type { Journal } from './journal.ts'

const ids = (receipts: { id: ReceiptId }[]) => receipts.map(({ id }) => id)

test('an empty journal has nothing of anything', () => {
  const { db, journal } = journalAndDb()
  const { queries, totals } = journal
  expect(queries.find('01900000-0000-7000-8000-000000000000' as ReceiptId)).toBeNull()
  expect([queries.nextAccepted(1), queries.nextUncertain(), queries.nextToDeliver('POS-001')]).toEqual([[], null, null])
  expect(queries.posIdsToDeliver()).toEqual([])
  expect(Object.values(queries.counts())).toEqual(STATUSES.map(() => 0))
  expect([totals.lastSyncAtMs(), queries.oldestUndeliveredPrintedAtMs()]).toEqual([null, null])
  expect([lastReceiptId(db), queries.lastPlaceToDeliver()]).toEqual(['', 0])
  expect(queries.list({ status: null, posId: null }, null, 10)).toEqual({ items: [], nextCursor: null })
  expect(queries.deadLetters({ posId: null, reason: null }, null, 10)).toEqual({ items: [], nextCursor: null })
})

describe('what to print next', () => {
  test('is the oldest accepted receipt', async () => {
    const { journal, reach } = setUp()
    for (const status of STATUSES) if (status !== 'accepted') await reach(status)
    expect(journal.queries.nextAccepted(1)).toEqual([])
    const first = await reach('accepted')
    await reach('accepted')
    expect(journal.queries.nextAccepted(1)[0]?.id).toBe(first)
  })

  test('invariant 5: what nobody knows about comes before, in the order of acceptance, whatever its state', async () => {
    const { journal, reach } = setUp()
    for (const status of STATUSES) if (status !== 'printing' && status !== 'unknown') await reach(status)
    expect(journal.queries.nextUncertain()).toBeNull()
    const ids = [await reach('unknown'), await reach('printing'), await reach('unknown'), await reach('printing')]
    for (const id of ids) {
      expect(journal.queries.nextUncertain()?.id).toBe(id)
      await journal.write((tx) => {
        if (statusOf(journal, id) === 'printing') tx.recordUnknown(id, 'looked up')
        tx.recordFound(id, nextDoc(), 'printed')
      })
    }
    expect(journal.queries.nextUncertain()).toBeNull()
  })
})

describe('what to deliver next', () => {
  test('invariant 5: a till’s lowest document, whatever the order of acceptance', async () => {
    const { journal, reach } = setUp()
    const later = await pending(journal, 'POS-B', 9_000_002)
    const sooner = await pending(journal, 'POS-B', 9_000_001)
    await pending(journal, 'POS-A', 9_000_000)
    for (const status of STATUSES) if (status !== 'pending') await reach(status, 'POS-C')
    const { queries } = journal
    expect(queries.posIdsToDeliver()).toEqual(['POS-A', 'POS-B'])
    expect(queries.nextToDeliver('POS-B')).toMatchObject({ id: sooner, fiscalDoc: fiscalDoc(9_000_001) })
    await journal.write((tx) => tx.markSyncing(sooner))
    expect(queries.nextToDeliver('POS-B')?.id).toBe(later)
    expect(queries.nextToDeliver('POS-C')).toBeNull()
    expect(queries.lastPlaceToDeliver()).toBe(queries.nextToDeliver('POS-B')?.place ?? 0)
  })

  test('the last document to be delivered may be one that is being sent', async () => {
    const { journal } = setUp()
    const { lastPlaceToDeliver, nextToDeliver } = journal.queries
    const id = await pending(journal, 'POS-A', 9_000_004)
    const last = nextToDeliver('POS-A')?.place ?? 0
    await pending(journal, 'POS-A', 9_000_003)
    await journal.write((tx) => tx.markSyncing(id))
    expect([lastPlaceToDeliver(), last - (nextToDeliver('POS-A')?.place ?? 0)]).toEqual([last, 1])
    await journal.write((tx) => tx.recordSynced(id, 'OFD-1'))
    expect(lastPlaceToDeliver()).toBe(last - 1)
  })

  test('invariant 5: the rest of an FN that was replaced comes before the first documents of the new one', async () => {
    const { journal, reach } = setUp()
    const print = async (fnNumber: string, fdNumber: number) => {
      const id = await reach('printing', 'POS-A')
      await journal.write((tx) => tx.recordPrinted(id, { ...fiscalDoc(fdNumber), fnNumber }, 'printed'))
      return id
    }
    const inOrder = [await print('9999000000000002', 700), await print('9999000000000002', 701)]
    const last = () => journal.queries.lastPlaceToDeliver()
    const lastOfOld = last()
    inOrder.push(await print('9999000000000001', 1), await print('9999000000000001', 2))
    expect(last()).toBeGreaterThan(lastOfOld)
    for (const id of inOrder) {
      expect(journal.queries.nextToDeliver('POS-A')?.id).toBe(id)
      await journal.write((tx) => tx.markSyncing(id))
    }
  })

  test('the oldest undelivered one is pending or being sent', async () => {
    const { journal, clock } = setUp()
    const printedAtMs: number[] = []
    const all: ReceiptId[] = []
    for (let i = 0; i < 3; i++) {
      clock.setWallBy(1000)
      printedAtMs.push(clock.wallMs())
      all.push(await pending(journal))
    }
    const oldest = () => journal.queries.oldestUndeliveredPrintedAtMs()
    for (const [i, id] of all.entries()) {
      expect(oldest()).toBe(printedAtMs[i] ?? 0)
      await journal.write((tx) => tx.markSyncing(id))
      expect(oldest()).toBe(printedAtMs[i] ?? 0)
      await journal.write((tx) => tx.recordSynced(id, 'OFD-1'))
    }
    expect(oldest()).toBeNull()
  })
})

test('each state is counted by itself', async () => {
  const { journal, reach } = setUp()
  for (const [i, status] of STATUSES.entries()) for (let n = 0; n <= i; n++) await reach(status)
  expect(Object.values(journal.queries.counts()).sort()).toEqual(STATUSES.map((_, i) => i + 1))
  expect(journal.queries.counts()).toMatchObject(Object.fromEntries(STATUSES.map((status, i) => [status, i + 1])))
})

describe('listing', () => {
  async function filled() {
    const { journal, reach } = setUp()
    const all: { id: ReceiptId; status: string; posId: string }[] = []
    for (const posId of ['POS-A', 'POS-B', 'POS-A']) {
      for (const status of STATUSES) all.unshift({ id: await reach(status, posId), status, posId })
    }
    return { journal, all }
  }

  function walk(journal: Journal, filter: Parameters<Journal['queries']['list']>[0], limit: number) {
    const seen: ReceiptId[] = []
    let cursor: string | null = null
    do {
      const page: ReturnType<Journal['queries']['list']> = journal.queries.list(filter, cursor, limit)
      seen.push(...ids(page.items))
      cursor = page.nextCursor
    } while (cursor !== null)
    return seen
  }

  test('by any state, any till and both, page by page and newest first, gives each once', async () => {
    const { journal, all } = await filled()
    for (const status of [null, ...STATUSES]) {
      for (const posId of [null, 'POS-A', 'POS-B', 'POS-C']) {
        const fitting = all.filter((one) => (status ?? one.status) === one.status && (posId ?? one.posId) === one.posId)
        for (const limit of [1, 2, 100]) expect(walk(journal, { status, posId }, limit)).toEqual(ids(fitting))
      }
    }
  })

  test('of several tills together gives theirs in the order of acceptance, each once, and no other', async () => {
    const { journal, all } = await filled()
    const tills = ['POS-B', 'POS-A']
    await accepted(journal, 'POS-D')
    for (const status of [null, 'pending', 'synced'] as const) {
      const fitting = all.filter((one) => (status ?? one.status) === one.status)
      for (const limit of [1, 2, 100]) {
        const seen: ReceiptId[] = []
        let cursor: string | null = null
        do {
          const page: ReturnType<Journal['queries']['list']> = journal.queries.listOf(tills, { status }, cursor, limit)
          seen.push(...ids(page.items))
          cursor = page.nextCursor
        } while (cursor !== null)
        expect(seen).toEqual(ids(fitting))
      }
    }
    expect(journal.queries.listOf([], { status: null }, null, 10)).toEqual({ items: [], nextCursor: null })
  })

  test('goes on behind a receipt that is gone by now', async () => {
    const { journal, clock, reach } = setUp()
    const failed = await reach('failed')
    const gone = await reach('synced')
    clock.setWallBy(1)
    const kept = await reach('synced')
    const page = (cursor: string | null) => journal.queries.list({ status: null, posId: null }, cursor, 2)
    const { items, nextCursor } = page(null)
    expect(ids(items)).toEqual([kept, gone])
    await journal.write((tx) => tx.prune(clock.wallMs(), 100))
    expect(journal.queries.find(gone)).toBeNull()
    expect(ids(page(nextCursor).items)).toEqual([failed])
  })

  test('keeps its order when the file was vacuumed', async () => {
    const { db, journal, reach, clock } = setUp()
    const all: ReceiptId[] = []
    for (let i = 0; i < 6; i++) {
      if (i === 3) clock.setWallBy(1)
      all.push(await reach('synced'))
    }
    // The first receipts are removed: without kept rowids, rows would move up.
    await journal.write((tx) => tx.prune(clock.wallMs(), 2))
    db.exec('VACUUM')
    all.push(await reach('synced'))
    for (const posId of [null, 'POS-001']) {
      for (const status of [null, 'synced'] as const) {
        expect(walk(journal, { status, posId }, 2)).toEqual(all.slice(2).reverse())
      }
    }
  })

  test('has what came back from the KKT, under ids that are older than others: receipts, and dead letters', async () => {
    const { journal, reach } = setUp()
    const before = await reach('failed')
    const lost = [1, 2, 3].map((n) => `01900000-0000-7000-8000-00000000000${n}` as ReceiptId)
    for (const id of lost) {
      await journal.write((tx) => {
        tx.bringBack({ id, doc: nextDoc(), paper: 'printed', content: content() })
        tx.markSyncing(id)
        tx.deadLetter(id, 'refused_by_ofd', 'an error', false)
      })
    }
    const all = [before, ...lost].toReversed()
    for (const limit of [1, 2, 3, 100]) {
      for (const status of [null, 'failed'] as const) {
        expect(walk(journal, { status, posId: null }, limit)).toEqual(all)
      }
    }
    const deadLetters = (cursor: string | null) => journal.queries.deadLetters({ posId: null, reason: null }, cursor, 2)
    expect(ids(deadLetters(null).items)).toEqual(all.slice(0, 2))
    expect(ids(deadLetters(all[1] ?? '').items)).toEqual(all.slice(2))
  })

  test('a last page that is full has no next', async () => {
    const { journal, all } = await filled()
    const cursorAt = (limit: number) => journal.queries.list({ status: null, posId: null }, null, limit).nextCursor
    expect(cursorAt(all.length)).toBeNull()
    expect(cursorAt(all.length - 1)).toBe(all.at(-2)?.id ?? '')
  })
})

describe('dead letters', () => {
  test('by till, by reason and both; paged newest first, or all oldest first', async () => {
    const { journal, reach } = setUp()
    const all: { id: ReceiptId; posId: string; reason: DlqReason }[] = []
    await reach('synced')
    for (const posId of ['POS-A', 'POS-B']) {
      for (const reason of ['refused_by_ofd', 'retries_exhausted'] as const) {
        const id = await reach('syncing', posId)
        await journal.write((tx) => tx.deadLetter(id, reason, 'an error', false))
        all.push({ id, posId, reason })
      }
    }
    for (const posId of [null, 'POS-A', 'POS-C']) {
      for (const reason of [null, 'refused_by_ofd', 'retries_exhausted'] as const) {
        const fitting = ids(
          all.filter((one) => (posId ?? one.posId) === one.posId && (reason ?? one.reason) === one.reason),
        )
        expect(journal.queries.deadLetterIds({ posId, reason })).toEqual(fitting)
        expect(ids(journal.queries.deadLetters({ posId, reason }, null, 100).items)).toEqual(fitting.toReversed())
      }
    }
    const { items, nextCursor } = journal.queries.deadLetters({ posId: null, reason: null }, null, 3)
    expect(nextCursor).toBe(items[2]?.id ?? '')
    expect(ids(journal.queries.deadLetters({ posId: null, reason: null }, nextCursor, 3).items)).toEqual([
      all[0]?.id ?? items[0]?.id,
    ] as ReceiptId[])
  })
})

test('the greatest id ever minted stays known when its receipt is gone', async () => {
  const { db, journal, clock, reach } = setUp()
  const id = await reach('synced')
  clock.setWallBy(1)
  await journal.write((tx) => tx.prune(clock.wallMs(), 10))
  expect(journal.queries.find(id)).toBeNull()
  expect(lastReceiptId(db)).toBe(id)
})
