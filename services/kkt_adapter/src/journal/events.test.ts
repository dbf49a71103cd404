import { describe, expect, test } from 'bun:test'
import { NOBODY } from '../domain/actor.ts'
import { accepted, journalAndDb } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'
import { EVENT_KINDS } from './audit.ts'

const ALL = { receiptId: null, kind: null }
const X_REPORT = { work: { kind: 'x_report' }, key: null } as const

test('an event is kept with the time of the wall clock', async () => {
  const { journal, clock } = journalAndDb()
  await journal.write((tx) => tx.recordEvent('breaker', 'CLOSED', 'OPEN', 'five in a row'))
  clock.setWallBy(60_000)
  await journal.write((tx) => tx.recordEvent('lease', null, 'held', null))
  expect(journal.events.list(ALL, null, 10)).toEqual({
    items: [
      { id: 2, atMs: clock.wallMs(), kind: 'lease', receiptId: null, from: null, to: 'held', detail: null, who: null },
      {
        id: 1,
        atMs: clock.wallMs() - 60_000,
        kind: 'breaker',
        receiptId: null,
        from: 'CLOSED',
        to: 'OPEN',
        detail: 'five in a row',
        who: null,
      },
    ],
    nextCursor: null,
  })
})

test('what is not committed is not kept', async () => {
  const { journal } = journalAndDb()
  const written = journal.write((tx) => {
    tx.recordEvent('odoo', 'unknown', 'online', null)
    throw new Error('a mistake')
  })
  await expect(written).rejects.toThrow('a mistake')
  expect(journal.events.list(ALL, null, 10).items).toEqual([])
})

test('a receipt writes its way into it by itself', async () => {
  const { journal, reach } = setUp()
  const id = await reach('failed')
  await reach('accepted')
  const { items } = journal.events.list({ receiptId: id, kind: null }, null, 10)
  expect(items.map(({ from, to }) => [from, to])).toEqual([
    ['syncing', 'failed'],
    ['pending', 'syncing'],
    ['printing', 'pending'],
    ['accepted', 'printing'],
    [null, 'accepted'],
  ])
  expect(items[0]).toMatchObject({ kind: 'receipt', receiptId: id, detail: 'refused' })
})

describe('listing', () => {
  /** Three times: one event of a receipt, and one of each other kind. */
  async function filled() {
    const { journal } = journalAndDb()
    const ids = []
    await journal.write((tx) => tx.meetFn('9999000000000009', 0, false))
    for (let round = 0; round < 3; round++) {
      ids.push((await accepted(journal)).id)
      await journal.write((tx) => {
        tx.acceptTask(X_REPORT, NOBODY)
        tx.meetFn(`999900000000000${round}`, 0, false)
        for (const kind of ['breaker', 'lease', 'odoo'] as const) tx.recordEvent(kind, null, 'x', null)
        tx.recordCommand('sync', null, 'office')
      })
    }
    return { journal, ids }
  }

  test('page by page, newest first, gives each once', async () => {
    const { journal } = await filled()
    const seen: number[] = []
    let cursor: number | null = null
    let pages = 0
    do {
      const page: ReturnType<typeof journal.events.list> = journal.events.list(ALL, cursor, 5)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      pages += 1
    } while (cursor !== null)
    expect(seen).toEqual([21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(pages).toBe(5)
  })

  test('a last page that is full has no next', async () => {
    const { journal } = await filled()
    expect(journal.events.list(ALL, null, 21).nextCursor).toBeNull()
    expect(journal.events.list(ALL, null, 20).nextCursor).toBe(2)
  })

  for (const kind of EVENT_KINDS) {
    test(`of kind ${kind} alone`, async () => {
      const { journal } = await filled()
      const { items, nextCursor } = journal.events.list({ receiptId: null, kind }, null, 2)
      expect(items.map((event) => event.kind)).toEqual([kind, kind])
      expect(journal.events.list({ receiptId: null, kind }, nextCursor, 2).items).toHaveLength(1)
    })
  }

  test('of one receipt, and of one receipt and kind', async () => {
    const { journal, ids } = await filled()
    const receiptId = ids[1] ?? null
    expect(journal.events.list({ receiptId, kind: null }, null, 10).items).toMatchObject([{ receiptId }])
    expect(journal.events.list({ receiptId, kind: 'receipt' }, null, 10).items).toMatchObject([{ receiptId }])
    expect(journal.events.list({ receiptId, kind: 'lease' }, null, 10).items).toEqual([])
  })
})

describe('reading on', () => {
  /** Events 1 to 9: six of receipts that share rows, and three others. */
  async function shared() {
    const { journal, db, reach } = setUp()
    const ids = [await reach('accepted'), await reach('accepted'), await reach('accepted')]
    await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
    await journal.write((tx) => tx.markPrinting(...ids))
    await journal.write((tx) => [tx.recordEvent('lease', null, 'held', null), tx.recordEvent('odoo', null, 'x', null)])
    return { journal, db }
  }

  test('gives each event behind a number once, oldest first, as the list has it', async () => {
    const { journal } = await shared()
    const all = journal.events.list(ALL, null, 100).items.toReversed()
    expect(all.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (let id = 0; id <= 9; id += 1) {
      expect(journal.events.after(id, 100)).toEqual(all.slice(id))
      expect(journal.events.after(id, 2)).toEqual(all.slice(id, id + 2))
    }
  })

  test('knows the last number, and whether events are missing', async () => {
    const { journal, db } = await shared()
    expect(journal.events.lastId()).toBe(9)
    expect([0, 1, 9].map(journal.events.hasAllAfter)).toEqual([true, true, true])
    db.exec('DELETE FROM events WHERE id < 4')
    expect([0, 2, 3, 9].map(journal.events.hasAllAfter)).toEqual([false, false, true, true])
    db.exec('DELETE FROM events')
    expect([8, 9].map(journal.events.hasAllAfter)).toEqual([false, true])
    expect(journal.events.lastId()).toBe(9)
  })

  test('an empty log', () => {
    const { journal } = journalAndDb()
    expect([journal.events.lastId(), journal.events.hasAllAfter(0), journal.events.after(0, 5)]).toEqual([0, true, []])
  })
})
