import { type Finding, MAX_FINDINGS, NOTHING_WRONG } from '@kkt/fault-kit/finding.ts'
import type { Check, CheckWords, Tell } from './check.ts'
import { correction, operation, original } from './corrections.ts'
import type { Judged } from './document.ts'
import { FORM, judgeForm } from './form.ts'
import { marking } from './marking.ts'
import { type Earlier, type Numbers, ORDER_CHECKS } from './order.ts'
import { sentAs } from './register.ts'
import { cashier, contact, requiredOfDocument, requiredOfItems } from './required.ts'
import { qrCode, signRange } from './signs.ts'
import { localTime } from './times.ts'
import { documentTotal, itemSum, paid, receiptTotal, settled } from './totals.ts'
import { vatGiven, vatSums } from './vat.ts'

const DOCUMENT_CHECKS: readonly Check[] = [
  itemSum,
  receiptTotal,
  documentTotal,
  paid,
  settled,
  vatGiven,
  vatSums,
  signRange,
  qrCode,
  localTime,
  requiredOfDocument,
  requiredOfItems,
  cashier,
  contact,
  operation,
  correction,
  original,
  marking,
  sentAs,
]
/** The checks of documents that are no receipts. */
const NO_RECEIPT_CHECKS: readonly Check[] = [signRange, localTime, sentAs]
const isOfAnyVersion = ({ judges }: Check) => judges === 'any'
const [OF_ANY_VERSION, NO_RECEIPT_OF_ANY_VERSION] = [
  DOCUMENT_CHECKS.filter(isOfAnyVersion),
  NO_RECEIPT_CHECKS.filter(isOfAnyVersion),
]

/** All that the judge looks at, in the order in which it tells. */
export const CHECKS: readonly CheckWords[] = [FORM, ...DOCUMENT_CHECKS, ...ORDER_CHECKS]

/** The things that are wrong with a document by itself. A document without a version of the FFD is spared that one's rules. */
export const judgeDocument = (document: Judged): readonly Finding[] =>
  findings((tellAs) => {
    judgeForm(document, tellAs(FORM.code))
    for (const check of checksOf(document)) check.find(document, tellAs(check.code))
  })

function checksOf({ register, isFfd12 }: Judged): readonly Check[] {
  if (register && register.kind !== 'receipt') return isFfd12 ? NO_RECEIPT_CHECKS : NO_RECEIPT_OF_ANY_VERSION
  return isFfd12 ? DOCUMENT_CHECKS : OF_ANY_VERSION
}

/** The things that are wrong with a document's place among those that came before it. */
export const judgeOrder = (numbers: Numbers, earlier: Earlier): readonly Finding[] =>
  findings((tellAs) => {
    for (const check of ORDER_CHECKS) check.find(numbers, earlier, tellAs(check.code))
  })

const TOLERATED: ReadonlySet<string> = new Set(
  ORDER_CHECKS.filter(({ isRefusable }) => !isRefusable).map(({ code }) => code),
)

/** Whether a strict OFD refuses a document by this finding. */
export const isRefusable = ({ code }: Finding): boolean => !TOLERATED.has(code)

function findings(judge: (tellAs: (code: string) => Tell) => void): readonly Finding[] {
  let found: Finding[] | null = null
  judge((code) => (tag, pointer, message) => {
    found ??= []
    if (found.length < MAX_FINDINGS) found.push({ tag, pointer, code, message })
  })
  return found ?? NOTHING_WRONG
}
