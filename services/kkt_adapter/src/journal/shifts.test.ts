import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { accepted, fiscalDoc, journalAndDb, nextFd } from '../testing/kit.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { fiscalised } from '../testing/slips.ts'
import { acceptedTask, cash, OPEN, resultOf, setUpTasks } from '../testing/task_kit.ts'

const SECOND = '9999000000000002'

describe('shifts', () => {
  async function filled() {
    const { journal } = journalAndDb()
    const docs = [
      shiftDoc('shift_closing', 2, 1),
      shiftDoc('shift_opening', 3, 2),
      shiftDoc('shift_closing', 9, 2),
      shiftDoc('shift_opening', 1, 1, SECOND),
    ]
    await journal.write((tx) => docs.forEach(tx.recordShiftDocument))
    return { journal, docs }
  }

  test('are listed by their documents, the newest FN and shift first, page by page', async () => {
    const { journal, docs } = await filled()
    const [closing1, opening2, closing2, openingOfSecond] = docs
    const first = journal.shifts.list(null, 2)
    expect(first.items).toMatchObject([
      { fnNumber: SECOND, number: 1, opening: openingOfSecond, closing: null },
      { number: 2, opening: opening2, closing: closing2 },
    ])
    expect(journal.shifts.list(first.nextCursor, 2)).toMatchObject({
      items: [{ number: 1, opening: null, closing: closing1 }],
      nextCursor: null,
    })
  })

  test('are found by FN and number', async () => {
    const { journal, docs } = await filled()
    expect(journal.shifts.find(SECOND, 1)).toMatchObject({ opening: docs[3], closing: null })
    expect([journal.shifts.find(SECOND, 2), journal.shifts.find('9999000000000003', 1)]).toEqual([null, null])
  })

  test('a page behind a cursor of no FN is empty', async () => {
    const { journal } = await filled()
    expect(journal.shifts.list('somewhere', 5)).toEqual({ items: [], nextCursor: null })
  })
})

describe('a shift that the KKT opened for a receipt', () => {
  test.each(['printed', 'found by a look-up'])(
    'is known with the receipt that was %s, and with no other',
    async (how) => {
      const { journal } = journalAndDb()
      const [first, second] = [await accepted(journal), await accepted(journal)]
      const opening = shiftDoc('shift_opening', nextFd(), 3)
      const [doc, next] = [fiscalDoc(nextFd()), fiscalDoc(nextFd())]
      await journal.write((tx) => {
        tx.markPrinting(first.id, second.id)
        if (how === 'printed') tx.recordPrinted(first.id, doc, 'printed', opening)
        else {
          tx.recordUnknown(first.id, 'no reply')
          // A comparison with the FN may have brought it already.
          tx.recordShiftDocument(opening)
          tx.recordFound(first.id, doc, 'printed', opening)
        }
        tx.recordPrinted(second.id, next, 'printed')
      })
      expect([first, second].map(({ id }) => journal.shifts.openedFor(id))).toEqual([opening, null])
      expect(journal.shifts.openedFor('nobody' as ReceiptId)).toBeNull()
      expect(journal.shifts.find(opening.fnNumber, 3)).toMatchObject({ opening })
    },
  )

  test('is not known with a receipt behind an opening that was asked for', async () => {
    const { journal } = journalAndDb()
    const { id } = await accepted(journal)
    await journal.write((tx) => {
      tx.recordShiftDocument(shiftDoc('shift_opening', nextFd(), 3))
      tx.markPrinting(id)
      tx.recordPrinted(id, fiscalDoc(nextFd()), 'printed')
    })
    expect(journal.shifts.openedFor(id)).toBeNull()
  })

  test('is not known with a receipt that is looked up behind an opening that was a task', async () => {
    const { journal } = setUpTasks()
    const task = await acceptedTask(journal, OPEN, null)
    const { id } = await accepted(journal)
    const opening = shiftDoc('shift_opening', nextFd(), 3)
    await journal.write((tx) => {
      tx.markAsked(task, opening.fnNumber)
      tx.recordTaskDone(task, resultOf({ doc: opening }))
      tx.markPrinting(id)
      tx.recordUnknown(id, 'no reply')
      tx.recordFound(id, fiscalDoc(nextFd()), 'printed', opening)
    })
    expect(journal.shifts.openedFor(id)).toBeNull()
  })
})

test('invariant 12: an FN is known through the documents of shifts, too', async () => {
  const { journal } = journalAndDb()
  await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_closing', 41, 1)))
  expect(journal.fiscalMemories.knownThrough(shiftDoc('shift_closing', 41, 1).fnNumber)).toBe(41)
})

describe('the documents of shifts', () => {
  test('are kept as long as what refunds need, and the FN stays known through them', async () => {
    const { journal, clock } = journalAndDb()
    const { fnNumber } = shiftDoc('shift_opening', 41, 1)
    await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_opening', 41, 1)))
    await clock.advance(10)
    await journal.write((tx) => tx.prune(clock.wallMs() + 1, 100))
    await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_closing', 42, 1)))
    const prune = (beforeMs: number) => journal.write((tx) => tx.pruneOriginals(beforeMs, 10))
    expect(journal.shifts.find(fnNumber, 1)).toMatchObject({ opening: { fdNumber: 41 }, closing: { fdNumber: 42 } })
    expect(await prune(clock.wallMs())).toBe(1)
    expect(journal.shifts.find(fnNumber, 1)).toMatchObject({ opening: null, closing: { fdNumber: 42 } })
    await prune(clock.wallMs() + 1)
    expect([journal.shifts.find(fnNumber, 1), journal.fiscalMemories.knownThrough(fnNumber)]).toEqual([null, 42])
  })
})

describe('the cash of receipts', () => {
  /** A journal that has printed these receipts, each paid in cash. */
  async function sold(...operations: ['sale' | 'refund' | 'buy' | 'buy_refund', kopecks: number][]) {
    const parts = setUpTasks()
    const { journal } = parts
    for (const [operation, kopecks] of operations) {
      const { id } = await accepted(journal)
      const { doc } = structuredClone(fiscalised({}))
      if (!doc.details) throw new Error('The document has no details')
      const payments = [
        { type: 'cash' as const, amountKopecks: kopecks },
        { type: 'card' as const, amountKopecks: 1 },
      ]
      Object.assign(doc.details, { operation, payments })
      await journal.write((tx) => {
        tx.markPrinting(id)
        tx.recordPrinted(id, { ...doc, fdNumber: nextFd() }, 'printed')
        tx.markSyncing(id)
        tx.recordSynced(id, 'OFD-1')
      })
    }
    return parts
  }

  test('is in the drawer: sales and the refunds of buys bring some, the others take some', async () => {
    const { journal } = await sold(['sale', 1000], ['refund', 100], ['buy', 20], ['buy_refund', 3])
    expect(journal.ownDrawerKopecks()).toBe(1000 - 100 - 20 + 3)
  })

  test('is counted once, also behind cash that was put in, and stays when its receipts are gone', async () => {
    const { journal, reach, clock } = await sold(['sale', 1000])
    await reach('done', cash('cash_in', 50))
    expect(journal.ownDrawerKopecks()).toBe(1050)
    await clock.advance(1)
    await journal.write((tx) => tx.prune(clock.wallMs(), 100))
    expect([journal.queries.counts().synced, journal.ownDrawerKopecks()]).toEqual([0, 1050])
  })

  test('of receipts that are removed before anybody asks is counted, too', async () => {
    const { journal, clock } = await sold(['sale', 1000])
    await clock.advance(1)
    await journal.write((tx) => tx.prune(clock.wallMs(), 100))
    expect(journal.ownDrawerKopecks()).toBe(1000)
  })
})

test('tasks that have ended go with the retention, those that have not stay', async () => {
  const { journal, reach, clock } = setUpTasks()
  const ids = [await reach('done'), await reach('refused'), await reach('unclear'), await reach('accepted')]
  await clock.advance(1)
  await journal.write((tx) => tx.prune(clock.wallMs(), 100))
  expect(ids.map((id) => journal.tasks.find(id)?.status)).toEqual([undefined, undefined, 'unclear', 'accepted'])
})
