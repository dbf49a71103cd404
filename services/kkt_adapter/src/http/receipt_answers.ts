import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import type { Language } from '@kkt/platform/language.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { toRoubles, toUnits } from '../domain/money.ts'
import type { FiscalDoc, Receipt } from '../domain/receipt.ts'
import { said } from '../domain/said.ts'
import { STATUSES } from '../domain/state.ts'
import { wireContent, wireFiscalDoc } from '../domain/wire_forms.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { contentFields } from './content_answer.ts'
import { fiscalDoc } from './fiscal_doc_answer.ts'
import { nextCursor } from './page_limit.ts'
import { refundWarnings, type WarningDeps, warnings, warningsOf } from './warnings.ts'

const isoTime = z.iso.datetime()

export const paper = z.enum(['printed', 'missing', 'none']).meta({
  description:
    '`missing`: the document is not on paper. Beside `buffered` it is printed once the KKT has paper; beside `printed` it never is, because another FN is in the KKT. `none`: there is no document yet, or it is electronic',
})

const printed = z.object({
  status: z.enum(['printed', 'buffered']).meta({
    description: '`printed`: the document is in `fiscal_doc`. `buffered`: the receipt is safe, and will be printed',
  }),
  receipt_id: z.guid().meta({ description: "The receipt's id. It is in every later answer about this receipt" }),
  fiscal_doc: fiscalDoc.nullable().meta({ description: 'Null while the KKT has made no document' }),
  paper,
  message: z.string().meta({ description: 'For people: what the receipt waits for, and how to ask again' }),
  warnings,
})

/** The answer to a till. As one function it checks in a fifth of the time. */
export const printAnswer = z.compile(printed, { strict: true })

const receiptEntry = z.object({
  receipt_id: z.guid().meta({ description: "The receipt's id" }),
  pos_id: z.string().meta({ description: "The till's name" }),
  type: contentFields.type,
  status: z.enum(STATUSES).meta({ description: 'The state of the receipt' }),
  created_at: isoTime.meta({ description: 'The time at which the receipt was journaled' }),
  printed_at: isoTime.nullable().meta({ description: 'The time at which its document was recorded. Null before' }),
  synced_at: isoTime.nullable().meta({ description: 'The time at which the OFD was known to hold it. Null before' }),
  ofd_id: z.string().nullable().meta({ description: "The OFD's own name of it. Null before the delivery" }),
  retry_count: whole.meta({ description: 'Failures to deliver this receipt that count against it' }),
  last_error: z.string().nullable().meta({ description: 'The reason of the last failure. Null without one' }),
  untold_fn: z.string().nullable().meta({
    description:
      'The FN that it was handed to, and that was replaced before it told whether it made a document, or holds several that may be it: last_error says which. An operator has to settle the receipt. Null for all others',
  }),
  fiscal_doc: fiscalDoc.nullable().meta({ description: 'Null while the KKT has made no document' }),
})

const left = z
  .object({
    total: z.number().meta({ description: 'In roubles' }),
    quantities: z.array(z.number()).meta({ description: 'Of each item, in the order of `items`' }),
  })
  .meta({ description: 'What refunds may still take back of a sale or a buy that has its document' })

export const receiptAnswer = receiptEntry.extend({ ...contentFields, warnings, left: left.optional() })

/** A page leaves the items out: with them it could have several megabytes. */
export const receiptPage = z.object({
  receipts: z.array(receiptEntry.meta({ id: 'Receipt' })).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
})

type Maker = Pick<KktDriver, 'isMock'>

/** The document as tills get it. The OFD gets it without the mark of a test. */
export const tillsFiscalDoc = (doc: FiscalDoc, { isMock }: Maker): z.input<typeof fiscalDoc> =>
  isMock ? Object.assign(wireFiscalDoc(doc), { test: true as const }) : wireFiscalDoc(doc)

export function paperOf({
  fiscalDoc,
  needsPaper,
  isPaperLost,
  content,
}: Pick<Receipt, 'fiscalDoc' | 'needsPaper' | 'isPaperLost' | 'content'>): z.output<typeof paper> {
  if (fiscalDoc === null) return 'none'
  if (needsPaper || isPaperLost) return 'missing'
  return content.electronic === true ? 'none' : 'printed'
}

export const toWireEntry = (receipt: Receipt, driver: Maker): z.input<typeof receiptEntry> => ({
  receipt_id: receipt.id,
  pos_id: receipt.content.posId,
  type: receipt.content.type,
  status: receipt.status,
  created_at: iso(receipt.createdAtMs),
  printed_at: isoOrNull(receipt.printedAtMs),
  synced_at: isoOrNull(receipt.syncedAtMs),
  ofd_id: receipt.ofdId,
  retry_count: receipt.retryCount,
  last_error: receipt.lastError,
  untold_fn: receipt.untoldFn,
  fiscal_doc: receipt.fiscalDoc && tillsFiscalDoc(receipt.fiscalDoc, driver),
})

export const toWireReceipt = (
  receipt: Receipt,
  deps: WarningDeps & { journal: Pick<Journal, 'refunds' | 'shifts'> },
  language: Language,
): z.input<typeof receiptAnswer> => {
  const { refunds } = deps.journal
  const left = refunds.leftOf(receipt)
  const isRefund = receipt.content.refundOf !== undefined
  return {
    ...toWireEntry(receipt, deps.driver),
    ...wireContent(receipt.content),
    warnings: [
      ...warningsOf(receipt, deps, language),
      ...(isRefund ? refundWarnings(refunds.findingsOf(receipt.id), language) : []),
    ],
    ...said({ left: left ? { total: toRoubles(left.kopecks), quantities: left.micro.map(toUnits) } : undefined }),
  }
}
