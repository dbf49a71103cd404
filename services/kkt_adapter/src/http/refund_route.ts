import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { maySellFor } from '../access/caller.ts'
import type { Receipt } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import type { Journal } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'

const mustBeDocument = "must be a receipt_id, or a document's FN number, a dash and its FD number: 9999078900001234-71"

/** A receipt's id, or `FN-FD`: one FN numbers its documents, and another begins again at 1. */
const originalId = z
  .string(mustBeDocument)
  .transform((text, context) => {
    const [, fnNumber, fdNumber] = /^(\d{16})-(\d{1,10})$/.exec(text) ?? []
    if (fnNumber !== undefined) return { kind: 'document' as const, fnNumber, fdNumber: Number(fdNumber) }
    const id = receiptId.safeParse(text)
    if (id.success) return { kind: 'receipt' as const, id: id.data }
    context.addIssue(mustBeDocument)
    return z.NEVER
  })
  .meta({
    description: "The `receipt_id` of the sale, or its document as `FN-FD`: the FN's 16 digits, a dash, the FD",
    maxLength: 36,
    pattern: '^([0-9a-fA-F-]{36}|[0-9]{16}-[0-9]{1,10})$',
  })

const syncStatus = z.enum(STATUSES).meta({ description: 'The state of the original receipt' })

const refusal = problemDocument.extend({
  allowed: z.literal(false).meta({ description: 'The refund has to wait' }),
  reason: z.string().meta({ description: 'Why it has to wait' }),
  sync_status: syncStatus,
})

type Wanted = z.output<typeof originalId>

const originalOf = ({ queries }: Journal, wanted: Wanted): Receipt | null =>
  wanted.kind === 'receipt' ? queries.find(wanted.id) : queries.findByDocument(wanted.fnNumber, wanted.fdNumber)

/** Whether a sale may be refunded: once the OFD holds its document. It changes nothing. */
export const refundRoute = ({ journal, access }: { journal: Journal; access: Access }) =>
  new Elysia({ name: 'refund' }).post(
    '/v1/pos/refund',
    ({ body: { original_fiscal_doc_id: wanted }, request }) => {
      const original = originalOf(journal, wanted)
      // Another till's receipt is as one that is not there.
      const isSeen = original !== null && maySellFor(callerOf(access, request), original.content.posId)
      if (!isSeen) throw adapterProblem.originalNotFound()
      if (original.status !== 'synced') throw adapterProblem.refundTooEarly(original)
      return { allowed: true as const, sync_status: original.status }
    },
    {
      parse: jsonBody(MAX_BODY_BYTES),
      body: z.strictObject({ original_fiscal_doc_id: originalId }),
      response: {
        200: z.object({
          allowed: z.literal(true).meta({ description: 'The original is delivered, and may be refunded' }),
          sync_status: syncStatus,
        }),
        400: problemDocument,
        404: problemDocument,
        409: refusal,
        413: problemDocument,
        422: problemDocument,
        503: problemDocument,
      },
    },
  )
