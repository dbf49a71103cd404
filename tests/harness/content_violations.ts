/** The part of the invariants that is about the content of receipts. `invariants.test.ts` tests it, too. */
import { isDeepStrictEqual } from 'node:util'
import { completed, withOriginal } from './completed.ts'
import type { Found, History, LedgerEntry, TillAnswer, Warning } from './invariants.ts'
import { settingsOf, type TillsFile } from './till_settings.ts'
import type { Body, Content, DocumentContent } from './wire_content.ts'

/** Whether the OFD has the till's words, completed by the settings that held at one time, and a refund's by its original, too. */
export function isAsSent({ pos_id, document }: LedgerEntry, sent: Body, facts: SentFacts): boolean {
  const { receipt_id: _id, kkt_id: _kkt, pos_id: posId, fiscal_doc: _doc, ...content } = document
  const words = wordsOf(sent, facts)
  const isOf = (file: TillsFile) =>
    words.some((body) => isDeepStrictEqual(content, facts.sentContent(completed(body, settingsOf(file, posId)))))
  return pos_id === posId && posId === sent.pos_id && facts.tillsFiles.some(isOf)
}

type SentFacts = Pick<History, 'tillsFiles' | 'ledger' | 'isLossy'> & {
  /** A content as it is sent to the OFD. */
  sentContent: (content: Content) => DocumentContent
}

/** A journal that has lost receipts may not have known the original. Any other has it, because its till was told of its document. */
function wordsOf(sent: Body, { ledger, isLossy }: SentFacts): Body[] {
  const original = ledger.find((entry) => isOriginal(entry, sent.refund_of))
  if (!original) return [sent]
  const whole = withOriginal(sent, original.document, true)
  return isLossy ? [sent, whole] : [whole]
}

const isOriginal = ({ fiscal_doc_number, document }: LedgerEntry, named: Body['refund_of']): boolean =>
  named !== undefined && fiscal_doc_number === named.fd && document.fiscal_doc.fn_number === named.fn

const OPENING = 'shift_opened'

/** Warnings apart from that of a shift's opening, which is known only once the receipt has its document. */
export function apartFromOpening<T extends { code: string }>(
  warnings: readonly T[],
): { isOpening: boolean; others: T[] } {
  const others = warnings.filter(({ code }) => code !== OPENING)
  return { isOpening: others.length < warnings.length, others }
}

/** A key is warned of the same each time. */
export function* warningViolations(key: string, answers: readonly TillAnswer[]): Iterable<Found> {
  let first: readonly Warning[] | undefined
  /** Null until an answer tells of the document. */
  let wasOpening: boolean | null = null
  for (const answer of answers) {
    if (!('warnings' in answer)) continue
    const { isOpening, others } = apartFromOpening(answer.warnings)
    first ??= others
    const isKnown = answer.kind === 'printed' || isOpening
    if (isKnown) wasOpening ??= isOpening
    if (!isDeepStrictEqual(others, first) || (isKnown && isOpening !== wasOpening))
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
