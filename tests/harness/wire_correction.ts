/** A correction, as the adapter's contract has it. */
import { z } from 'zod'
import { tillsDoc } from './wire_document.ts'

const correctionPart = z.object({
  receipt_id: z.uuid(),
  status: z.string(),
  fiscal_doc: tillsDoc.nullable(),
  last_error: z.string().nullable(),
})
export const correctionAnswer = z.object({
  correction_id: z.uuid(),
  status: z.enum(['printed', 'buffered', 'incomplete', 'closed']),
  reversal: correctionPart.nullable(),
  right: correctionPart.nullable(),
})
