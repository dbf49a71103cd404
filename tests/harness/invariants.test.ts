import { describe, expect, test } from 'bun:test'
import { completed } from './completed.ts'
import { findViolations, type History, type LedgerEntry, type Sale, VIOLATIONS, type Violation } from './invariants.ts'
import { item, receipt } from './receipts.ts'
import { docOf, fnDocumentOf, idOf, otherDocument, rowOf, tillsDocOf, undamaged } from './sample_history.ts'
import type { TillsFile } from './till_settings.ts'
import type { ReceiptView } from './wire.ts'
import { type FnDocument, isOfReceipt } from './wire_kkt.ts'

const EARLIER_FILE: TillsFile = { '*': { cashier: { name: 'Earlier' } } }
const FILE: TillsFile = { '*': { cashier: { name: 'Later' }, place: 'Shop 3', measure: 'other' } }

const saleOf = (n: number, posId: string): Sale => ({
  key: `key-${n}`,
  receipt: receipt({ pos_id: posId, items: [item({ price: n })] }),
  answers: [{ kind: 'printed', receiptId: idOf(n), doc: tillsDocOf(n), warnings: [] }],
})

const entryOf = (n: number, { receipt: sent }: Sale): LedgerEntry => ({
  receipt_id: idOf(n),
  pos_id: sent.pos_id,
  ofd_id: `OFD-${n}`,
  fiscal_doc_number: n,
  findings: [],
  document: {
    ...completed(sent, FILE['*'] ?? {}),
    receipt_id: idOf(n),
    pos_id: sent.pos_id,
    kkt_id: 'KKT-001',
    fiscal_doc: docOf(n),
  },
})

/** Two tills by turns: receipts 1 and 3 are the first till's, 2 and 4 the second's. The OFD refuses receipt 5, a third till's. */
function cleanHistory() {
  const posIds = ['first', 'second', 'first', 'second', 'poisoned']
  const sales = posIds.map((posId, i) => saleOf(i + 1, posId))
  const journal = posIds.map((posId, i) => rowOf(i + 1, posId))
  const fn: FnDocument[] = posIds.map((_, i) => fnDocumentOf(i + 1))
  const ledger = sales.slice(0, 4).map((sale, i) => entryOf(i + 1, sale))
  const deadLetters = [{ receipt_id: idOf(5), pos_id: 'poisoned', reason: 'refused_by_ofd' }]
  Object.assign(at(journal, 5), { status: 'failed', synced_at: null, ofd_id: null })
  return { sales, journal, fn, ledger, deadLetters, tillsFiles: [EARLIER_FILE, FILE], ...undamaged() }
}
type Handmade = ReturnType<typeof cleanHistory>

/** The n-th item from 1, as the items of these histories are numbered. */
function at<T>(items: T[], n: number): T {
  const found = items[n - 1]
  if (found === undefined) throw new Error(`there is no ${n}`)
  return found
}
const set = <T extends object>(one: T, change: Partial<T>) => void Object.assign(one, change)
const remove = (items: unknown[], n: number) => void items.splice(n - 1, 1)
const answer = (history: Handmade, n: number, ...answers: Sale['answers']) =>
  at(history.sales, n).answers.push(...answers)
const printed = (n: number, doc = tillsDocOf(n)) => ({
  kind: 'printed' as const,
  receiptId: idOf(n),
  doc,
  warnings: [],
})
const warned = (n: number) => ({ ...printed(n), warnings: [{ code: 'no_cashier', message: 'Set one.' }] })
const buffered = (n: number) => ({ kind: 'buffered' as const, receiptId: idOf(n), warnings: [] })

/** Adds a sixth receipt, of the first till, that the KKT refused for good: only the journal has it. */
function refuse({ sales, journal }: Handmade, ...answers: Sale['answers']) {
  sales.push({ ...saleOf(6, 'first'), answers })
  journal.push({ ...rowOf(6, 'first'), status: 'refused', fiscal_doc: null, ofd_id: null })
}

test.each<[string, (history: Handmade) => void]>([
  ['everything is as it should be', () => undefined],
  ['documents of other kinds come before, between and after the receipts', fileOthers],
  ['a receipt was put right', (history) => void pairUp(history)],
  ['a till gets the same answer again', (history) => answer(history, 1, printed(1), printed(1))],
  ['a receipt was buffered first', ({ sales }) => at(sales, 1).answers.unshift(buffered(1))],
  ['a key has no answer and no receipt', ({ sales }) => sales.push({ ...saleOf(6, 'first'), answers: [] })],
  ['a key has no answer, and its receipt was taken', ({ sales }) => set(at(sales, 1), { answers: [] })],
  ['the KKT refused, and the till was told', (history) => refuse(history, { kind: 'refused' })],
  ['a receipt was buffered first, then refused', (history) => refuse(history, buffered(6), { kind: 'refused' })],
  ['a dead letter came late', (history) => foundWrong(4, 'late_document')(poison(history, 4))],
  ['an operator closed a dead letter', ({ journal }) => set(at(journal, 5), { status: 'closed' })],
  [
    'a dead letter was requeued and delivered later',
    ({ ledger, journal, sales }) => {
      Object.assign(at(journal, 5), rowOf(5, 'poisoned'))
      Object.assign(at(journal, 4), { pos_id: 'poisoned' })
      at(sales, 4).receipt.pos_id = 'poisoned'
      ledger.splice(3, 1, entryOf(5, at(sales, 5)), entryOf(4, at(sales, 4)))
    },
  ],
])('a clean history is clean: %s', (_what, change) => {
  const history = cleanHistory()
  change(history)
  expect(findViolations(history)).toEqual([])
})

type Case = [receipt: number | null, what: RegExp, change: (history: Handmade) => void]

const WRONG = { fn: '9999000000000002', fd: 71, fpd: '1494325660' }

/** Makes receipts 1 and 3 a pair that puts a document right. */
function pairUp(history: Handmade): History {
  const correction = { type: 'self' as const, date: '2026-01-30' }
  for (const n of [1, 3]) {
    const type = n === 1 ? ('refund' as const) : ('sale' as const)
    Object.assign(at(history.sales, n).receipt, { type, correction, corrects: WRONG })
    Object.assign(at(history.ledger, n).document, { type, correction, corrects: WRONG })
  }
  const pair = { key: 'pair-1', document: WRONG, reversal: at(history.sales, 1), right: at(history.sales, 3) }
  return Object.assign(history, { pairs: [pair] })
}

const paired = (change: (history: Handmade) => void) => (history: Handmade) => {
  pairUp(history)
  change(history)
}

const CASES: Record<Violation['kind'], Case[]> = {
  'put right wrongly': [
    [null, /^a part of pair-1 was never told of$/, paired(({ sales }) => set(at(sales, 3), { answers: [] }))],
    [
      3,
      /^is of pair-1, and names another document than that$/,
      paired(({ ledger }) => set(at(ledger, 3).document, { corrects: { ...WRONG, fpd: '1' } })),
    ],
    [3, /^says what is right for pair-1, before anything is/, paired(({ ledger }) => outOfOrder(ledger))],
    [
      2,
      /^undoes FD 71, which is undone 2 times$/,
      paired(({ ledger }) => set(at(ledger, 2).document, { type: 'refund', corrects: WRONG })),
    ],
  ],
  lost: [
    [1, /^answered, and not in the journal$/, ({ journal }) => remove(journal, 1)],
    [4, /^pending in the end, and never fiscalised$/, unprint('pending')],
    [4, /^accepted in the end, and never fiscalised$/, unprint('accepted')],
    [1, /^fiscalised, synced in the end, and not at the OFD$/, ({ ledger }) => remove(ledger, 1)],
    [1, /^still pending in the end$/, ({ journal }) => set(at(journal, 1), { status: 'pending' })],
    [6, /^answered as taken, and refused without a word/, (history) => refuse(history, buffered(6))],
    [6, /^answered as taken, and refused/, (history) => refuse(history, printed(6), { kind: 'refused' })],
  ],
  doubled: [
    [1, /^key key-1 was answered with 2 receipts/, (history) => answer(history, 1, buffered(3))],
    [1, /^key key-1 was answered with FD 1 and FD 9$/, (history) => answer(history, 1, printed(1, tillsDocOf(9)))],
    [1, /^fiscalised 2 times: FD 1, 6$/, ({ fn }) => void fn.push({ ...at(fn, 1), fiscal_doc_number: 6 })],
    [4, /^2 times at the OFD: OFD-4, OFD-9$/, ({ ledger }) => void ledger.push({ ...at(ledger, 4), ofd_id: 'OFD-9' })],
  ],
  gap: [
    [3, /^FD 3 comes after FD 1 in the FN$/, ({ fn }) => remove(fn, 2)],
    [2, /^FD 2 comes after none in the FN$/, ({ fn }) => remove(fn, 1)],
    [null, /^FD 7 comes after FD 5 in the FN$/, ({ fn }) => void fn.push(otherDocument(7, 'shift_closing'))],
    [null, /^FD 5 comes after FD 5 in the FN$/, ({ fn }) => void fn.push(otherDocument(5, 'shift_closing'))],
    [3, /^FD 3 comes after FD 3 in the FN$/, ({ fn }) => void fn.splice(2, 0, at(fn, 3))],
    [2, /^FD 2 comes after FD 3 in the FN$/, ({ fn }) => void fn.splice(1, 2, at(fn, 3), at(fn, 2))],
  ],
  inversion: [[2, /^FD 2 of second reached the OFD after FD 4$/, ({ ledger }) => void ledger.reverse()]],
  contradiction: [
    [null, /^key key-1 was answered 500/, (history) => answer(history, 1, { kind: 'other', what: '500 x' })],
    [
      1,
      /with two documents$/,
      (history) => answer(history, 1, printed(1, { ...tillsDocOf(1), fiscal_sign: '9999999999' })),
    ],
    [1, /^key key-1 was sent with 99 and printed with 1$/, resend],
    [1, /as printed, and later as buffered$/, (history) => answer(history, 1, buffered(1))],
    [1, /as printed, and later as refused$/, (history) => answer(history, 1, { kind: 'refused' })],
    [3, /^one receipt for 2 keys: key-3, twin$/, ({ sales }) => void sales.push({ ...at(sales, 3), key: 'twin' })],
    [1, /^sent by first, journaled for second$/, ({ journal }) => set(at(journal, 1), { pos_id: 'second' })],
    [1, /^the till and the journal have different documents$/, signAgain],
    [1, /^the till has FD 1, the FN FD 1$/, ({ fn }) => set(at(fn.filter(isOfReceipt), 1), { receipt_number: 7 })],
    [1, /^the journal has FD 1, the FN FD 1$/, ({ fn }) => set(at(fn, 1), { shift_number: 2 })],
    [1, /^answered as printed, and not on paper$/, ({ fn }) => set(at(fn, 1), { on_paper: false })],
    [1, /^the OFD has another receipt than/, ({ ledger }) => set(at(ledger, 1).document, { total: 2 })],
    [1, /^the OFD has another receipt than/, ({ ledger }) => set(at(ledger, 1), { pos_id: 'second' })],
    [1, /^the OFD has another receipt than/, ({ ledger }) => set(at(ledger, 1).document, { items: [] })],
    [1, /^the OFD has another receipt than/, ({ ledger }) => set(at(ledger, 1).document, { place: 'Shop 4' })],
    // The cashier of one version, and the place of another.
    [
      1,
      /^the OFD has another receipt than/,
      ({ ledger }) => set(at(ledger, 1).document, { cashier: { name: 'Earlier' } }),
    ],
    [1, /^key key-1 was warned of different things$/, (history) => answer(history, 1, warned(1))],
    [
      1,
      /^the journal and the OFD have different documents$/,
      ({ ledger }) => set(at(ledger, 1).document.fiscal_doc, { fiscal_sign: '1' }),
    ],
    [
      1,
      /^the journal and the OFD have different documents$/,
      ({ ledger }) => set(at(ledger, 1), { fiscal_doc_number: 9 }),
    ],
    [1, /^the journal has it as OFD-9, the OFD as OFD-1$/, ({ journal }) => set(at(journal, 1), { ofd_id: 'OFD-9' })],
  ],
  stranger: [
    [6, /^fiscalised, and not in the journal$/, ({ fn }) => void fn.push({ ...fnDocumentOf(6), receipt_id: idOf(6) })],
    [6, /^at the OFD, and not in the journal$/, ({ ledger, sales }) => void ledger.push(entryOf(6, at(sales, 4)))],
    [4, /^at the OFD, and never fiscalised$/, unprint('synced')],
    [1, /^refused, and fiscalised all the same$/, ({ journal }) => set(at(journal, 1), { status: 'refused' })],
    [6, /^in the journal for first, and answered to nobody$/, ({ journal }) => void journal.push(rowOf(6, 'first'))],
    [2, /^in the journal for second, and answered to nobody$/, ({ sales }) => remove(sales, 2)],
  ],
  'found wrong': [
    [1, /^at the OFD: vat_sums, wrong$/, foundWrong(1, 'vat_sums')],
    [1, /^at the OFD: late_document, wrong$/, foundWrong(1, 'late_document')],
    [4, /^at the OFD: vat_sums, wrong$/, (history) => foundWrong(4, 'vat_sums')(poison(history, 4))],
  ],
  'unexplained dead letter': [
    [
      5,
      /^of poisoned, for retries_exhausted$/,
      ({ deadLetters }) => set(at(deadLetters, 1), { reason: 'retries_exhausted' }),
    ],
    [5, /^of poisoned, for refused_by_ofd$/, ({ poisoned }) => remove(poisoned, 1)],
    [5, /^of poisoned, failed, and not in the DLQ$/, ({ deadLetters }) => remove(deadLetters, 1)],
    [
      5,
      /^of poisoned, closed, and not in the DLQ$/,
      ({ journal, deadLetters }) => {
        at(journal, 5).status = 'closed'
        remove(deadLetters, 1)
      },
    ],
  ],
}

/** Moves the receipts behind the registration and the opening of a shift, and the last two behind a closing and an opening. */
function fileOthers({ sales, journal, fn, ledger }: Handmade): void {
  const moved = (n: number) => n + (n > 3 ? 4 : 2)
  const move = (one: { fiscal_doc_number: number }) => set(one, { fiscal_doc_number: moved(one.fiscal_doc_number) })
  for (const { answers } of sales) for (const one of answers) if (one.kind === 'printed') move(one.doc)
  for (const { fiscal_doc } of journal) if (fiscal_doc) move(fiscal_doc)
  for (const document of fn) move(document)
  for (const entry of ledger) {
    move(entry)
    move(entry.document.fiscal_doc)
  }
  fn.splice(3, 0, otherDocument(6, 'shift_closing'), otherDocument(7, 'shift_opening'))
  fn.unshift(otherDocument(1, 'registration'), otherDocument(2, 'shift_opening'))
  fn.push(otherDocument(10, 'shift_closing'))
}

function unprint(status: ReceiptView['status']) {
  return ({ journal, fn }: Handmade) => {
    remove(fn, 4)
    at(journal, 4).status = status
  }
}

function foundWrong(n: number, code: string) {
  return ({ ledger }: Handmade) => set(at(ledger, n), { findings: [{ code, message: 'wrong' }] })
}

/** Makes a receipt one of the till that the OFD was told to refuse. */
function poison(history: Handmade, n: number): Handmade {
  const { journal, ledger, sales } = history
  at(sales, n).receipt.pos_id = 'poisoned'
  set(at(journal, n), { pos_id: 'poisoned' })
  set(at(ledger, n), { pos_id: 'poisoned' })
  at(ledger, n).document.pos_id = 'poisoned'
  return history
}

function resend({ sales, ledger }: Handmade) {
  const sent = receipt({ pos_id: 'first', items: [item({ price: 99 })] })
  at(sales, 1).receipt = sent
  Object.assign(at(ledger, 1).document, completed(sent, FILE['*'] ?? {}))
}

/** The reversal is made after the receipt that is right. */
function outOfOrder(ledger: Handmade['ledger']) {
  set(at(ledger, 1), { fiscal_doc_number: 9 })
}

function signAgain(history: Handmade) {
  at(history.sales, 1).answers = [printed(1, { ...tillsDocOf(1), fiscal_sign: '9999999999' })]
}

describe.each(VIOLATIONS)('%s', (kind) => {
  test.each(CASES[kind])('of receipt %p: %p', (n, what, change) => {
    const history: Handmade = cleanHistory()
    change(history)
    const receiptId = n === null ? null : idOf(n)
    expect(findViolations(history)).toContainEqual({ kind, receiptId, what: expect.stringMatching(what) })
  })
})

test('one fault is reported once', () => {
  const alone = (change: (history: Handmade) => void) => {
    const history: History & Handmade = cleanHistory()
    change(history)
    return findViolations(history).map(({ kind }) => kind)
  }
  expect(alone(({ ledger }) => remove(ledger, 1))).toEqual(['lost'])
  expect(alone(({ ledger }) => void ledger.push({ ...at(ledger, 4), ofd_id: 'OFD-9' }))).toEqual(['doubled'])
  expect(alone(({ fn }) => set(at(fn, 1), { on_paper: false }))).toEqual(['contradiction'])
})
