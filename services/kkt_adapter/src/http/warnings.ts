import { z } from 'zod'
import { hasContact } from '../domain/customer.ts'
import { differences, type Warning } from '../domain/differences.ts'
import { printWarnings } from '../domain/printable.ts'
import type { Receipt, ReceiptContent } from '../domain/receipt.ts'
import { mintedAtMs } from '../domain/receipt_clock.ts'
import { type VatVerdict, vatVerdicts } from '../domain/vat_verdicts.ts'
import type { KktDriver } from '../kkt/driver.ts'

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
  driver: Pick<KktDriver, 'isMock'>
  /** The date in the KKT's zone, `yyyy-mm-dd`. */
  dateAt: (ms: number) => string
}

/** A real KKT refuses such a receipt itself, unless it is an automatic device. */
const NO_CASHIER: Warning = {
  code: 'no_cashier',
  message:
    'The document names no cashier, which the law wants of all but automatic devices: send cashier, or set CASHIER_NAME or TILLS_FILE.',
}

/** By the law of 2025-09-01 (order ЕД-7-20/236@). Its document is signed all the same, and an OFD may refuse it. */
const NO_CONTACT: Warning = {
  code: 'no_contact',
  message:
    "The settlement is on the internet, and nothing says where the customer's receipt goes, which the law wants there: send the email or the phone of the customer.",
}

/**
 * Goes by the receipt and its document only, so that the same key gets the same warnings for ever. The receipt's day is
 * that of its id, which a wall clock that is set back, or a journal that was lost, does not change.
 */
export const warningsOf = (
  { id, content, fiscalDoc }: Pick<Receipt, 'id' | 'content' | 'fiscalDoc'>,
  { driver, dateAt }: WarningDeps,
): Warning[] => [
  ...vatVerdicts(content, dateAt(mintedAtMs(id))).map((verdict) => ({
    code: verdict.code,
    message: verdictInWords(verdict),
  })),
  ...(content.internet === true && !hasContact(content.customer) ? [NO_CONTACT] : []),
  ...printWarnings(content),
  ...(driver.isMock && hasNoCashier(content, fiscalDoc) ? [NO_CASHIER] : []),
  ...(fiscalDoc ? differences(content, fiscalDoc) : []),
]

/** A till that got no answer sends the same again under a new key, and the customer is charged twice. */
export const twinWarning = (first: Pick<Receipt, 'id' | 'fiscalDoc'>): Warning => ({
  code: 'twin',
  message: `The same till sold the same a moment before: receipt ${first.id}, ${first.fiscalDoc ? `document ${first.fiscalDoc.fdNumber}` : 'which has no document yet'}. If there was one customer only, refund this one. A till that sends a sale again keeps its Idempotency-Key.`,
})

export const verdictInWords = ({ pointer, message }: Pick<VatVerdict, 'pointer' | 'message'>): string =>
  `The item at ${pointer} ${message}.`

const hasNoCashier = ({ cashier }: ReceiptContent, doc: Receipt['fiscalDoc']): boolean =>
  cashier === undefined && (doc?.details?.cashier ?? null) === null
