import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import type { Receipt } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { wireContent, wireFiscalDoc } from '../domain/wire_forms.ts'

const isoTime = z.iso.datetime()

const fiscalDoc = z.object({
  fiscal_doc_number: whole,
  fiscal_sign: z.string().regex(/^\d{10}$/),
  fiscal_datetime: isoTime,
  fn_number: z.string().regex(/^\d{16}$/),
  kkt_number: z.string(),
  shift_number: whole,
  receipt_number: whole,
  total: z.number(),
  qr_code_data: z.string(),
})

export const printAnswer = z.object({
  status: z.enum(['printed', 'buffered']),
  receipt_id: z.guid(),
  fiscal_doc: fiscalDoc.nullable(),
  message: z.string(),
})

const receiptEntry = z.object({
  receipt_id: z.guid(),
  pos_id: z.string(),
  status: z.enum(STATUSES),
  created_at: isoTime,
  printed_at: isoTime.nullable(),
  synced_at: isoTime.nullable(),
  ofd_id: z.string().nullable(),
  retry_count: whole,
  last_error: z.string().nullable(),
  fiscal_doc: fiscalDoc.nullable(),
})

export const receiptAnswer = receiptEntry.extend({
  type: z.enum(['sale', 'refund']),
  items: z.array(
    z.object({
      name: z.string(),
      price: z.number(),
      quantity: z.number(),
      total: z.number(),
      vat_rate: z.number().nullable(),
    }),
  ),
  payments: z.array(z.object({ type: z.enum(['cash', 'card', 'other']), amount: z.number() })),
  total: z.number(),
})

/** A page leaves the items out: with them it could have several megabytes. */
export const receiptPage = z.object({ receipts: z.array(receiptEntry), next_cursor: z.string().nullable() })

export const toWireEntry = (receipt: Receipt): z.input<typeof receiptEntry> => ({
  receipt_id: receipt.id,
  pos_id: receipt.content.posId,
  status: receipt.status,
  created_at: iso(receipt.createdAtMs),
  printed_at: isoOrNull(receipt.printedAtMs),
  synced_at: isoOrNull(receipt.syncedAtMs),
  ofd_id: receipt.ofdId,
  retry_count: receipt.retryCount,
  last_error: receipt.lastError,
  fiscal_doc: receipt.fiscalDoc && wireFiscalDoc(receipt.fiscalDoc),
})

export const toWireReceipt = (receipt: Receipt): z.input<typeof receiptAnswer> => ({
  ...toWireEntry(receipt),
  ...wireContent(receipt.content),
})
