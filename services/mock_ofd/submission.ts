import { MAX_ID_LENGTH } from '@kkt/fault-kit/fields.ts'
import type { Finding } from '@kkt/fault-kit/finding.ts'
import { idIn } from '@kkt/fault-kit/reading.ts'
import { z } from 'zod'
import { judgedOf } from './judge/document.ts'
import { judgeDocument } from './judge/judge.ts'
import { type Numbers, numbersOf } from './judge/order.ts'
import { type Fields, fieldsIn, numberIn, textIn } from './judge/reading.ts'
import { documentId, type RegisterDocument, registerDocumentOf } from './register_document.ts'

/** A document that came, named as far as it says. */
export type Submission = {
  /** The document's source. */
  text: string
  /** Null for a receipt that did not come from a cash register itself. */
  register: RegisterDocument | null
  /** Null for a document without an id. Each of these is another receipt. */
  receiptId: string | null
  /** Null for a document of a cash register: it knows no till. */
  posId: string | null
  kktId: string | null
  fnNumber: string | null
  fdNumber: number | null
  /** Null where its place in an order is not known. */
  numbers: Numbers | null
  /** The things that are wrong with it by itself. */
  findings: readonly Finding[]
}

/** The mock takes whatever names a till: the judge tells what is wrong with the rest. */
export const anyDocument = z.looseObject({ pos_id: z.string().min(1).max(MAX_ID_LENGTH) })

/** @param register null for a receipt that did not come from a cash register itself */
export function submissionOf(document: Fields, text: string, register: RegisterDocument | null): Submission {
  const content = judgedOf(document, register)
  return { ...named(document, text, register), numbers: numbersOf(content), findings: judgeDocument(content) }
}

/** A document that was judged when it came. */
export function restoredSubmission(document: Fields, findings: readonly Finding[], isRegisters: boolean): Submission {
  const register = isRegisters ? registerDocumentOf(document) : null
  return {
    ...named(document, JSON.stringify(document), register),
    numbers: numbersOf(judgedOf(document, register)),
    findings,
  }
}

function named(document: Fields, text: string, register: RegisterDocument | null) {
  const kktId = idIn(document, 'kkt_id')
  if (register) {
    const { fnNumber, fdNumber } = register
    return { text, register, receiptId: documentId(register), posId: null, kktId, fnNumber, fdNumber }
  }
  const fiscalDoc = fieldsIn(document, 'fiscal_doc')
  return {
    text,
    register,
    receiptId: idIn(document, 'receipt_id'),
    posId: idIn(document, 'pos_id') ?? '',
    kktId,
    fnNumber: fiscalDoc && textIn(fiscalDoc, 'fn_number'),
    fdNumber: fiscalDoc && wholeIn(fiscalDoc, 'fiscal_doc_number'),
  }
}

function wholeIn(of: Fields, name: string): number | null {
  const number = numberIn(of, name)
  return Number.isSafeInteger(number) ? number : null
}
