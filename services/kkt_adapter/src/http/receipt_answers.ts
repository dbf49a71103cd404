import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import { OPERATIONS } from '../domain/operation.ts'
import { PAYMENT_TYPES } from '../domain/payment.ts'
import type { FiscalDoc, Receipt } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { wireContent, wireFiscalDoc } from '../domain/wire_forms.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { nextCursor } from './page_limit.ts'

const isoTime = z.iso.datetime()

const fiscalDoc = z
  .object({
    fiscal_doc_number: whole.meta({ description: "The document's number (FD), counted by the FN: 1, 2, 3…" }),
    fiscal_sign: z
      .string()
      .regex(/^\d{1,10}$/)
      .meta({ description: "The FN's signature of the document (FPD)" }),
    fiscal_datetime: z.iso
      .datetime({ offset: true })
      .meta({ description: "By the KKT's clock, in its own zone, with the offset" }),
    fn_number: z
      .string()
      .regex(/^\d{16}$/)
      .meta({ description: 'The number of the fiscal memory' }),
    kkt_number: z.string().meta({ description: 'The number of the cash register' }),
    shift_number: whole.meta({ description: 'The number of the shift' }),
    receipt_number: whole.meta({ description: 'Counted within the shift' }),
    total: z.number().meta({ description: "The receipt's sum, in roubles" }),
    qr_code_data: z.string().meta({ description: "The text of the receipt's QR code" }),
    test: z
      .literal(true)
      .optional()
      .meta({ description: 'A mock KKT made it: it is no fiscal document. A real KKT leaves this out' }),
  })
  .meta({ id: 'FiscalDocument' })

export const printAnswer = z.object({
  status: z.enum(['printed', 'buffered']).meta({
    description: '`printed`: the document is in `fiscal_doc`. `buffered`: the receipt is safe, and will be printed',
  }),
  receipt_id: z.guid().meta({ description: "The receipt's id. It is in every later answer about this receipt" }),
  fiscal_doc: fiscalDoc.nullable().meta({ description: 'Null while it is not on paper' }),
  message: z.string().meta({ description: 'For people: what the receipt waits for, and how to ask again' }),
})

const receiptEntry = z.object({
  receipt_id: z.guid().meta({ description: "The receipt's id" }),
  pos_id: z.string().meta({ description: "The till's name" }),
  status: z.enum(STATUSES).meta({ description: 'The state of the receipt' }),
  created_at: isoTime.meta({ description: 'The time at which the receipt was journaled' }),
  printed_at: isoTime.nullable().meta({ description: 'The time at which its document was recorded. Null before' }),
  synced_at: isoTime.nullable().meta({ description: 'The time at which the OFD was known to hold it. Null before' }),
  ofd_id: z.string().nullable().meta({ description: "The OFD's own name of it. Null before the delivery" }),
  retry_count: whole.meta({ description: 'Failures to deliver this receipt that count against it' }),
  last_error: z.string().nullable().meta({ description: 'The reason of the last failure. Null without one' }),
  fiscal_doc: fiscalDoc.nullable().meta({ description: 'Null while the KKT has made no document' }),
})

export const receiptAnswer = receiptEntry.extend({
  type: z.enum(OPERATIONS).meta({ description: 'A sale, or the return of a sale' }),
  items: z
    .array(
      z.object({
        name: z.string().meta({ description: 'The name on the receipt' }),
        price: z.number().meta({ description: 'The price of one unit, in roubles' }),
        quantity: z.number().meta({ description: 'In units of the thing sold' }),
        total: z.number().meta({ description: "The item's sum, in roubles" }),
        vat_rate: z.number().nullable().meta({ description: 'In percent. Null: without VAT' }),
      }),
    )
    .meta({ description: 'The things sold' }),
  payments: z
    .array(
      z.object({
        type: z.enum(PAYMENT_TYPES).meta({ description: 'The way of paying' }),
        amount: z.number().meta({ description: 'In roubles' }),
      }),
    )
    .meta({ description: 'The ways of paying' }),
  total: z.number().meta({ description: "The receipt's sum, in roubles" }),
})

/** A page leaves the items out: with them it could have several megabytes. */
export const receiptPage = z.object({
  receipts: z.array(receiptEntry.meta({ id: 'Receipt' })).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
})

type Maker = Pick<KktDriver, 'isMock'>

/** The document as tills get it. The OFD gets it without the mark of a test. */
export const tillsFiscalDoc = (doc: FiscalDoc, { isMock }: Maker): z.input<typeof fiscalDoc> =>
  isMock ? { ...wireFiscalDoc(doc), test: true } : wireFiscalDoc(doc)

export const toWireEntry = (receipt: Receipt, driver: Maker): z.input<typeof receiptEntry> => ({
  receipt_id: receipt.id,
  pos_id: receipt.content.posId,
  status: receipt.status,
  created_at: iso(receipt.createdAtMs),
  printed_at: isoOrNull(receipt.printedAtMs),
  synced_at: isoOrNull(receipt.syncedAtMs),
  ofd_id: receipt.ofdId,
  retry_count: receipt.retryCount,
  last_error: receipt.lastError,
  fiscal_doc: receipt.fiscalDoc && tillsFiscalDoc(receipt.fiscalDoc, driver),
})

export const toWireReceipt = (receipt: Receipt, driver: Maker): z.input<typeof receiptAnswer> => ({
  ...toWireEntry(receipt, driver),
  ...wireContent(receipt.content),
})
