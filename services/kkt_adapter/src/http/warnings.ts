import { z } from 'zod'
import { differences, type Warning } from '../domain/differences.ts'
import { printWarnings } from '../domain/printable.ts'
import type { Receipt, ReceiptContent } from '../domain/receipt.ts'
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
  dateAt: (wallMs: number) => string
}

/** A real KKT refuses such a receipt itself, unless it is an automatic device. */
const NO_CASHIER: Warning = {
  code: 'no_cashier',
  message:
    'The document names no cashier, which the law wants of all but automatic devices: send cashier, or set CASHIER_NAME or TILLS_FILE.',
}

/** Goes by the receipt and its document only, so that the same key gets the same warnings for ever. */
export const warningsOf = (
  { content, createdAtMs, fiscalDoc }: Pick<Receipt, 'content' | 'createdAtMs' | 'fiscalDoc'>,
  { driver, dateAt }: WarningDeps,
): Warning[] => [
  ...vatVerdicts(content, dateAt(createdAtMs)).map((verdict) => ({
    code: verdict.code,
    message: verdictInWords(verdict),
  })),
  ...printWarnings(content),
  ...(driver.isMock && hasNoCashier(content, fiscalDoc) ? [NO_CASHIER] : []),
  ...(fiscalDoc ? differences(content, fiscalDoc) : []),
]

export const verdictInWords = ({ pointer, message }: Pick<VatVerdict, 'pointer' | 'message'>): string =>
  `The item at ${pointer} ${message}.`

const hasNoCashier = ({ cashier }: ReceiptContent, doc: Receipt['fiscalDoc']): boolean =>
  cashier === undefined && (doc?.details?.cashier ?? null) === null
