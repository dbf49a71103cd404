/** Receipts whose outcome no look-up tells, and the FN in the KKT. */
import { describe, expect, test } from 'bun:test'
import { accepted, fiscalDoc, pending } from '../testing/kit.ts'
import { NEW_FN, OLD_FN, untoldReceipt } from '../testing/replaced_fn.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { setUp } from '../testing/transitions.ts'
import { LostTransition } from './transition.ts'

async function untold() {
  const parts = setUp()
  return { ...parts, id: await untoldReceipt(parts.journal) }
}

const ALL = { status: null, posId: null }

describe('an untold receipt', () => {
  test('invariant 3: stays unknown, and is looked up no more', async () => {
    const { journal, id, eventsOf } = await untold()
    expect(journal.queries.find(id)).toMatchObject({ status: 'unknown', untoldFn: OLD_FN })
    expect([journal.queries.nextUncertain(), journal.queries.countUntold(), journal.queries.handedTo(id)]).toEqual([
      null,
      1,
      OLD_FN,
    ])
    expect(eventsOf(id)[0]).toMatchObject({ from: 'unknown', to: 'unknown', detail: expect.stringContaining(OLD_FN) })
    expect(journal.lastFailure()).toMatchObject({ receiptId: id })
  })

  test('is found among the others, which are not', async () => {
    const { journal, id, reach } = await untold()
    for (const status of ['unknown', 'accepted', 'pending'] as const) await reach(status)
    const found = (filter: object) =>
      journal.queries.list({ ...ALL, isUntold: true, ...filter }, null, 10).items.map((one) => one.id)
    expect([found({}), found({ posId: 'POS-001' }), found({ posId: 'other' })]).toEqual([[id], [id], []])
  })

  test('that was not printed, as an operator says, is to be printed', async () => {
    const { journal, id, eventsOf } = await untold()
    await journal.write((tx) => tx.settleNotPrinted(id, 'office 127.0.0.1'))
    expect(journal.queries.find(id)).toMatchObject({ status: 'accepted', untoldFn: null, lastError: null })
    expect(journal.queries.nextAccepted(1).map((one) => one.id)).toEqual([id])
    expect(eventsOf(id)[0]).toMatchObject({ from: 'unknown', to: 'accepted', who: 'office 127.0.0.1' })
  })

  test('invariant 5: that was printed, as an operator says, is delivered before the documents of the next FN', async () => {
    const { journal, id, eventsOf } = await untold()
    await journal.write((tx) => tx.meetFn(NEW_FN, 1, false))
    const later = await accepted(journal)
    await journal.write((tx) => {
      tx.markPrinting(later.id)
      tx.recordPrinted(later.id, { ...fiscalDoc(2), fnNumber: NEW_FN }, 'printed')
    })
    expect(journal.queries.nextToDeliver('POS-001')?.id).toBe(later.id)
    const doc = { ...fiscalDoc(400), fnNumber: OLD_FN }
    await journal.write((tx) => tx.settlePrinted(id, doc, 'office'))
    expect(journal.queries.find(id)).toMatchObject({
      status: 'pending',
      untoldFn: null,
      fiscalDoc: doc,
      lastError: null,
    })
    expect(journal.queries.nextToDeliver('POS-001')?.id).toBe(id)
    expect(eventsOf(id)[0]).toMatchObject({ to: 'pending', who: 'office', detail: expect.stringContaining('400') })
    expect(journal.fiscalMemories.inKkt()?.fnNumber).toBe(NEW_FN)
  })

  test('is the only one that an operator settles', async () => {
    const { journal, reach } = await untold()
    for (const status of ['unknown', 'accepted', 'pending'] as const) {
      const id = await reach(status)
      await expect(journal.write((tx) => tx.settleNotPrinted(id, null))).rejects.toBeInstanceOf(LostTransition)
      const printed = journal.write((tx) => tx.settlePrinted(id, fiscalDoc(400), null))
      await expect(printed).rejects.toBeInstanceOf(LostTransition)
      expect(journal.queries.statusOf(id)).toBe(status)
    }
  })

  test('is looked up again where its FN is put back, and not where a third one comes', async () => {
    const { journal, id } = await untold()
    await journal.write((tx) => tx.meetFn('9999000000000079', 1, false))
    expect(journal.queries.nextUncertain()).toBeNull()
    await journal.write((tx) => tx.meetFn(OLD_FN, 1, false))
    expect(journal.queries.nextUncertain()?.id).toBe(id)
    expect([journal.queries.find(id)?.untoldFn, journal.queries.countUntold()]).toEqual([null, 0])
  })

  test('is refused by the database in any state but unknown', async () => {
    const { db, reach } = await untold()
    await reach('accepted')
    expect(() => db.exec("UPDATE states SET untold = 1, handed_turn = 1 WHERE status = 'accepted'")).toThrow('CHECK')
    expect(() => db.exec("UPDATE states SET handed_turn = NULL WHERE status = 'unknown'")).toThrow('CHECK')
  })
})

test('a receipt is handed to the FN that is in the KKT then; a refusal is that of whichever FN', async () => {
  const { journal } = setUp()
  const first = await accepted(journal)
  await journal.write((tx) => tx.markPrinting(first.id))
  expect(journal.queries.handedTo(first.id)).toBeNull()
  await journal.write((tx) => tx.meetFn(OLD_FN, 1, false))
  const [second, third] = [await accepted(journal), await accepted(journal)]
  await journal.write((tx) => tx.markPrinting(second.id, third.id))
  await journal.write((tx) => [tx.recordUnknown(second.id, 'no reply'), tx.recordPutOff(third.id, 'the FN is full')])
  expect([second, third].map(({ id }) => journal.queries.handedTo(id))).toEqual([OLD_FN, null])
})

test('another FN in the KKT is an event, with both, and is told with its time', async () => {
  const { journal, clock } = setUp()
  expect(journal.fiscalMemories.inKkt()).toBeNull()
  await journal.write((tx) => tx.meetFn(OLD_FN, 1, false))
  await journal.write((tx) => tx.meetFn(OLD_FN, 5, false))
  expect(journal.fiscalMemories.inKkt()).toEqual({ fnNumber: OLD_FN, replaced: null })
  await clock.advance(5000)
  await journal.write((tx) => tx.meetFn(NEW_FN, 1, false))
  const atMs = clock.wallMs()
  expect(journal.fiscalMemories.inKkt()).toEqual({ fnNumber: NEW_FN, replaced: { fnNumber: OLD_FN, atMs } })
  const { items } = journal.events.list({ receiptId: null, kind: 'kkt' }, null, 10)
  expect(items).toMatchObject([{ from: OLD_FN, to: NEW_FN, atMs }])
})

describe('the shift of a document', () => {
  test('is told by the one right before it, and by no other', async () => {
    const { journal } = setUp()
    await pending(journal, 'POS-001', 700)
    const { fnNumber } = fiscalDoc(1)
    expect([700, 699, 701].map((fd) => journal.queries.placeInShift(fnNumber, fd))).toEqual([
      { shiftNumber: 1, receiptNumber: 700 },
      null,
      null,
    ])
    expect([700, 701].map((fd) => journal.queries.hasDocument(fnNumber, fd))).toEqual([true, false])
    expect(journal.queries.hasDocument(NEW_FN, 700)).toBe(false)
  })

  test.each([
    ['shift_opening', { shiftNumber: 8, receiptNumber: 0 }],
    ['shift_closing', null],
  ] as const)('before which there is a %s is %p', async (kind, expected) => {
    const { journal } = setUp()

    await journal.write((tx) => tx.recordShiftDocument(shiftDoc(kind, 700, 8)))
    expect(journal.queries.placeInShift(fiscalDoc(1).fnNumber, 700)).toEqual(expected)
  })
})
