import { differences } from '../domain/differences.ts'
import { type FilledIn, filledInBetween } from '../domain/filled_in.ts'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import type { FnReceipt, ReceiptContent, ReceiptId, SaidContent } from '../domain/receipt.ts'
import { contentText, readContent } from '../domain/stored_content.ts'
import type { Tx } from '../journal/journal.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import type { Words } from '../journal/rows.ts'
import type { Asked, PrintState } from './waiting_tills.ts'

/** The outcome of handing a receipt over. `known`: the KKT printed it earlier, for a journal that was lost. */
export type PrintOutcome = KktOutcome | { kind: 'known'; found: FnReceipt }

/** A receipt and the KKT's answer. */
export type Answered = Asked & { receipt: ToPrint; outcome: PrintOutcome }

const NOTHING_MADE = { fiscalDoc: null, needsPaper: false, isPaperLost: false, lastError: null } as const

/** Records the KKT's answer. @returns the state to tell the till once the commit is on the disk */
export function recordOutcome(tx: Tx, answered: Answered): PrintState {
  const { receipt, outcome } = answered
  const { id } = receipt
  if (outcome.kind === 'known') return recordKnown(tx, receipt, outcome.found)
  if (outcome.kind === 'done') {
    const { doc, paper, shiftOpened } = outcome
    tx.recordPrinted(id, doc, paper, shiftOpened)
    tx.noteDifferences(id, differences(receipt.content, doc))
    return { ...NOTHING_MADE, id, status: 'pending', fiscalDoc: doc, needsPaper: paper === 'missing', asked: answered }
  }
  const { reason } = outcome
  if (outcome.kind === 'refused' && outcome.isLasting) return recordRefused(tx, id, reason)
  // Look up even a receipt refused only for now: a look-up costs little, a second document much.
  if (outcome.kind === 'refused') tx.recordPutOff(id, reason)
  else tx.recordUnknown(id, reason)
  return { ...NOTHING_MADE, id, status: 'unknown', lastError: reason }
}

/** The KKT's receipt is the till's, unless its body differs. */
function recordKnown(tx: Tx, receipt: ToPrint, found: FnReceipt): PrintState {
  const words = tx.queries.wordsOf(receipt.id)
  const made = words && wordsBehind(words, found)
  if (made) return tx.recognise(receipt, found, made)
  const reason = `its Idempotency-Key belongs to document ${found.doc.fdNumber} of receipt ${found.id}, which has a different body`
  return recordRefused(tx, receipt.id, reason)
}

function recordRefused(tx: Tx, id: ReceiptId, reason: string): PrintState {
  tx.recordRefused(id, reason)
  tx.boundRefused()
  return { ...NOTHING_MADE, id, status: 'refused', lastError: reason }
}

/**
 * The till's words, with the settings by which they became the content of the KKT's receipt: they may have changed since.
 * A KKT that does not return the content returns the total.
 * @returns null when the content is not of these words
 */
function wordsBehind({ said, filledIn }: Words, found: FnReceipt): Words | null {
  if (found.content === null) return said.totalKopecks === found.doc.totalKopecks ? { said, filledIn } : null
  const between = filledInBehind(said, found.content)
  return between === undefined ? null : { said, filledIn: between }
}

/**
 * Finds what was filled in when the till's words became the content that the KKT holds. Earlier versions sent names that were not
 * in NFC.
 * @returns undefined when the content is not of these words
 */
export const filledInBehind = (said: SaidContent, held: ReceiptContent): FilledIn | null | undefined =>
  filledInBetween(said, readContent(contentText(held).normalize('NFC')))
