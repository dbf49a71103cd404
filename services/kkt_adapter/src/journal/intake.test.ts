import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptContent } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import { accepted, content, freshKey, journalAndDb, temporaryFile } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'
import type { NewReceipt } from './intake.ts'
import { createJournal, type Journal } from './journal.ts'

type Sent = NewReceipt & { content: ReceiptContent }
const sent = (overrides: Partial<Sent> = {}): Sent => ({
  key: freshKey(),
  content: content(),
  ...overrides,
})
const accept = (journal: Journal, receipt: NewReceipt) => journal.write((tx) => tx.accept(receipt))
const total = (journal: Journal) => Object.values(journal.queries.counts()).reduce((sum, n) => sum + n, 0)

test('a new receipt is journaled whole, and found again', async () => {
  const { journal, clock } = journalAndDb()
  const receipt = sent({ content: content('POS-7', 4_294_967_295) })
  const intake = await accept(journal, receipt)
  expect(intake).toMatchObject({ kind: 'accepted', receipt: { content: receipt.content } })
  if (intake.kind !== 'accepted') return
  expect(intake.receipt).toEqual({
    id: intake.receipt.id,
    content: receipt.content,
    status: 'accepted',
    createdAtMs: clock.wallMs(),
    changedAtMs: clock.wallMs(),
    fiscalDoc: null,
    printedAtMs: null,
    needsPaper: false,
    isPaperLost: false,
    maybeAtOfd: false,
    retryCount: 0,
    ofdId: null,
    syncedAtMs: null,
    dlqReason: null,
    lastError: null,
    untoldFn: null,
  })
  expect(journal.queries.find(intake.receipt.id)).toEqual(intake.receipt)
})

describe('invariant 2: one key is one receipt', () => {
  test('the same key and body again gives the same receipt, as it is by now', async () => {
    const { journal } = journalAndDb()
    const receipt = sent()
    const first = await accept(journal, receipt)
    if (first.kind !== 'accepted') throw new Error(first.kind)
    await journal.write((tx) => tx.markPrinting(first.receipt.id))
    expect(await accept(journal, receipt)).toEqual({ kind: 'known', receipt: { ...first.receipt, status: 'printing' } })
    expect(total(journal)).toBe(1)
  })

  test('the same key twice in one commit is one receipt', async () => {
    const { journal } = journalAndDb()
    const receipt = sent()
    const [first, second] = await Promise.all([accept(journal, receipt), accept(journal, receipt)])
    expect([first.kind, second.kind]).toEqual(['accepted', 'known'])
    expect(second).toMatchObject({ receipt: 'receipt' in first && first.receipt })
    expect(total(journal)).toBe(1)
  })

  test('the same key with another body is told apart, and stores nothing', async () => {
    const { journal } = journalAndDb()
    const receipt = sent()
    const first = await accept(journal, receipt)
    if (first.kind !== 'accepted') throw new Error(first.kind)
    const other = await accept(journal, { ...receipt, content: content('POS-002') })
    expect(other).toEqual({ kind: 'key_reused', receiptId: first.receipt.id, posId: 'POS-001' })
    expect(total(journal)).toBe(1)
    expect(journal.queries.find(first.receipt.id)).toEqual(first.receipt)
  })

  test('a body that an earlier version kept with its names not composed is the same body', async () => {
    const { journal } = journalAndDb()
    const named = (name: string): ReceiptContent => ({
      ...content(),
      items: content().items.map((item) => ({ ...item, name })),
    })
    const receipt = sent({ content: named('Йод'.normalize('NFD')) })
    const first = await accept(journal, receipt)
    if (first.kind !== 'accepted') throw new Error(first.kind)
    const again = await accept(journal, { ...receipt, content: named('Йод'.normalize('NFC')) })
    expect(again).toEqual({ kind: 'known', receipt: first.receipt })
    expect(await accept(journal, { ...receipt, content: named('Под') })).toMatchObject({ kind: 'key_reused' })
  })

  test('other keys with the same body are receipts of their own', async () => {
    const { journal } = journalAndDb()
    expect([await accept(journal, sent()), await accept(journal, sent())]).toMatchObject([
      { kind: 'accepted' },
      { kind: 'accepted' },
    ])
    expect(total(journal)).toBe(2)
  })

  test('a key survives the file being closed and opened again', async () => {
    const path = temporaryFile('buffer.db')
    const open = () => createJournal(openDatabase(path), { clock: new TestClock(), maxUndelivered: 10 })
    const before = open()
    const receipt = sent()
    const first = await accept(before, receipt)
    if (first.kind !== 'accepted') throw new Error(first.kind)
    before.close()
    const after = open()
    expect(await accept(after, receipt)).toEqual({ kind: 'known', receipt: first.receipt })
    expect(await accept(after, { ...receipt, content: content('POS-002') })).toMatchObject({ kind: 'key_reused' })
    after.close()
  })
})

describe('invariant 9: full means told', () => {
  test('at so many undelivered receipts another is refused, and nothing of it is stored', async () => {
    const { journal, db } = journalAndDb({ maxUndelivered: 2 })
    await accepted(journal)
    await accepted(journal)
    const late = sent()
    const rows = db.prepare<{ n: number }>(
      'SELECT (SELECT count(*) FROM receipts) + (SELECT count(*) FROM events) AS n',
    )
    const before = rows.get()
    expect(await accept(journal, late)).toEqual({ kind: 'full', undelivered: 2 })
    expect(rows.get()).toEqual(before)
  })

  test('the places are counted within one commit too', async () => {
    const { journal } = journalAndDb({ maxUndelivered: 2 })
    const kinds = await Promise.all([1, 2, 3, 4].map(() => accept(journal, sent())))
    expect(kinds.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'full', 'full'])
  })

  test('a known key is still answered', async () => {
    const { journal } = journalAndDb({ maxUndelivered: 1 })
    const receipt = sent()
    await accept(journal, receipt)
    expect(await accept(journal, sent())).toMatchObject({ kind: 'full' })
    expect(await accept(journal, receipt)).toMatchObject({ kind: 'known' })
    expect(await accept(journal, { ...receipt, content: content('POS-002') })).toMatchObject({ kind: 'key_reused' })
  })

  const TAKES_NO_PLACE: Status[] = ['refused', 'synced', 'failed', 'closed']
  for (const status of STATUSES) {
    const takes = !TAKES_NO_PLACE.includes(status)
    test(`a receipt that is ${status} takes ${takes ? 'a place' : 'no place'}`, async () => {
      const { journal, reach } = setUp(1)
      await reach(status)
      expect((await accept(journal, sent())).kind).toBe(takes ? 'full' : 'accepted')
    })
  }
})

test('invariant 8: of two processes on one buffer each mints ids after those of the other', async () => {
  const path = temporaryFile('buffer.db')
  const ahead = new TestClock()
  const behind = new TestClock()
  behind.setWallBy(-3_600_000)
  const journals = [ahead, behind].map((clock) => createJournal(openDatabase(path), { clock, maxUndelivered: 1000 }))
  const ids: string[] = []
  for (let round = 0; round < 3; round++) for (const journal of journals) ids.push((await accepted(journal)).id)
  expect(ids.toSorted()).toEqual(ids)
  for (const journal of journals) journal.close()
})
