import { describe, expect, test } from 'bun:test'
import type { Original } from '../domain/correction.ts'
import { withFilledIn } from '../domain/filled_in.ts'
import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { content, fiscalDoc, freshKey, journalAndDb, nextFd, pending } from '../testing/kit.ts'
import type { Intake } from './intake.ts'
import type { Journal } from './journal.ts'

const DAY_MS = 24 * 60 * 60 * 1000

const refundOf = (original: Original): ReceiptContent => ({ ...content(), type: 'refund', refundOf: original })

const sendBack = (journal: Journal, original: Original) =>
  journal.write((tx) => tx.accept({ key: freshKey(), content: refundOf(original) }))

async function deliver(journal: Journal, intake: Intake): Promise<void> {
  if (intake.kind !== 'accepted') throw new Error(`It was not taken: ${intake.kind}`)
  const { id } = intake.receipt
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, fiscalDoc(nextFd()), 'printed')
    tx.markSyncing(id)
    tx.recordSynced(id, 'OFD-1')
  })
}

/** A receipt that was sold, delivered and pruned. */
async function pruned() {
  const parts = journalAndDb()
  const { journal, clock } = parts
  const fdNumber = nextFd()
  const id = await pending(journal, 'POS-001', fdNumber)
  await journal.write((tx) => {
    tx.markSyncing(id)
    tx.recordSynced(id, 'OFD-1')
  })
  clock.setWallBy(8 * DAY_MS)
  await journal.write((tx) => tx.prune(clock.wallMs() - 7 * DAY_MS, 10))
  expect(journal.queries.find(id)).toBeNull()
  const { fnNumber, fiscalSign } = fiscalDoc(fdNumber)
  return { ...parts, id, numbers: { fnNumber, fdNumber, fiscalSign } }
}

describe('after its receipt is pruned, a refund', () => {
  test('has its document, and is held against what is left, by id or by numbers', async () => {
    const { journal, id, numbers } = await pruned()
    const first = await sendBack(journal, { receiptId: id })
    expect(first).toMatchObject({ kind: 'accepted', receipt: { content: { refundOf: numbers } } })
    for (const original of [{ receiptId: id }, numbers])
      expect(await sendBack(journal, original)).toEqual({ kind: 'refund_exceeds', leftKopecks: 0, originalId: id })
  })

  test('may be of each item that it had', async () => {
    const { journal, id } = await pruned()
    const intake = await sendBack(journal, { receiptId: id })
    expect(intake.kind === 'accepted' && journal.refunds.findingsOf(intake.receipt.id)).toEqual([])
  })

  test('is as of an unknown one when that is pruned, too: so many at a time, and not before', async () => {
    const { db, journal, clock, id } = await pruned()
    const refund = await sendBack(journal, { receiptId: id })
    const rows = () =>
      ['originals', 'refunds'].map((table) => db.prepare(`SELECT receipt_id FROM ${table}`).all().length)
    const prune = (beforeMs: number) => journal.write((tx) => tx.pruneOriginals(beforeMs, 1))
    expect([await prune(clock.wallMs() - 9 * DAY_MS), rows()]).toEqual([0, [1, 1]])
    expect([await prune(clock.wallMs() + 1), rows()]).toEqual([1, [0, 1]])
    await deliver(journal, refund)
    clock.setWallBy(8 * DAY_MS)
    await journal.write((tx) => tx.prune(clock.wallMs(), 10))
    expect([await prune(clock.wallMs()), rows()]).toEqual([1, [0, 0]])
    expect(await prune(clock.wallMs())).toBe(0)
    const intake = await sendBack(journal, { receiptId: id })
    expect(intake.kind === 'accepted' && journal.refunds.findingsOf(intake.receipt.id)).toMatchObject([
      { code: 'refund_of_unknown' },
    ])
  })
})

test('a refund that the journal had lost counts once it is back, and once only, when its till sends it again', async () => {
  const { journal } = journalAndDb()
  const id = await pending(journal)
  const earlier = '01900000-0000-7000-8000-000000000001' as ReceiptId
  const found = {
    id: earlier,
    content: refundOf({ receiptId: id }),
    doc: fiscalDoc(nextFd()),
    paper: 'printed' as const,
  }
  await journal.write((tx) => tx.bringBack(found))
  expect(await sendBack(journal, { receiptId: id })).toMatchObject({ kind: 'refund_exceeds', leftKopecks: 0 })
  const key = freshKey()
  const rules = { isForced: true, requiresSynced: false }
  const again = await journal.write((tx) => tx.accept({ key, content: found.content, refundRules: rules }))
  if (again.kind !== 'accepted') throw new Error(`It was not taken: ${again.kind}`)
  const words = { said: found.content, filledIn: null }
  await journal.write((tx) => tx.recognise({ id: again.receipt.id, key }, found, words))
  const sold = journal.queries.find(id)
  expect(sold && journal.refunds.leftOf(sold)).toEqual({ kopecks: 0, micro: [0] })
  expect(journal.refunds.findingsOf(earlier)).toMatchObject([
    { code: 'refund_exceeds' },
    { code: 'refund_exceeds_quantity' },
  ])
})

test('a refund is counted as long as its original is kept, however old it is', async () => {
  const { journal, clock } = journalAndDb()
  const id = await pending(journal)
  await deliver(journal, await sendBack(journal, { receiptId: id }))
  clock.setWallBy(500 * DAY_MS)
  await journal.write((tx) => tx.prune(clock.wallMs(), 10))
  await journal.write((tx) => tx.pruneOriginals(clock.wallMs(), 10))
  expect(await sendBack(journal, { receiptId: id })).toMatchObject({ kind: 'refund_exceeds', leftKopecks: 0 })
})

test('a refund itself is no original, and leaves nothing behind', async () => {
  const { db, journal, clock } = journalAndDb()
  const id = await pending(journal)
  await deliver(journal, await sendBack(journal, { receiptId: id }))
  clock.setWallBy(8 * DAY_MS)
  await journal.write((tx) => tx.prune(clock.wallMs(), 10))
  expect(db.prepare('SELECT receipt_id FROM originals').all()).toEqual([])
})

const EARLIER = '01900000-0000-7000-8000-000000000001' as ReceiptId

/** The KKT had printed the receipt for a lost journal, under another id. */
async function recognised(journal: Journal, said: ReceiptContent, before: (id: ReceiptId) => Promise<unknown>) {
  const key = freshKey()
  const intake = await journal.write((tx) => tx.accept({ key, content: said }))
  const words = intake.kind === 'accepted' ? journal.queries.wordsOf(intake.receipt.id) : null
  if (intake.kind !== 'accepted' || !words) throw new Error(`It was not taken: ${intake.kind}`)
  const { id } = intake.receipt
  await before(id)
  const found = {
    id: EARLIER,
    content: withFilledIn(words.said, words.filledIn),
    doc: fiscalDoc(nextFd()),
    paper: 'printed' as const,
  }
  await journal.write((tx) => tx.recognise({ id, key }, found, words))
  return id
}

test('a refund that the KKT knew under another id keeps its warnings and its sum', async () => {
  const { journal } = journalAndDb()
  await recognised(journal, refundOf({ receiptId: '01900000-0000-7000-8000-000000000009' }), async () => undefined)
  expect(journal.refunds.findingsOf(EARLIER)).toMatchObject([{ code: 'refund_of_unknown' }])
})

test('a refund of a receipt that the KKT knew under another id still counts, by either id', async () => {
  const { journal } = journalAndDb()
  const id = await recognised(journal, content(), (receiptId) => sendBack(journal, { receiptId }))
  for (const receiptId of [id, EARLIER])
    expect(await sendBack(journal, { receiptId })).toEqual({
      kind: 'refund_exceeds',
      leftKopecks: 0,
      originalId: EARLIER,
    })
})
