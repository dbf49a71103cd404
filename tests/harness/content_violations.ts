/** The part of the invariants that is about the content of receipts. `invariants.test.ts` tests it. */
import { isDeepStrictEqual } from 'node:util'
import { completed, withOriginal } from './completed.ts'
import type { Found, History, LedgerEntry, TillAnswer, Warning } from './invariants.ts'
import { settingsOf, type TillsFile } from './till_settings.ts'
import type { Body } from './wire_content.ts'

/**
 * Whether the OFD has the till's words, completed by the settings that held at one time, and a refund's by its original,
 * too: a journal that was damaged may not have known it.
 */
export function isAsSent({ pos_id, document }: LedgerEntry, sent: Body, facts: SentFacts): boolean {
  const { receipt_id: _id, kkt_id: _kkt, pos_id: posId, fiscal_doc: _doc, ...content } = document
  const original = facts.ledger.find((entry) => isOriginal(entry, sent.refund_of))
  const words = original ? [sent, withOriginal(sent, original.document, true)] : [sent]
  const isOf = (file: TillsFile) =>
    words.some((body) => isDeepStrictEqual(content, completed(body, settingsOf(file, posId))))
  return pos_id === posId && posId === sent.pos_id && facts.tillsFiles.some(isOf)
}

type SentFacts = { tillsFiles: readonly TillsFile[]; ledger: readonly LedgerEntry[] }

const isOriginal = ({ fiscal_doc_number, document }: LedgerEntry, named: Body['refund_of']): boolean =>
  named !== undefined && fiscal_doc_number === named.fd && document.fiscal_doc.fn_number === named.fn

/** A key is warned of the same each time. */
export function* warningViolations(key: string, answers: readonly TillAnswer[]): Iterable<Found> {
  let first: readonly Warning[] | undefined
  for (const answer of answers) {
    if (!('warnings' in answer)) continue
    first ??= answer.warnings
    if (!isDeepStrictEqual(answer.warnings, first))
      yield [answer.receiptId, `key ${key} was warned of different things`]
  }
}

/**
 * The OFD finds nothing wrong in the documents that come. A dead letter that is sent again comes
 * after later documents of its till.
 */
export function* foundWrong({ ledger, poisoned }: Pick<History, 'ledger' | 'poisoned'>): Iterable<Found> {
  for (const { receipt_id, pos_id, findings } of ledger) {
    for (const { code, message } of findings) {
      if (code !== 'late_document' || !poisoned.includes(pos_id)) yield [receipt_id, `at the OFD: ${code}, ${message}`]
    }
  }
}
