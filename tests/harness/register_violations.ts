/** The part of the invariants that holds where the cash register is one of its own. `register_violations.test.ts` tests it. */
import { isDeepStrictEqual } from 'node:util'
import type { History, LedgerEntry } from './invariants.ts'
import { asRegistered } from './register_words.ts'
import type { Content, DocumentContent } from './wire_content.ts'
import type { FiscalDoc } from './wire_document.ts'

/** `settled`: a person's word about receipts, by their ids. */
export type ByRegister = { settled: ReadonlyMap<string, 'printed' | 'not_printed'> }

/** A document's content at the OFD, which gets it from the register or from the adapter. */
export function sentContent({
  byRegister,
  fn,
}: Pick<History, 'byRegister' | 'fn'>): (content: Content) => DocumentContent {
  if (byRegister === undefined) return (content) => content
  const signs = new Map(fn.map(({ receipt_id, fiscal_sign }) => [receipt_id, fiscal_sign]))
  return (content) => asRegistered(content, (receiptId) => signs.get(receiptId))
}

/** Only tills are told that a document is a test. A person tells a document's numbers alone, and so does an FN of lost receipts. */
export function isSameDocument(
  { receipt_id, document }: LedgerEntry,
  doc: FiscalDoc | null,
  { byRegister, isLossy }: Pick<History, 'byRegister' | 'isLossy'>,
): boolean {
  if (byRegister === undefined) return isDeepStrictEqual({ ...document.fiscal_doc, test: true }, doc)
  const isBare = doc !== null && doc.operation === undefined && (isLossy || byRegister.settled.has(receipt_id))
  if (!isBare) return isDeepStrictEqual(document.fiscal_doc, doc)
  return isDeepStrictEqual({ ...document.fiscal_doc, ...doc }, document.fiscal_doc)
}

/**
 * Receipts of FNs that were taken out. The adapter cannot learn any more whether the OFD has one that was not sent by then, so a
 * person closes it.
 */
export function untraced({ byRegister, fn }: Pick<History, 'byRegister' | 'fn'>): Set<string> {
  if (byRegister === undefined) return new Set()
  return new Set(fn.flatMap(({ receipt_id, isInKkt }) => (receipt_id !== null && isInKkt === false ? receipt_id : [])))
}

/** A register puts the sign of the document that a correction names into tag 1192, and nothing else of it. */
export const namesDocument = (
  { document: { corrects, attribute } }: LedgerEntry,
  named: { fn: string; fd: number; fpd: string },
  byRegister: ByRegister | undefined,
): boolean => (byRegister === undefined ? isDeepStrictEqual(corrects, named) : attribute === named.fpd)
