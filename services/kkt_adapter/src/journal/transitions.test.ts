import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { accepted, journalAndDb } from '../testing/kit.ts'
import { nextDoc, STEPS, type Step, setUp } from '../testing/transitions.ts'
import { LostTransition } from './transition.ts'
import type { Tx } from './tx.ts'

const steps = Object.entries(STEPS) as [string, Step][]

test('there is a function for each transition of the table', () => {
  const { legal } = setUp()
  expect(steps.map(([, { from, to }]) => `${from}>${to}`).sort()).toEqual(legal.sort())
})

for (const [name, step] of steps) {
  describe(name, () => {
    test(`takes ${step.from} to ${step.to}, and leaves one audit event`, async () => {
      const { journal, clock, reach, eventsOf } = setUp()
      const id = await reach(step.from)
      const before = eventsOf(id).length
      await clock.advance(1234)
      await journal.write((tx) => step.run(tx, id))
      const receipt = journal.queries.find(id)
      expect(receipt).toMatchObject({ status: step.to, changedAtMs: clock.wallMs() })
      const [event, ...earlier] = eventsOf(id)
      expect(earlier).toHaveLength(before)
      expect(event).toMatchObject({
        kind: 'receipt',
        from: step.from,
        to: step.to,
        atMs: clock.wallMs(),
        detail: step.detail ?? null,
      })
    })

    test('refuses a receipt in any other state, or that there is none of, and changes nothing', async () => {
      const { journal, reach, row, eventsOf } = setUp()
      for (const status of STATUSES.filter((other) => other !== step.from)) {
        const id = await reach(status)
        const before = { row: row(id), events: eventsOf(id) }
        const lost = journal.write((tx) => step.run(tx, id))
        await expect(lost).rejects.toBeInstanceOf(LostTransition)
        expect({ row: row(id), events: eventsOf(id) }).toEqual(before)
      }
      const none = '01900000-0000-7000-8000-000000000000' as ReceiptId
      await expect(journal.write((tx) => step.run(tx, none))).rejects.toBeInstanceOf(LostTransition)
    })
  })
}

describe('what a transition records', () => {
  test('printed: the document, the time, and no error any more', async () => {
    const { journal, clock, reach } = setUp()
    const id = await reach('unknown')
    const doc = nextDoc()
    await journal.write((tx) => tx.recordFound(id, doc, 'printed'))
    expect(journal.queries.find(id)).toMatchObject({
      fiscalDoc: doc,
      printedAtMs: clock.wallMs(),
      lastError: null,
      maybeAtOfd: false,
      retryCount: 0,
    })
  })

  test('printed: the first document of an FN again, after it was undone', async () => {
    const { journal, reach } = setUp()
    const [undone, first] = [await reach('printing'), await reach('printing')]
    const doc = { ...nextDoc(), fnNumber: '9999000000000099' }
    const works = await Promise.allSettled([
      journal.write((tx) => {
        tx.recordPrinted(undone, doc, 'printed')
        throw new Error('a mistake')
      }),
      journal.write((tx) => tx.recordPrinted(first, doc, 'printed')),
    ])
    expect(works.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
    expect(journal.queries.find(first)?.fiscalDoc).toEqual(doc)
    expect(journal.queries.statusOf(undone)).toBe('printing')
  })

  test('syncing: from now on the OFD may hold it', async () => {
    const { journal, reach } = setUp()
    expect(journal.queries.find(await reach('syncing'))?.maybeAtOfd).toBe(true)
  })

  test('synced: the number at the OFD, the time, and no error any more', async () => {
    const { journal, clock, reach } = setUp()
    const id = await reach('syncing')
    await journal.write((tx) => tx.recordUndelivered(id, 'a reset', true))
    await clock.advance(5000)
    await journal.write((tx) => tx.markSyncing(id))
    await journal.write((tx) => tx.recordSynced(id, 'OFD-7'))
    expect(journal.queries.find(id)).toMatchObject({ ofdId: 'OFD-7', syncedAtMs: clock.wallMs(), lastError: null })
    expect(journal.totals.lastSyncAtMs()).toBe(clock.wallMs())
  })

  test('undelivered: why, and whether the OFD may hold it; no error given keeps the one before', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    await journal.write((tx) => tx.recordUndelivered(id, 'a reset', true))
    expect(journal.queries.find(id)).toMatchObject({ lastError: 'a reset', maybeAtOfd: true })
    await journal.write((tx) => tx.markSyncing(id))
    await journal.write((tx) => tx.recordUndelivered(id, null, false))
    expect(journal.queries.find(id)).toMatchObject({ lastError: 'a reset', maybeAtOfd: false })
  })

  test('synced: when one was last, though others have moved since', async () => {
    const { journal, clock, reach } = setUp()
    await reach('synced')
    const syncedAtMs = clock.wallMs()
    clock.setWallBy(1000)
    for (const status of STATUSES) if (status !== 'synced') await reach(status)
    expect(journal.totals.lastSyncAtMs()).toBe(syncedAtMs)
  })

  test.each<[string, boolean, (tx: Tx, id: ReceiptId) => void, string]>([
    ['on paper: that it is', false, (tx, id) => tx.recordOnPaper(id), 'on paper now'],
    ['never on paper: that, and why', true, (tx, id) => tx.recordPaperLost(id, 'gone'), 'never on paper: gone'],
  ])('%s, of one that was not, and of no other', async (_what, isPaperLost, record, detail) => {
    const { journal, reach, row, eventsOf } = setUp()
    const id = await reach('printing')
    await journal.write((tx) => tx.recordPrinted(id, nextDoc(), 'missing'))
    await journal.write((tx) => record(tx, id))
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', needsPaper: false, isPaperLost })
    expect(eventsOf(id)[0]).toMatchObject({ from: 'pending', to: 'pending', detail })
    for (const other of [id, await reach('printing'), await reach('pending')]) {
      const before = { row: row(other), events: eventsOf(other) }
      const lost = journal.write((tx) => record(tx, other))
      await expect(lost).rejects.toBeInstanceOf(LostTransition)
      expect({ row: row(other), events: eventsOf(other) }).toEqual(before)
    }
  })

  test('dead-lettered: reason and error; requeued: counted from nought, and still to be looked up', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    await journal.write((tx) => {
      tx.countFailure(id)
      tx.deadLetter(id, 'retries_exhausted', 'a reset', true)
    })
    expect(journal.queries.find(id)).toMatchObject({
      dlqReason: 'retries_exhausted',
      lastError: 'a reset',
      retryCount: 1,
    })
    await journal.write((tx) => tx.requeue(id))
    expect(journal.queries.find(id)).toMatchObject({
      dlqReason: null,
      lastError: 'a reset',
      retryCount: 0,
      maybeAtOfd: true,
    })
    expect(await journal.write((tx) => tx.countFailure(id))).toBe(1)
  })
})

test('closed: its last error stays, the operator’s word is in the audit log, and it is no dead letter any more', async () => {
  const { journal, reach, row, eventsOf } = setUp()
  const id = await reach('failed')
  await journal.write((tx) => tx.closeDeadLetter(id, 'sent by hand'))
  expect(journal.queries.find(id)).toMatchObject({ status: 'closed', dlqReason: null, lastError: 'refused' })
  expect(row(id)).toMatchObject({ close_reason: 'sent by hand' })
  expect(eventsOf(id).slice(0, 2)).toMatchObject([
    { from: 'failed', to: 'closed', detail: 'sent by hand' },
    { from: 'syncing', to: 'failed', detail: 'refused' },
  ])
  expect(journal.queries.deadLetterCount({ posId: null, reason: null })).toBe(0)
})

describe('countFailure', () => {
  test('invariant 7: while nobody gets through only the first failure counts', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    const counts: number[] = []
    for (let i = 0; i < 5; i++) counts.push(await journal.write((tx) => tx.countFailure(id)))
    expect(counts).toEqual([1, 1, 1, 1, 1])
  })

  test('invariant 7: each failure counts before which another receipt got through', async () => {
    const { journal, reach } = setUp()
    const id = await reach('syncing')
    const counts: number[] = []
    for (let i = 0; i < 5; i++) {
      counts.push(await journal.write((tx) => tx.countFailure(id)))
      await reach('synced')
    }
    expect(counts).toEqual([1, 2, 3, 4, 5])
    expect(journal.queries.find(id)?.retryCount).toBe(5)
  })
})

test('several are marked for printing at once: all of them, or none where one is not accepted', async () => {
  const { journal, reach, eventsOf } = setUp()
  const [first, second, third] = [await reach('accepted'), await reach('accepted'), await reach('accepted')]
  const synced = await reach('synced')
  const mark = (...ids: ReceiptId[]) => journal.write((tx) => tx.markPrinting(...ids))
  await expect(mark(first, synced, second)).rejects.toThrow(`Receipt ${synced} is not accepted`)
  const statuses = () => [first, second, third].map((id) => journal.queries.statusOf(id))
  expect(statuses()).toEqual(['accepted', 'accepted', 'accepted'])
  await expect(mark(first, first)).rejects.toThrow(`Receipt ${first} is not accepted`)
  expect(statuses()).toEqual(['accepted', 'accepted', 'accepted'])
  await mark(third, first)
  expect(statuses()).toEqual(['printing', 'accepted', 'printing'])
  expect(eventsOf(third).map(({ to }) => to)).toEqual(['printing', 'accepted'])
})

test('reclaiming takes all that are syncing back to pending, marked as maybe delivered, and nothing else', async () => {
  const { journal, reach, row, eventsOf } = setUp()
  const left = [await reach('syncing'), await reach('syncing')]
  const others = new Map<ReceiptId, ReturnType<typeof row>>()
  for (const status of STATUSES.filter((other) => other !== 'syncing')) {
    const id = await reach(status)
    others.set(id, row(id))
  }
  expect(await journal.write((tx) => tx.reclaimSyncing())).toEqual(left)
  for (const id of left) {
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', maybeAtOfd: true })
    expect(eventsOf(id)[0]).toMatchObject({ from: 'syncing', to: 'pending' })
  }
  for (const [id, before] of others) expect(row(id)).toEqual(before)
  expect(await journal.write((tx) => tx.reclaimSyncing())).toEqual([])
})

test('a document that another receipt has is refused', async () => {
  const { journal } = journalAndDb()
  const [first, second] = [await accepted(journal), await accepted(journal)]
  const doc = nextDoc()
  await journal.write((tx) => {
    for (const { id } of [first, second]) tx.markPrinting(id)
    tx.recordPrinted(first.id, doc, 'printed')
  })
  await expect(journal.write((tx) => tx.recordPrinted(second.id, doc, 'printed'))).rejects.toThrow('UNIQUE')
  expect(journal.queries.find(second.id)?.status).toBe('printing')
})
