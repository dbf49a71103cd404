/** The order of documents. It is judged by the documents that came before. */
import type { CheckWords, Tell } from './check.ts'
import type { Judged } from './document.ts'
import { numberIn, textIn } from './reading.ts'
import { signIn } from './signs.ts'

/** The numbers by which documents are ordered. */
export type Numbers = {
  fnNumber: string
  fdNumber: number
  /** The FN and the till. A register's own documents are in one order. */
  till: string
  /** The FN and the document. */
  document: string
  sign: number | null
  /** The document's own time, in Unix milliseconds; null where it is not read. */
  atMs: number | null
  isFfd12: boolean
}

/** The earlier documents, as far as they are remembered. */
export type Earlier = {
  /** The highest FD number that the till has sent of this FN. */
  highestFd(till: string): number | undefined
  /** The sign of a document that came by these numbers. */
  signOf(document: string): number | null | undefined
  /** The document with the highest FD number of this FN. */
  newest(fnNumber: string): { fdNumber: number; atMs: number } | undefined
}

export type OrderCheck = CheckWords & {
  /** Whether an OFD refuses a document by it. */
  isRefusable: boolean
  find(numbers: Numbers, earlier: Earlier, tell: Tell): void
}

const FN_NUMBER = /^\d{16}$/
const POS_ID = /^[A-Za-z0-9._-]{1,64}$/
const AT = '/fiscal_doc/fiscal_doc_number'

/** Null for a document whose place in an order is not known. */
export function numbersOf({ content, register, fiscalDoc, isFfd12 }: Judged): Numbers | null {
  const [fnNumber, fdNumber, posId] = register
    ? [register.fnNumber, register.fdNumber, register.fnNumber]
    : [textIn(fiscalDoc, 'fn_number'), numberIn(fiscalDoc, 'fiscal_doc_number'), textIn(content, 'pos_id')]
  if (fnNumber === null || fdNumber === null || posId === null) return null
  if (!FN_NUMBER.test(fnNumber) || !POS_ID.test(posId) || !Number.isSafeInteger(fdNumber) || fdNumber < 1) return null
  const atMs = Date.parse(textIn(fiscalDoc, 'fiscal_datetime') ?? '')
  return {
    fnNumber,
    fdNumber,
    till: `${fnNumber} ${posId}`,
    document: `${fnNumber} ${fdNumber}`,
    sign: signIn(fiscalDoc, 'fiscal_sign'),
    atMs: Number.isNaN(atMs) ? null : atMs,
    isFfd12,
  }
}

const lateDocument: OrderCheck = {
  code: 'late_document',
  tags: '1040',
  rule: 'The FD number is above the last of the same FN from the till, or from the cash register itself. A dead letter that is sent again comes late, so `strict` takes it.',
  judges: 'any',
  isRefusable: false,
  find({ till, fdNumber }, earlier, tell) {
    const highest = earlier.highestFd(till)
    if (highest !== undefined && fdNumber < highest) tell(1040, AT, `comes after ${highest} of the same sender`)
  },
}

const repeatedDocument: OrderCheck = {
  code: 'repeated_document',
  tags: '1040, 1077',
  rule: 'One document of an FN is one receipt, with one sign.',
  judges: 'any',
  isRefusable: true,
  find({ document, sign }, earlier, tell) {
    const known = earlier.signOf(document)
    if (known === undefined) return
    tell(1040, AT, 'is of another receipt already')
    if (known !== sign) tell(1077, '/fiscal_doc/fiscal_sign', 'is not the sign with which this document came before')
  },
}

const timeBack: OrderCheck = {
  code: 'time_back',
  tags: '1012',
  rule: 'Within an FN, a document with a higher FD number is not of an earlier time.',
  judges: '1.2',
  isRefusable: true,
  find({ fnNumber, fdNumber, atMs, isFfd12 }, earlier, tell) {
    const newest = earlier.newest(fnNumber)
    if (!newest || atMs === null || !isFfd12) return
    const at = '/fiscal_doc/fiscal_datetime'
    if (fdNumber > newest.fdNumber && atMs < newest.atMs)
      tell(1012, at, `is before that of document ${newest.fdNumber}`)
    if (fdNumber < newest.fdNumber && atMs > newest.atMs) tell(1012, at, `is after that of document ${newest.fdNumber}`)
  },
}

export const ORDER_CHECKS: readonly OrderCheck[] = [lateDocument, repeatedDocument, timeBack]
