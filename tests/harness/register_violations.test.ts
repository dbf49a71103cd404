import { expect, test } from 'bun:test'
import { completed } from './completed.ts'
import {
  findViolations,
  type History,
  type JournalRow,
  type LedgerEntry,
  type Sale,
  type Violation,
} from './invariants.ts'
import { item, receipt } from './receipts.ts'
import type { RegisterDocument } from './register_fn.ts'
import { asRegistered } from './register_words.ts'
import { docOf, fnDocumentOf, idOf, rowOf } from './sample_history.ts'
import type { Body } from './wire_content.ts'

const { fn_number: FN } = docOf(1)
const OTHER_FN = '9999000000000009'
const TILL = 'till'
const NAMED = { fn: '9999000000000002', fd: 71, fpd: '1494325660' }

const bodyOf = (n: number): Body => receipt({ pos_id: TILL, items: [item({ price: n, name: 'Футляр за 100 ₽' })] })

const filed = (n: number, more: Partial<RegisterDocument> = {}): RegisterDocument =>
  Object.assign(
    {
      ...fnDocumentOf(n),
      fn_number: FN,
      fiscal_sign: '123456789',
      fiscal_datetime: docOf(n).fiscal_datetime,
      isInKkt: true,
    },
    more,
  )

const saleOf = (n: number, body = bodyOf(n)): Sale => ({
  key: `key-${n}`,
  receipt: body,
  answers: [{ kind: 'printed', receiptId: idOf(n), doc: docOf(n), warnings: [] }],
})

const entryOf = (n: number, body = bodyOf(n)): LedgerEntry => ({
  receipt_id: idOf(n),
  pos_id: TILL,
  ofd_id: `OFD-${n}`,
  fiscal_doc_number: n,
  findings: [],
  document: {
    ...asRegistered(completed(body, {}), () => undefined),
    receipt_id: idOf(n),
    pos_id: TILL,
    kkt_id: 'serial',
    fiscal_doc: docOf(n),
  },
})

const NUMBERS = [
  'fiscal_doc_number',
  'fiscal_sign',
  'fiscal_datetime',
  'fn_number',
  'kkt_number',
  'shift_number',
] as const
/** A document as a person tells it. */
function bareDoc(n: number) {
  const { receipt_number, total, qr_code_data, ...doc } = docOf(n)
  return { ...Object.fromEntries(NUMBERS.map((name) => [name, doc[name]])), receipt_number, total, qr_code_data }
}

const row = (n: number, change: object = {}): JournalRow =>
  Object.assign({ ...rowOf(n, TILL), ofd_id: null, fiscal_doc: docOf(n) }, change)

const clean = () => ({
  sales: [saleOf(1), saleOf(2)],
  journal: [row(1), row(2)],
  fn: [filed(1), filed(2)],
  ledger: [entryOf(1), entryOf(2)],
  deadLetters: [],
  tillsFiles: [{}],
  poisoned: [],
  isLossy: false,
  byRegister: { settled: new Map<string, 'printed' | 'not_printed'>() },
})
type Handmade = ReturnType<typeof clean>

/** Receipt 2 was the last of an FN that was taken out before the OFD had it. */
function takeOut(history: Handmade, status: 'closed' | 'pending'): void {
  history.journal[1] = row(2, { status, synced_at: null })
  history.fn = [filed(1, { isInKkt: false }), filed(2, { isInKkt: false })]
  history.ledger.pop()
}

function tellBare(history: Handmade): void {
  const doc: unknown = bareDoc(2)
  Object.assign(history.journal[1] ?? {}, { fiscal_doc: doc })
  history.sales[1]?.answers.splice(0)
}

function correct(history: Handmade, sign: string): History {
  const correction = { type: 'self' as const, date: '2026-01-30' }
  const [back, right] = [1, 2].map((n) => ({
    ...bodyOf(n),
    type: n === 1 ? ('refund' as const) : ('sale' as const),
    correction,
    corrects: NAMED,
  }))
  if (!back || !right) throw new Error('There is no pair')
  history.sales = [saleOf(1, back), saleOf(2, right)]
  history.ledger = [entryOf(1, back), entryOf(2, right)]
  Object.assign(history.ledger[1]?.document ?? {}, { attribute: sign })
  const [reversal, said] = history.sales
  if (!reversal || !said) throw new Error('There is no pair')
  return Object.assign(history, { pairs: [{ key: 'pair', document: NAMED, reversal, right: said }] })
}

/** Receipt 1 becomes FD 2 of an FN that was taken out, and receipt 2 the first document of the next. */
function replaceBetween({ fn, journal, ledger, sales }: Handmade): void {
  const old = filed(2, { receipt_id: idOf(1), isInKkt: false })
  fn.splice(0, 2, filed(1, { receipt_id: null, kind: 'registration', receipt_number: null, isInKkt: false }), old)
  fn.push(filed(1, { receipt_id: idOf(2), fn_number: OTHER_FN }))
  const docs = [
    { ...docOf(1), fiscal_doc_number: 2, receipt_number: 2 },
    { ...docOf(2), fn_number: OTHER_FN, fiscal_doc_number: 1, receipt_number: 1 },
  ]
  for (const [i, doc] of docs.entries()) {
    const receiptId = idOf(i + 1)
    Object.assign(journal[i] ?? {}, { fiscal_doc: doc })
    Object.assign(ledger[i] ?? {}, { fiscal_doc_number: doc.fiscal_doc_number })
    Object.assign(ledger[i]?.document ?? {}, { fiscal_doc: doc })
    sales[i]?.answers.splice(0, 1, { kind: 'printed', receiptId, doc, warnings: [] })
  }
}

type Change = (history: Handmade) => void

test.each<[string, Change]>([
  ['all agree', () => undefined],
  [
    'the FN was replaced between the two',
    ({ fn, journal, ledger, sales }) => {
      Object.assign(fn[0] ?? {}, { isInKkt: false })
      fn[1] = filed(1, { fn_number: OTHER_FN, receipt_id: idOf(2) })
      const doc = { ...docOf(2), fn_number: OTHER_FN, fiscal_doc_number: 1, receipt_number: 1 }
      journal[1] = row(2, { fiscal_doc: doc })
      ledger[1] = Object.assign(entryOf(2), { fiscal_doc_number: 1 })
      ledger[1].document.fiscal_doc = doc
      sales[1]?.answers.splice(0, 1, { kind: 'printed', receiptId: idOf(2), doc, warnings: [] })
    },
  ],
  [
    'an FN took a document with it that is not on paper, and the till was told so',
    ({ fn, sales }) => {
      for (const one of fn) Object.assign(one, { isInKkt: false })
      Object.assign(fn[0] ?? {}, { on_paper: false })
      Object.assign(sales[0]?.answers[0] ?? {}, { isPaperLost: true })
    },
  ],
  [
    'a person told a document that is not on paper',
    (history) => {
      Object.assign(history.fn[1] ?? {}, { on_paper: false })
      history.byRegister.settled.set(idOf(2), 'printed')
    },
  ],
  ['a person closed what an FN took with it', (history) => takeOut(history, 'closed')],
  [
    'a person closed it, and the OFD had it',
    (history) => {
      takeOut(history, 'closed')
      history.ledger.push(entryOf(2))
    },
  ],
  [
    'a person told a document',
    (history) => {
      tellBare(history)
      history.byRegister.settled.set(idOf(2), 'printed')
    },
  ],
  [
    'the FN was replaced between the two documents of a pair',
    (history) => {
      correct(history, NAMED.fpd)
      replaceBetween(history)
    },
  ],
  [
    'a person told the first document of a pair, which was made behind the second one',
    (history) => {
      const [pair] = correct(history, NAMED.fpd).pairs ?? []
      if (pair) Object.assign(pair, { reversal: pair.right, right: pair.reversal })
      history.byRegister.settled.set(idOf(2), 'printed')
    },
  ],
  ['a correction names the wrong document by its sign', (history) => void correct(history, NAMED.fpd)],
])('nothing is wrong where %s', (_what, change) => {
  const history = clean()
  change(history)
  expect(findViolations(history)).toEqual([])
})

test.each<[string, Violation['kind'][], Change]>([
  [
    'a receipt has two documents, one of them in no journal',
    ['doubled', 'contradiction'],
    ({ fn }) => fn.push(filed(3, { receipt_id: idOf(1) })),
  ],
  ['a document is nobody’s', ['stranger'], ({ fn }) => fn.push(filed(3))],
  ['an FN took a receipt with it, and nobody closed it', ['lost'], (history) => takeOut(history, 'pending')],
  [
    'a receipt is closed that the OFD lacks and the FN still holds',
    ['unexplained dead letter'],
    (history) => {
      takeOut(history, 'closed')
      for (const one of history.fn) Object.assign(one, { isInKkt: true })
    },
  ],
  ['a document without its details was told by nobody', ['contradiction'], tellBare],
  [
    'the OFD has another number than the journal',
    ['contradiction'],
    ({ ledger }) => {
      if (ledger[1]) ledger[1].document.fiscal_doc = { ...docOf(2), fiscal_sign: '7' }
    },
  ],
  [
    'the journal knows a name of the OFD',
    ['contradiction'],
    ({ journal }) => Object.assign(journal[0] ?? {}, { ofd_id: 'OFD-1' }),
  ],
  [
    'a name is cut more than its tag',
    ['contradiction'],
    ({ ledger }) => Object.assign(ledger[0]?.document.items[0] ?? {}, { name: 'Футляр' }),
  ],
  [
    'a name is not in the code page',
    ['contradiction'],
    ({ ledger }) => Object.assign(ledger[0]?.document.items[0] ?? {}, { name: 'Футляр за 100 ₽' }),
  ],
  [
    'an old FN’s document comes after a new one’s',
    ['inversion'],
    ({ fn, ledger, journal, sales }) => {
      Object.assign(fn[1] ?? {}, { fn_number: OTHER_FN, fiscal_doc_number: 1 })
      const doc = { ...docOf(2), fn_number: OTHER_FN, fiscal_doc_number: 1 }
      journal[1] = row(2, { fiscal_doc: doc })
      sales[1]?.answers.splice(0, 1, { kind: 'printed', receiptId: idOf(2), doc, warnings: [] })
      const late = Object.assign(entryOf(2), { fiscal_doc_number: 1 })
      late.document.fiscal_doc = doc
      ledger.splice(0, 2, late, entryOf(1))
    },
  ],
  [
    'a till was told of a document that is never on paper, and its FN is there',
    ['contradiction'],
    ({ fn, sales }) => {
      Object.assign(fn[0] ?? {}, { on_paper: false })
      Object.assign(sales[0]?.answers[0] ?? {}, { isPaperLost: true })
    },
  ],
  [
    'a receipt was printed after a person said that it was not, and is not on paper',
    ['contradiction'],
    (history) => {
      Object.assign(history.fn[1] ?? {}, { on_paper: false })
      history.byRegister.settled.set(idOf(2), 'not_printed')
    },
  ],
  [
    'a correction names another document',
    ['contradiction', 'put right wrongly'],
    (history) => void correct(history, '7'),
  ],
])('%s: %j', (_what, kinds, change) => {
  const history = clean()
  change(history)
  expect([...new Set(findViolations(history).map(({ kind }) => kind))].sort()).toEqual(kinds.sort())
})
