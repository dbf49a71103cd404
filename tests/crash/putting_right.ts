/** Receipts that tills put right: each correction makes two receipts, which are kept as two sales under one key. */
import { z } from 'zod'
import type { Answer } from '../harness/http.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import type { Sale, TillAnswer } from '../harness/invariants.ts'
import type { Body } from '../harness/wire_content.ts'
import { tillsDoc } from '../harness/wire_document.ts'

/** `wrong` and `asRight`: as they are sent. The sales have what becomes of them. */
export type Correction = { key: string; wrong: Body; asRight: Body; fd: number; reversal: Sale; right: Sale }

/** The FN of another KKT, whose documents are told by their numbers. */
const WRONG_FN = '9999078900000071'
const WRONG_FPD = '1494325660'
const DATE = '2026-01-30'
const OPPOSITE = { sale: 'refund', refund: 'sale', buy: 'buy_refund', buy_refund: 'buy' } as const

export function correctionOf(key: string, fd: number, wrong: Body, right: Body): Correction {
  const corrects = { fn: WRONG_FN, fd, fpd: WRONG_FPD }
  const because = { correction: { type: 'self' as const, date: DATE }, corrects }
  const reversal = { ...wrong, type: OPPOSITE[wrong.type] }
  const sale = (receipt: Body, part: number): Sale => ({
    key: `${key}, part ${part}`,
    receipt: { ...receipt, ...because },
    answers: [],
  })
  return { key, wrong, asRight: right, fd, reversal: sale(reversal, 1), right: sale(right, 2) }
}

export const bodyOf = ({ wrong, fd, asRight }: Correction) => ({
  wrong: { fn: WRONG_FN, fd, fpd: WRONG_FPD, receipt: wrong },
  right: asRight,
  type: 'self',
  date: DATE,
})

const part = z.object({
  receipt_id: z.string(),
  status: z.string(),
  paper: z.string(),
  fiscal_doc: tillsDoc.nullable(),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
})
const answered = z.object({ reversal: part, right: part })

/** Keeps the answer with each of the two. @returns whether it told of them, as any answer but a 503 does */
export function tookAnswer({ reversal, right }: Correction, answer: Answer): boolean {
  if (answer.status === 503) return false
  if (answer.status === 200) {
    const told = expectBody(answer, 200, answered)
    reversal.answers.push(readPart(told.reversal))
    right.answers.push(readPart(told.right))
    return true
  }
  const { code } = expectProblem(answer, answer.status)
  const read: TillAnswer =
    code === 'kkt_refused' ? { kind: 'refused' } : { kind: 'other', what: `${answer.status} ${code}` }
  reversal.answers.push(read)
  right.answers.push(read)
  return true
}

function readPart(told: z.output<typeof part>): TillAnswer {
  const { receipt_id: receiptId, status, paper, fiscal_doc: doc, warnings } = told
  if (status === 'refused') return { kind: 'refused' }
  if (doc === null || paper === 'missing') return { kind: 'buffered', receiptId, warnings }
  return { kind: 'printed', receiptId, doc, warnings }
}
