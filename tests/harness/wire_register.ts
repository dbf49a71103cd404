/** The adapter's answers where its cash register is one of its own: no document is a test. */
import { z } from 'zod'
import { receiptView } from './wire.ts'
import { fiscalDoc } from './wire_document.ts'

/** The name (1085) under which tag 1084 carries a receipt's id. */
const ID_ATTRIBUTE = 'receipt_id'

/** A document's tag 1084. Both are null where it has none. */
type UserAttribute = { name: string | null; value: string | null }

/** The id that the adapter wrote into a document. Null: tag 1084 is a till's own, or is not there. */
export const idInTag = (tag: UserAttribute | null | undefined): string | null =>
  tag?.name === ID_ATTRIBUTE ? tag.value : null

/** The tag by which the adapter names a receipt whose till leaves it free. */
export const tagOfId = (receiptId: string) => ({ name: ID_ATTRIBUTE, value: receiptId })

/** One that a person told of has its numbers alone. */
export const registersDoc = z.strictObject(fiscalDoc.shape)

const warnings = z.array(z.strictObject({ code: z.string(), message: z.string().min(1) }))
const told = { receipt_id: z.uuid(), message: z.string(), warnings }

/** To a sale. */
export const registersAnswer = z.union([
  z.object({
    status: z.literal('printed'),
    fiscal_doc: registersDoc,
    paper: z.enum(['printed', 'missing', 'none']),
    ...told,
  }),
  z.object({ status: z.literal('buffered'), fiscal_doc: registersDoc, paper: z.literal('missing'), ...told }),
  z.object({ status: z.literal('buffered'), fiscal_doc: z.null(), paper: z.literal('none'), ...told }),
])

export const registersReceipts = z.object({
  receipts: z.array(receiptView.extend({ fiscal_doc: registersDoc.nullable() })),
  next_cursor: z.string().nullable(),
})
