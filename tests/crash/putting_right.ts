/** Receipts that tills put right: each correction makes two receipts, which are kept as two sales under one key. */
import { z } from 'zod'
import { dueKopecks } from '../harness/completed.ts'
import type { Answer } from '../harness/http.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import type { Sale, TillAnswer } from '../harness/invariants.ts'
import type { Pair } from '../harness/pair_violations.ts'
import { type Because, correcting, type Numbers, reversalOf } from '../harness/put_right.ts'
import { type Body, type Content, content } from '../harness/wire_content.ts'
import { type FiscalDoc, tillsDoc } from '../harness/wire_document.ts'
import { registersDoc } from '../harness/wire_register.ts'

/** `wanted`: as it is sent. The sales have what becomes of it. */
export type Correction = Pair & { wanted: object }

/** The FN of another KKT, whose documents are told by their numbers, and each has a sign of its own. */
const ELSEWHERE = '9999078900000071'
const FIRST_SIGN = 1_494_325_660
const DATE = '2026-01-30'

/** Puts a receipt of another KKT right. */
export function correctionElsewhere(key: string, fd: number, wrong: Body, right: Body): Correction {
  const document = { fn: ELSEWHERE, fd, fpd: String(FIRST_SIGN + fd) }
  const because = { correction: { type: 'self' as const, date: DATE }, corrects: document }
  const wanted = { wrong: { ...document, receipt: wrong }, right, type: 'self', date: DATE }
  return { wanted, ...pairOf(key, because, reversalOf(wrong, because), right) }
}

/** An own receipt, as the adapter shows it. */
export type Shown = Content & { pos_id: string; receipt_id: string }

const shown = content.extend({ pos_id: z.string(), receipt_id: z.string() })

/** The receipt in the adapter's answer. Null where it gives none. */
export function shownReceipt(answer: Answer | null): Shown | null {
  if (answer?.status !== 200) return null
  const all = z.record(z.string(), z.unknown()).parse(JSON.parse(answer.text))
  return shown.parse(Object.fromEntries(Object.entries(all).filter(([name]) => name in shown.shape)))
}

/** Puts an own receipt right. Its system is the KKT's where nobody said one. */
export function correctionOfOwn(key: string, shown: Shown, doc: FiscalDoc, right: Body): Correction {
  const { receipt_id, ...wrong } = shown
  const date = shown.correction?.date ?? doc.fiscal_datetime.slice(0, DATE.length)
  const because = { correction: { type: 'self' as const, date }, corrects: numbersOf(doc) }
  const system = wrong.taxation_system ?? doc.taxation_system
  const signed = { ...wrong, ...(system !== undefined && { taxation_system: system }) }
  const wanted = { wrong: { receipt_id }, right, type: 'self' }
  return { wanted, ...pairOf(key, because, reversalOf(signed, because), right) }
}

const numbersOf = (doc: FiscalDoc): Numbers => ({
  fn: doc.fn_number,
  fd: doc.fiscal_doc_number,
  fpd: doc.fiscal_sign,
})

function pairOf(key: string, because: Because & { corrects: Numbers }, reversal: Body, right: Body): Pair {
  const sale = (receipt: Body, part: number): Sale => ({ key: `${key}, part ${part}`, receipt, answers: [] })
  return {
    key,
    document: because.corrects,
    reversal: sale(reversal, 1),
    right: sale(correcting(right, because), 2),
  }
}

/** A refund of a part of a receipt, by the numbers of its document. */
export function refundOf({ receipt }: Sale, doc: FiscalDoc, amountKopecks: number): Body {
  const [{ name } = { name: 'Goods' }] = receipt.items
  const amount = amountKopecks / 100
  return {
    pos_id: receipt.pos_id,
    type: receipt.type === 'buy' ? 'buy_refund' : 'refund',
    items: [{ name, price: amount, quantity: 1, total: amount, vat_rate: 22 }],
    payments: [{ type: 'card', amount }],
    refund_of: numbersOf(doc),
  }
}

/** The sum to refund of a receipt that has not been refunded. */
export const wholeOf = ({ receipt }: Sale): number => dueKopecks(receipt)

const partWith = <Doc extends typeof tillsDoc | typeof registersDoc>(doc: Doc) =>
  z.object({
    receipt_id: z.string(),
    status: z.string(),
    paper: z.string(),
    fiscal_doc: doc.nullable(),
    warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  })
const FORMS = {
  in_process: z.object({ status: z.string(), reversal: partWith(tillsDoc), right: partWith(tillsDoc) }),
  register: z.object({ status: z.string(), reversal: partWith(registersDoc), right: partWith(registersDoc) }),
}

/** Keeps the answer with each of the two. @returns whether it told of them, as any answer but a 503 does */
export function tookAnswer(
  { reversal, right }: Correction,
  answer: Answer,
  kkt: keyof typeof FORMS = 'in_process',
): boolean {
  if (answer.status === 503) return false
  if (answer.status === 200) {
    const told =
      kkt === 'register' ? expectBody(answer, 200, FORMS.register) : expectBody(answer, 200, FORMS.in_process)
    const isOver = told.status === 'printed'
    reversal.answers.push(readPart(told.reversal, isOver))
    right.answers.push(readPart(told.right, isOver))
    return true
  }
  const { code } = expectProblem(answer, answer.status)
  const read: TillAnswer =
    code === 'kkt_refused' ? { kind: 'refused' } : { kind: 'other', what: `${answer.status} ${code}` }
  reversal.answers.push(read)
  right.answers.push(read)
  return true
}

type Part = z.output<(typeof FORMS)[keyof typeof FORMS]>['right']

/** @param isOver the KKT prints nothing of it any more */
function readPart(told: Part, isOver: boolean): TillAnswer {
  const { receipt_id: receiptId, status, paper, fiscal_doc: doc, warnings } = told
  if (status === 'refused') return { kind: 'refused' }
  const isMissing = paper === 'missing'
  if (doc === null || (isMissing && !isOver)) return { kind: 'buffered', receiptId, warnings }
  return { kind: 'printed', receiptId, doc, warnings, ...(isMissing && { isPaperLost: true }) }
}
