import { MAX_ID_LENGTH } from '@kkt/fault-kit/fields.ts'
import type { Finding } from '@kkt/fault-kit/finding.ts'
import { idIn } from '@kkt/fault-kit/reading.ts'
import { z } from 'zod'
import { judgedOf } from './judge/document.ts'
import { judgeDocument } from './judge/judge.ts'
import { type Numbers, numbersOf } from './judge/order.ts'
import { type Fields, isFields, numberIn } from './judge/reading.ts'

/** A document that came, named as far as it says. */
export type Submission = {
  /** The document's source. */
  text: string
  /** Null for a document without an id. Each of these is another receipt. */
  receiptId: string | null
  posId: string
  kktId: string | null
  fdNumber: number | null
  /** Null where its place in an order is not known. */
  numbers: Numbers | null
  /** The things that are wrong with it by itself. */
  findings: readonly Finding[]
}

/** The mock takes whatever names a till: the judge tells what is wrong with the rest. */
export const anyDocument = z.looseObject({ pos_id: z.string().min(1).max(MAX_ID_LENGTH) })

/** @param document has passed `anyDocument` */
export function submissionOf(document: Fields, text: string): Submission {
  const judged = judgedOf(document)
  return { ...named(document, text), numbers: numbersOf(judged), findings: judgeDocument(judged) }
}

/** A document that was judged when it came. */
export const restoredSubmission = (document: Fields, findings: readonly Finding[]): Submission => ({
  ...named(document, JSON.stringify(document)),
  numbers: numbersOf(judgedOf(document)),
  findings,
})

function named(document: Fields, text: string) {
  const { fiscal_doc } = document
  return {
    text,
    receiptId: idIn(document, 'receipt_id'),
    posId: idIn(document, 'pos_id') ?? '',
    kktId: idIn(document, 'kkt_id'),
    fdNumber: isFields(fiscal_doc) ? wholeIn(fiscal_doc, 'fiscal_doc_number') : null,
  }
}

function wholeIn(of: Fields, name: string): number | null {
  const number = numberIn(of, name)
  return Number.isSafeInteger(number) ? number : null
}
