import type { Language } from '@kkt/platform/language.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { z } from 'zod'
import { hasContact } from '../domain/customer.ts'
import { differences, type Warning } from '../domain/differences.ts'
import { printWarnings } from '../domain/printable.ts'
import type { FiscalDoc, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { mintedAtMs } from '../domain/receipt_clock.ts'
import { type RefundFinding, refundInWords } from '../domain/refund.ts'
import { refusedVat, type VatVerdict, vatVerdicts } from '../domain/vat_verdicts.ts'
import { RECEIPT_WORDS, type ReceiptWords } from '../domain/words/words.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { adapterProblem } from './adapter_problems.ts'

export const warnings = z
  .array(
    z
      .object({
        code: z.string().meta({ description: 'For programs' }),
        message: z.string().meta({ description: 'For people: what it is, and what to do about it' }),
      })
      .meta({ id: 'Warning' }),
  )
  .meta({ description: 'What the till should know about this receipt. The same again for the same key' })

export type WarningDeps = {
  journal: { shifts: Pick<Journal['shifts'], 'openedFor'> }
  driver: Pick<KktDriver, 'isMock'>
  /** The date in the KKT's zone, `yyyy-mm-dd`. */
  dateAt: (ms: number) => string
}

/**
 * Goes by the receipt and its document only, so that the same key gets the same warnings for ever. The receipt's day is
 * that of its id, which a wall clock that is set back, or a journal that was lost, does not change.
 */
export const warningsOf = (
  { id, content, fiscalDoc }: Pick<Receipt, 'id' | 'content' | 'fiscalDoc'>,
  { driver, dateAt, journal }: WarningDeps,
  language: Language,
): Warning[] => {
  const words = RECEIPT_WORDS[language]
  return [
    ...vatVerdicts(content, dateAt(mintedAtMs(id)), words).map((verdict) => ({
      code: verdict.code,
      message: verdictInWords(verdict, words),
    })),
    // By the law of 2025-09-01 (order ЕД-7-20/236@). The document is signed all the same, and an OFD may refuse it.
    ...(content.internet === true && !hasContact(content.customer)
      ? [{ code: 'no_contact', message: words.warnings.noContact() }]
      : []),
    ...printWarnings(content, words),
    // A real KKT refuses such a receipt itself, unless it is an automatic device.
    ...(driver.isMock && hasNoCashier(content, fiscalDoc)
      ? [{ code: 'no_cashier', message: words.warnings.noCashier() }]
      : []),
    ...(fiscalDoc ? differences(content, fiscalDoc, words) : []),
    ...(fiscalDoc ? shiftWarnings(id, fiscalDoc, journal.shifts, words) : []),
  ]
}

/** Only the first receipt of a shift can have opened it, so that the journal is asked for no other. */
function shiftWarnings(
  id: ReceiptId,
  { receiptNumber, shiftNumber }: FiscalDoc,
  { openedFor }: WarningDeps['journal']['shifts'],
  { warnings: words }: ReceiptWords,
): Warning[] {
  if (receiptNumber !== 1 || openedFor(id) === null) return []
  return [{ code: 'shift_opened', message: words.shiftOpened(shiftNumber) }]
}

/** A till that got no answer sends the same again under a new key, and the customer is charged twice. */
export const twinWarning = (first: Pick<Receipt, 'id' | 'fiscalDoc'>, language: Language): Warning => ({
  code: 'twin',
  message: RECEIPT_WORDS[language].warnings.twin(first.id, first.fiscalDoc?.fdNumber ?? null),
})

export const refundWarnings = (findings: readonly RefundFinding[], language: Language): Warning[] =>
  findings.map((finding) => ({ code: finding.code, message: refundInWords(finding, RECEIPT_WORDS[language].warnings) }))

const verdictInWords = ({ pointer, message }: VatVerdict, { warnings: words }: ReceiptWords): string =>
  words.ofItem(pointer, message)

/** The rates that the law does not know on a day: the problem of the receipt that has them. Null without one. */
export function badVat(content: ReceiptContent, date: string): Problem | null {
  if (refusedVat(content, date).length === 0) return null
  return adapterProblem.vatRefused((language) => {
    const words = RECEIPT_WORDS[language]
    const refused = refusedVat(content, date, words)
    const errors = refused.map(({ pointer, message }) => ({ pointer, message }))
    const [first] = refused
    return { why: first ? verdictInWords(first, words) : '', errors }
  })
}

const hasNoCashier = ({ cashier }: ReceiptContent, doc: Receipt['fiscalDoc']): boolean =>
  cashier === undefined && (doc?.details?.cashier ?? null) === null
