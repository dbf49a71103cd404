import { whole } from '@kkt/platform/answer.ts'
import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { wireFiscalDoc } from '../ofd/document.ts'
import type { Receipt } from './receipt.ts'
import { STATUSES } from './state.ts'

/** What the adapter's routes answer about receipts. */
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

export const receiptAnswer = z.object({
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

export const receiptPage = z.object({ receipts: z.array(receiptAnswer), next_cursor: z.string().nullable() })

export const toWireReceipt = (receipt: Receipt): z.input<typeof receiptAnswer> => ({
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
