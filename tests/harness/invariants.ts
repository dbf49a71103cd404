import { isDeepStrictEqual } from 'node:util'
import { dueKopecks } from './completed.ts'
import { foundWrong, isAsSent, warningViolations } from './content_violations.ts'
import { groupBy } from './group_by.ts'
import { gaps, inversions } from './order_violations.ts'
import { type Pair, pairViolations } from './pair_violations.ts'
import type { RegisterDocument } from './register_fn.ts'
import { type ByRegister, isSameDocument, sentContent, untraced } from './register_violations.ts'
import type { TillsFile } from './till_settings.ts'
import type { ReceiptView } from './wire.ts'
import type { Body, DocumentContent } from './wire_content.ts'
import type { FiscalDoc } from './wire_document.ts'
import { type FnDocument, type FnReceipt, isOfReceipt } from './wire_kkt.ts'

export type Warning = { code: string; message: string }

/** `test`: the KKT is a mock. */
type TillsDoc = FiscalDoc & { test?: true | undefined }

/** An answer that a till got for a receipt. A 503 or a broken connection tells nothing of the receipt, and does not count. */
export type TillAnswer =
  /** `isPaperLost`: the till was told that the KKT can print it no more. */
  | { kind: 'printed'; receiptId: string; doc: TillsDoc; warnings: readonly Warning[]; isPaperLost?: true }
  | { kind: 'buffered'; receiptId: string; warnings: readonly Warning[] }
  /** The KKT made no document and will make none. */
  | { kind: 'refused' }
  /** An answer that a valid receipt must never get. */
  | { kind: 'other'; what: string }

/** One idempotency key: the receipt that was sent with it, always the same, and all answers in order. */
export type Sale = { key: string; receipt: Body; answers: TillAnswer[] }

/** One acceptance by the OFD. A receipt that it took twice has two entries. */
export type LedgerEntry = {
  receipt_id: string
  pos_id: string
  ofd_id: string
  fiscal_doc_number: number
  /** The things that the OFD found wrong with it. */
  findings: readonly { code: string; message: string }[]
  document: DocumentContent & { pos_id: string; receipt_id: string; kkt_id: string; fiscal_doc: FiscalDoc }
}

/** A receipt in the journal. */
export type JournalRow = Omit<ReceiptView, 'fiscal_doc'> & { fiscal_doc: TillsDoc | null }

/** Everything that the tills, the journal, the FN and the OFD hold, once nothing is under way. */
export type History = {
  sales: readonly Sale[]
  journal: readonly JournalRow[]
  /** The documents of all kinds, FN after FN, and in its order. The FN's number is left out where there was one alone. */
  fn: readonly (FnDocument & Partial<RegisterDocument>)[]
  /** In the order of arrival. */
  ledger: readonly LedgerEntry[]
  /** The receipts that tills have put right. Their sales are among the others. */
  pairs?: readonly Pair[]
  /** Everything that was ever in the DLQ. */
  deadLetters: readonly { receipt_id: string; pos_id: string; reason: string }[]
  /** The versions of TILLS_FILE that held during the run, and at least one. Each receipt goes by one of them. */
  tillsFiles: readonly TillsFile[]
  /** Tills whose receipts the OFD was told to refuse. They may be dead letters, and be delivered late after a requeue. */
  poisoned: readonly string[]
  /** Whether the journal was damaged during the run, so that it may have lost receipts. */
  isLossy: boolean
  /** Of a run whose cash register is one of its own, and hands its documents to the OFD by itself. */
  byRegister?: ByRegister
}

export const VIOLATIONS = [
  'lost',
  'doubled',
  'gap',
  'inversion',
  'contradiction',
  'stranger',
  'found wrong',
  'put right wrongly',
  'unexplained dead letter',
] as const
export type Violation = {
  kind: (typeof VIOLATIONS)[number]
  /** Null where it concerns no single receipt. */
  receiptId: string | null
  what: string
}

/** Checks the invariants of receipts against the tills, the journal, the FN and the OFD. Empty when all agree. */
export function findViolations(history: History): Violation[] {
  const facts = indexed(history)
  return CHECKS.flatMap(({ kind, find }) =>
    [...find(facts)].map(([receiptId, what]): Violation => ({ kind, receiptId, what })),
  )
}

/** The document of a receipt in an FN. */
type Filed = FnReceipt & Partial<RegisterDocument>

export type Found = [receiptId: string | null, what: string]
type Facts = ReturnType<typeof indexed>

function indexed(history: History) {
  const filed = history.fn.filter((one): one is Filed => isOfReceipt(one))
  const salesOf = groupBy(history.sales, (sale) => new Set(sale.answers.flatMap(receiptIdOf)))
  return {
    ...history,
    sentContent: sentContent(history),
    untraced: untraced(history),
    salesOf,
    rowOf: new Map(history.journal.map((row) => [row.receipt_id, row])),
    documentsOf: groupBy(filed, ({ receipt_id }) => [receipt_id]),
    entriesOf: groupBy(history.ledger, ({ receipt_id }) => [receipt_id]),
    ids: new Set([
      ...salesOf.keys(),
      ...[history.journal, filed, history.ledger].flatMap((part) => part.map(({ receipt_id }) => receipt_id)),
    ]),
  }
}

const receiptIdOf = (answer: TillAnswer) => ('receiptId' in answer ? [answer.receiptId] : [])
const docsOf = ({ answers }: Sale) => answers.flatMap((answer) => (answer.kind === 'printed' ? [answer.doc] : []))
const wasTold = ({ answers }: Sale, kind: TillAnswer['kind']) => answers.some((answer) => answer.kind === kind)

/** Invariants 1 and 7: an answered receipt is in the journal, is fiscalised, and reaches the OFD. */
function* lost(facts: Facts): Iterable<Found> {
  for (const id of facts.ids) {
    const what = whyLost(id, facts)
    if (what !== null) yield [id, what]
  }
}

function whyLost(id: string, { salesOf, rowOf, documentsOf, entriesOf }: Facts): string | null {
  const sales = salesOf.get(id) ?? []
  const row = rowOf.get(id)
  if (!row) return sales.length > 0 ? 'answered, and not in the journal' : null
  if (!documentsOf.has(id)) {
    if (row.status !== 'refused') return `${row.status} in the end, and never fiscalised`
    const isTold = sales.every((sale) => wasTold(sale, 'refused') && !wasTold(sale, 'printed'))
    return isTold ? null : 'answered as taken, and refused without a word to the till'
  }
  if (row.status === 'failed' || row.status === 'closed') return null
  if (!entriesOf.has(id)) return `fiscalised, ${row.status} in the end, and not at the OFD`
  return row.status === 'synced' || row.status === 'refused' ? null : `still ${row.status} in the end`
}

/** Invariants 2 and 4: one key makes one receipt, one receipt makes one document, and the OFD has one entry of it. */
function* doubled({ sales, documentsOf, entriesOf }: Facts): Iterable<Found> {
  for (const sale of sales) {
    const ids = [...new Set(sale.answers.flatMap(receiptIdOf))]
    if (ids.length > 1)
      yield [ids[0] ?? null, `key ${sale.key} was answered with ${ids.length} receipts: ${ids.join(', ')}`]
    const fds = [...new Set(docsOf(sale).map((doc) => doc.fiscal_doc_number))]
    if (fds.length > 1) yield [ids[0] ?? null, `key ${sale.key} was answered with FD ${fds.join(' and FD ')}`]
  }
  for (const [id, documents] of documentsOf) {
    const fds = documents.map(({ fiscal_doc_number }) => fiscal_doc_number)
    if (fds.length > 1) yield [id, `fiscalised ${fds.length} times: FD ${fds.join(', ')}`]
  }
  for (const [id, entries] of entriesOf) {
    const ofdIds = entries.map(({ ofd_id }) => ofd_id)
    if (ofdIds.length > 1) yield [id, `${ofdIds.length} times at the OFD: ${ofdIds.join(', ')}`]
  }
}

/** Invariant 2: the tills, the journal, the FN and the OFD agree about each receipt. */
function* contradictions(facts: Facts): Iterable<Found> {
  for (const sale of facts.sales) yield* withinAnswers(sale)
  for (const [id, sales] of facts.salesOf) {
    if (sales.length > 1) yield [id, `one receipt for ${sales.length} keys: ${sales.map(({ key }) => key).join(', ')}`]
    for (const sale of sales) yield* withAnswers(id, sale, facts)
  }
  for (const row of facts.journal) yield* withJournal(row, facts)
}

function* withinAnswers({ key, receipt, answers }: Sale): Iterable<Found> {
  yield* warningViolations(key, answers)
  let first: Extract<TillAnswer, { kind: 'printed' }> | undefined
  for (const answer of answers) {
    if (answer.kind === 'other') yield [null, `key ${key} was answered ${answer.what}`]
    else if (answer.kind === 'printed') {
      first ??= answer
      if (!isDeepStrictEqual(answer.doc, first.doc))
        yield [answer.receiptId, `key ${key} was answered with two documents`]
      const total = dueKopecks(receipt) / 100
      if (answer.doc.total !== total)
        yield [answer.receiptId, `key ${key} was sent with ${total} and printed with ${answer.doc.total}`]
    } else if (first) yield [first.receiptId, `key ${key} was answered as printed, and later as ${answer.kind}`]
  }
}

function* withAnswers(id: string, sale: Sale, facts: Facts): Iterable<Found> {
  const { rowOf, entriesOf } = facts
  const row = rowOf.get(id)
  const doc = docsOf(sale)[0]
  if (row && row.pos_id !== sale.receipt.pos_id) {
    yield [id, `sent by ${sale.receipt.pos_id}, journaled for ${row.pos_id}`]
  }
  if (doc && row?.fiscal_doc && !isDeepStrictEqual(doc, row.fiscal_doc)) {
    yield [id, 'the till and the journal have different documents']
  }
  if (doc) yield* withFn(id, doc, sale, facts)
  for (const entry of entriesOf.get(id) ?? []) {
    if (!isAsSent(entry, sale.receipt, facts)) yield [id, 'the OFD has another receipt than the till sent']
  }
}

function* withFn(id: string, doc: FiscalDoc, { answers }: Sale, { documentsOf, byRegister }: Facts): Iterable<Found> {
  const isLost = answers.some((answer) => answer.kind === 'printed' && answer.isPaperLost)
  // A person who tells a document is believed, whatever came of its paper.
  const isTold = byRegister?.settled.get(id) === 'printed'
  for (const filed of documentsOf.get(id) ?? []) {
    if (!isSameNumbers(doc, filed)) {
      yield [id, `the till has FD ${doc.fiscal_doc_number}, the FN FD ${filed.fiscal_doc_number}`]
    }
    if (!isLost && !isTold && !filed.on_paper) yield [id, 'answered as printed, and not on paper']
    if (isLost && filed.isInKkt !== false) yield [id, 'answered as never to be printed, and its FN is in the KKT']
  }
}

function* withJournal(row: JournalRow, facts: Facts): Iterable<Found> {
  const { documentsOf, entriesOf, byRegister } = facts
  const { receipt_id: id, fiscal_doc: doc } = row
  for (const filed of documentsOf.get(id) ?? []) {
    if (doc && !isSameNumbers(doc, filed)) {
      yield [id, `the journal has FD ${doc.fiscal_doc_number}, the FN FD ${filed.fiscal_doc_number}`]
    }
  }
  for (const entry of entriesOf.get(id) ?? []) {
    if (!isSameDocument(entry, doc, facts) || entry.fiscal_doc_number !== doc?.fiscal_doc_number) {
      yield [id, 'the journal and the OFD have different documents']
    }
  }
  // A register is not told the OFD's name for a document.
  const ofdIds = (entriesOf.get(id) ?? []).map(({ ofd_id }) => ofd_id)
  const isNamed = byRegister === undefined ? ofdIds.includes(row.ofd_id ?? '') : row.ofd_id === null
  if (row.status === 'synced' && ofdIds.length > 0 && !isNamed) {
    yield [id, `the journal has it as ${row.ofd_id}, the OFD as ${ofdIds.join(', ')}`]
  }
}

const isSameNumbers = (doc: FiscalDoc, filed: Filed) =>
  (filed.fn_number ?? doc.fn_number) === doc.fn_number &&
  doc.fiscal_doc_number === filed.fiscal_doc_number &&
  doc.shift_number === filed.shift_number &&
  doc.receipt_number === filed.receipt_number

/** Invariants 1 and 2: every document and every entry belongs to a receipt in the journal, and that to a till. */
function* strangers(facts: Facts): Iterable<Found> {
  const { rowOf, documentsOf, entriesOf } = facts
  for (const id of documentsOf.keys()) {
    if (!rowOf.has(id)) yield [id, 'fiscalised, and not in the journal']
    if (rowOf.get(id)?.status === 'refused') yield [id, 'refused, and fiscalised all the same']
  }
  for (const id of entriesOf.keys()) {
    if (!rowOf.has(id)) yield [id, 'at the OFD, and not in the journal']
    if (!documentsOf.has(id)) yield [id, 'at the OFD, and never fiscalised']
  }
  yield* rowsOfNobody(facts)
}

/** A refusal names no receipt: each refusal, and each key without an answer, explains one row that no till was told of. */
function* rowsOfNobody({ sales, journal, salesOf }: Facts): Iterable<Found> {
  const withoutId = sales.filter(({ answers }) => !answers.some((answer) => 'receiptId' in answer))
  for (const [posId, rows] of groupBy(journal, ({ pos_id }) => [pos_id])) {
    const nobodys = rows.filter(({ receipt_id }) => !salesOf.has(receipt_id))
    const allowed = withoutId.filter(({ receipt }) => receipt.pos_id === posId).length
    if (nobodys.length <= allowed) continue
    for (const { receipt_id } of nobodys) yield [receipt_id, `in the journal for ${posId}, and answered to nobody`]
  }
}

/** Invariant 7: only a receipt that the OFD refuses for its own sake becomes a dead letter. A person closes an untraced one, too. */
function* unexplained({ deadLetters, journal, poisoned, untraced }: Facts): Iterable<Found> {
  const known = new Set<string>()
  for (const { receipt_id, pos_id, reason } of deadLetters) {
    known.add(receipt_id)
    if (!poisoned.includes(pos_id) || reason !== 'refused_by_ofd') yield [receipt_id, `of ${pos_id}, for ${reason}`]
  }
  for (const { receipt_id, pos_id, status } of journal) {
    const isOrWas = status === 'failed' || status === 'closed'
    if (isOrWas && !known.has(receipt_id) && !untraced.has(receipt_id))
      yield [receipt_id, `of ${pos_id}, ${status}, and not in the DLQ`]
  }
}

const CHECKS: readonly { kind: Violation['kind']; find: (facts: Facts) => Iterable<Found> }[] = [
  { kind: 'lost', find: lost },
  { kind: 'doubled', find: doubled },
  { kind: 'gap', find: gaps },
  { kind: 'inversion', find: inversions },
  { kind: 'contradiction', find: contradictions },
  { kind: 'stranger', find: strangers },
  { kind: 'found wrong', find: foundWrong },
  { kind: 'put right wrongly', find: pairViolations },
  { kind: 'unexplained dead letter', find: unexplained },
]
