import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { accepted, content, freshKey, journalAndDb } from '../testing/kit.ts'
import { countRefused } from '../testing/totals.ts'
import { setUp } from '../testing/transitions.ts'
import { createGathered, IllegalTransition } from './gathered.ts'
import { MAX_REFUSED } from './retention.ts'

/** All records of receipts beside their rows. */
function books(db: ReturnType<typeof setUp>['db']) {
  return {
    totals: db.prepare('SELECT * FROM totals').all(),
    events: db.prepare('SELECT * FROM events ORDER BY id').all(),
  }
}

describe('of all pairs of states exactly those of the table may follow each other', () => {
  const id = '01900000-0000-7000-8000-000000000000' as ReceiptId

  for (const from of [null, ...STATUSES]) {
    test(from === null ? 'where a receipt is new' : `where it is ${from}`, () => {
      const { db, legal } = setUp()
      for (const to of STATUSES) {
        const gathered = createGathered(db)
        const move = () => gathered.moved({ id, from, to, atMs: 1, detail: null, who: null })
        const isLegal = from === null ? to === 'accepted' : legal.includes(`${from}>${to}`)
        if (isLegal) expect(move).not.toThrow()
        else expect(move).toThrow(new IllegalTransition(`Receipt ${id} may not go from ${from ?? 'nothing'} to ${to}`))
      }
    })
  }

  test('what is refused is not gathered', () => {
    const { db } = setUp()
    const before = books(db)
    const gathered = createGathered(db)
    expect(() => gathered.moved({ id, from: 'synced', to: 'pending', atMs: 1, detail: null, who: null })).toThrow(
      IllegalTransition,
    )
    gathered.writeOut()
    expect(books(db)).toEqual(before)
  })
})

test('a commit in which nothing moved writes nothing', async () => {
  const { db, journal } = setUp()
  const changes = () => db.prepare<{ n: number }>('SELECT total_changes() AS n').get()?.n
  const before = changes()
  await journal.write((tx) => tx.mergeTime(0))
  await journal.write((tx) => tx.reclaimSyncing())
  expect(changes()).toBe(before)
})

test('the totals of a commit are written once, however much moved in it', async () => {
  const { db, journal } = journalAndDb()
  const changes = () => db.prepare<{ n: number }>('SELECT total_changes() AS n').get()?.n ?? Number.NaN
  const before = changes()
  const RECEIPTS = 5
  await Promise.all(Array.from({ length: RECEIPTS }, () => accepted(journal)))
  // Each receipt has a sale and a state. All share one event and the till's thousand.
  expect(changes() - before).toBe(2 * RECEIPTS + 3)
})

test('a failure counts by what was delivered before it in the same commit', async () => {
  const { journal, reach } = setUp()
  const [failing, other] = [await reach('syncing'), await reach('syncing')]
  const counts = await journal.write((tx) => {
    const first = tx.countFailure(failing)
    tx.recordSynced(other, 'OFD-1')
    return [first, tx.countFailure(failing), tx.countFailure(failing)]
  })
  expect(counts).toEqual([1, 2, 2])
})

test('the last failure ends with the last that is open, all in one commit', async () => {
  const { journal, reach } = setUp()
  const [failing, other] = [await reach('syncing'), await reach('syncing')]
  await journal.write((tx) => {
    tx.recordUndelivered(failing, 'why', true)
    tx.recordSynced(other, 'OFD-1')
    tx.markSyncing(failing)
    tx.recordSynced(failing, 'OFD-2')
  })
  expect(journal.lastFailure()).toBeNull()
})

test('refused receipts are bounded with those of the same commit', async () => {
  const { db, journal, reach } = setUp()
  countRefused(db, MAX_REFUSED - 1)
  const ids = [await reach('printing'), await reach('printing'), await reach('printing')]
  await journal.write((tx) => {
    for (const id of ids) tx.recordRefused(id, 'why')
    tx.boundRefused()
  })
  expect(ids.map(journal.queries.statusOf)).toEqual([null, null, 'refused'])
  expect(journal.queries.counts().refused).toBe(MAX_REFUSED)
})

test('entries of a commit stand in the order in which they came about', async () => {
  const { journal, reach } = setUp()
  const id = await reach('pending')
  await journal.write((tx) => {
    tx.markSyncing(id)
    tx.recordEvent('breaker', 'CLOSED', 'OPEN', null)
    tx.recordUndelivered(id, 'a reset', true)
  })
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 3)
  expect(items.map(({ to }) => to)).toEqual(['pending', 'OPEN', 'syncing'])
})

describe('a work that is undone', () => {
  const undo = () => {
    throw new Error('a mistake')
  }

  test('takes what it moved along, and what its neighbours moved is written once', async () => {
    const { journal, reach, eventsOf } = setUp()
    const [first, undone, last] = [await reach('failed'), await reach('failed'), await reach('failed')]
    const before = eventsOf(first).length
    const works = await Promise.allSettled([
      journal.write((tx) => tx.requeue(first)),
      journal.write((tx) => {
        tx.requeue(undone)
        undo()
      }),
      journal.write((tx) => tx.requeue(last)),
    ])
    expect(works.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect([first, undone, last].map((id) => eventsOf(id).length - before)).toEqual([1, 0, 1])
    expect(journal.queries.counts()).toMatchObject({ pending: 2, failed: 1 })
  })

  test('frees its place in the buffer for those behind it', async () => {
    const { journal } = journalAndDb({ maxUndelivered: 1 })
    const take = () => journal.write((tx) => tx.accept({ key: freshKey(), content: content() }).kind)
    const undone = journal.write((tx) => {
      tx.accept({ key: freshKey(), content: content() })
      undo()
    })
    const [, ...kinds] = await Promise.allSettled([undone, take(), take()])
    expect(kinds.map((kind) => kind.status === 'fulfilled' && kind.value)).toEqual(['accepted', 'full'])
  })

  test('alone in its commit leaves nothing to the next', async () => {
    const { db, journal, reach } = setUp()
    const id = await reach('failed')
    const before = books(db)
    const undone = journal.write((tx) => {
      tx.requeue(id)
      undo()
    })
    await expect(undone).rejects.toThrow('a mistake')
    await journal.write(() => undefined)
    expect(books(db)).toEqual(before)
  })
})
