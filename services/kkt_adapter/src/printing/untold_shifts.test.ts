import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { FnDocument, KktLookup, KktOutcome } from '../domain/kkt_outcome.ts'
import type { FnReceipt, ReceiptId } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import { fiscalizerOf, setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, content, fiscalDoc, lastFd, memoryJournal, nextFd, testLease } from '../testing/kit.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { acceptedTask, cash } from '../testing/task_kit.ts'
import { TestKkt } from '../testing/test_kkt.ts'

/** A KKT whose FN holds these documents of shifts beside its receipts. */
function holding() {
  const parts = setUp()
  const docs: ShiftDocument[] = []
  const held = (ofShift: ShiftDocument): FnDocument => ({ fdNumber: ofShift.fdNumber, receipt: null, ofShift })
  parts.kkt.onDocumentsAfter = async (after) => docs.map(held).filter(({ fdNumber }) => fdNumber > after)
  return { ...parts, docs }
}

describe('a document of a shift that the journal has not heard of', () => {
  test('is journaled at the first contact with an FN that is known', async () => {
    const { journal, fiscalizer, docs, kkt } = holding()
    await journal.write((tx) => tx.meetFn(kkt.fnNumber, lastFd(), false))
    docs.push(shiftDoc('shift_closing', nextFd(), 4), shiftDoc('shift_opening', nextFd(), 5))
    await fiscalizer.runOnce()
    expect(journal.shifts.list(null, 10).items).toMatchObject([{ opening: docs[1] }, { closing: docs[0] }])
  })

  test('is journaled at a look-up: the KKT opened a shift for a receipt, and then did not make that', async () => {
    const { journal, fiscalizer, docs, kkt, at } = holding()
    await fiscalizer.runOnce()
    const { id } = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => {
      docs.push(shiftDoc('shift_opening', nextFd(), 5))
      return { kind: 'unknown', reason: 'the connection was lost' }
    }
    await fiscalizer.runOnce()
    await fiscalizer.runOnce()
    expect(journal.shifts.find(kkt.fnNumber, 5)).toMatchObject({ opening: docs[0] })
    kkt.onFiscalize = onFiscalize
    await fiscalizer.runOnce()
    expect(at(id)).toBe('pending')
  })

  test.each(['at its end', 'at its look-up'])(
    'is journaled with the cash for which the KKT opened it, %s',
    async (when) => {
      const { journal, fiscalizer, docs, kkt } = holding()
      kkt.shift = { kind: 'closed', number: 4 }
      await fiscalizer.runOnce()
      const id = await acceptedTask(journal, cash('cash_in', 500))
      const { onPerform } = kkt
      kkt.onPerform = async (task, perform) => {
        const outcome = await onPerform(task, perform)
        docs.push(shiftDoc('shift_opening', nextFd(), 5))
        return when === 'at its end' ? outcome : { kind: 'unknown', reason: 'the reply got lost' }
      }
      const { onDocumentsAfter } = kkt
      if (when === 'at its look-up') kkt.onDocumentsAfter = async () => null
      await fiscalizer.runOnce()
      kkt.onDocumentsAfter = onDocumentsAfter
      if (when === 'at its look-up') await fiscalizer.runOnce()
      expect(journal.tasks.find(id)?.status).toBe('done')
      expect(journal.shifts.find(kkt.fnNumber, 5)).toMatchObject({ opening: docs[0] })
    },
  )
})

describe('a shift that was opened for a receipt that the KKT then did not make is journaled before the next document', () => {
  /** The KKT opens a shift for the first of two receipts, ends that one in this way, and makes the other. */
  async function opened(outcome: KktOutcome, lookup: KktLookup, isSilent: boolean) {
    const parts = holding()
    const { journal, fiscalizer, docs, kkt } = parts
    await fiscalizer.runOnce()
    const [first, next] = [await accepted(journal), await accepted(journal)]
    const { onFiscalize, onDocumentsAfter } = kkt
    kkt.onFiscalize = async (id, make) => {
      if (id !== first.id) return await onFiscalize(id, make)
      if (docs.length === 0) docs.push(shiftDoc('shift_opening', nextFd(), 5))
      return outcome
    }
    kkt.onLookup = async () => lookup
    if (isSilent) kkt.onDocumentsAfter = async () => null
    for (let step = 0; step < 2; step++) await fiscalizer.runOnce()
    if (isSilent) {
      expect(parts.at(next.id)).toBe('accepted')
      kkt.onDocumentsAfter = onDocumentsAfter
    }
    kkt.onFiscalize = onFiscalize
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect(parts.at(next.id)).toBe('pending')
    return { known: journal.shifts.find(kkt.fnNumber, 5), opening: docs[0] }
  }

  const LOST = { kind: 'unknown', reason: 'the connection was lost' } as const
  const ABSENT = { kind: 'absent', fnNumber: '9999000000000001' } as const
  const DOUBTFUL = { kind: 'untellable', fnNumber: ABSENT.fnNumber, reason: 'one document may be it' } as const
  const WRONG = { kind: 'refused', isLasting: true, reason: 'no such VAT rate' } as const

  describe.each([false, true])('the KKT does not answer at first: %p', (isSilent) => {
    test.each<[string, KktOutcome, KktLookup]>([
      ['is absent', LOST, ABSENT],
      ['may be one of its documents', LOST, DOUBTFUL],
      ['is refused for good', WRONG, ABSENT],
    ])('where it %s', async (_what, outcome, lookup) => {
      const { known, opening } = await opened(outcome, lookup, isSilent)
      expect(known).toMatchObject({ opening })
    })
  })
})

test('a shift that was opened for cash is journaled before the next receipt, where the KKT did not tell of it at once', async () => {
  const { journal, fiscalizer, docs, kkt, at } = holding()
  await fiscalizer.runOnce()
  const task = await acceptedTask(journal, cash('cash_in', 500))
  const { onDocumentsAfter } = kkt
  kkt.onDocumentsAfter = async () => null
  docs.push(shiftDoc('shift_opening', nextFd(), 5))
  await fiscalizer.runOnce()
  expect(journal.tasks.find(task)?.status).toBe('done')
  const { id } = await accepted(journal)
  expect([await fiscalizer.runOnce(), at(id)]).toEqual(['blocked', 'accepted'])
  kkt.onDocumentsAfter = onDocumentsAfter
  await fiscalizer.runOnce()
  expect([at(id), journal.shifts.find(kkt.fnNumber, 5)]).toMatchObject(['pending', { opening: docs[0] }])
})

test('a receipt that is brought back after a loss knows the shift that the KKT opened for it', async () => {
  const clock = new TestClock()
  const [journal, kkt] = [memoryJournal(clock), new TestKkt()]
  const [opening, id] = [shiftDoc('shift_opening', nextFd(), 5), '01900000-0000-7000-8000-000000000001' as ReceiptId]
  const doc = { ...fiscalDoc(nextFd()), receiptNumber: 1 }
  const receipt: FnReceipt = { id, content: content(), doc, paper: 'printed' }
  kkt.onDocumentsAfter = async () => [
    { fdNumber: opening.fdNumber, receipt: null, ofShift: opening },
    { fdNumber: doc.fdNumber, receipt, ofShift: null },
  ]
  kkt.onLookup = async () => ({ kind: 'found', doc, paper: 'printed', shiftOpened: opening })
  await journal.write((tx) => tx.meetFn(kkt.fnNumber, opening.fdNumber - 1, false))
  const acceptedLoss = { fnNumber: kkt.fnNumber, lastFdNumber: lastFd() }
  await fiscalizerOf({ journal, lease: testLease(journal), clock, driver: kkt, acceptedLoss }).runOnce()
  expect([journal.queries.statusOf(id), journal.shifts.openedFor(id)]).toEqual(['pending', opening])
})
