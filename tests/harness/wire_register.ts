/** The adapter's answers where its cash register is one of its own: no document is a test. */
import { z } from 'zod'
import { receiptView } from './wire.ts'
import { fiscalDoc } from './wire_document.ts'

/** One that a person told of has its numbers alone. */
export const registersDoc = z.strictObject(fiscalDoc.shape)

const warnings = z.array(z.strictObject({ code: z.string(), message: z.string().min(1) }))
const told = { receipt_id: z.uuid(), message: z.string(), warnings }

/** To a sale. */
export const registersAnswer = z.union([
  z.object({ status: z.literal('printed'), fiscal_doc: registersDoc, paper: z.enum(['printed', 'none']), ...told }),
  z.object({ status: z.literal('buffered'), fiscal_doc: registersDoc, paper: z.literal('missing'), ...told }),
  z.object({ status: z.literal('buffered'), fiscal_doc: z.null(), paper: z.literal('none'), ...told }),
])

export const registersReceipts = z.object({
  receipts: z.array(receiptView.extend({ fiscal_doc: registersDoc.nullable() })),
  next_cursor: z.string().nullable(),
})
