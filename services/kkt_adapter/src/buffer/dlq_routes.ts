import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { limit } from '../http/paging.ts'
import { problem } from '../http/problems.ts'
import type { Journal } from '../journal/journal.ts'
import { toRoubles } from '../receipts/money.ts'
import { DLQ_REASONS, type Receipt } from '../receipts/receipt.ts'
import { MAX_BODY_BYTES, posId, receiptId } from '../receipts/schema.ts'
import type { Worker } from '../sync/worker.ts'

const reason = z.enum(DLQ_REASONS)

const dlqItem = z.object({
  receipt_id: z.guid(),
  pos_id: z.string(),
  reason,
  last_error: z.string(),
  retry_count: z.int(),
  fiscal_doc_number: z.int(),
  total: z.number(),
  failed_at: z.iso.datetime(),
})
const dlqPage = z.object({ items: z.array(dlqItem), next_cursor: z.string().nullable(), total: z.int() })

/** The dead letters: what the OFD refused, to be looked at and sent again. */
export const dlqRoutes = ({ journal, worker }: { journal: Journal; worker: Worker }) =>
  new Elysia({ name: 'dlq' })
    .get(
      '/v1/kkt/buffer/dlq',
      ({ query }) => {
        const filter = { posId: query.pos_id ?? null, reason: query.reason ?? null }
        const { items, nextCursor } = journal.queries.deadLetters(filter, query.cursor ?? null, query.limit)
        return { items: items.map(toDlqItem), next_cursor: nextCursor, total: journal.queries.deadLetterCount(filter) }
      },
      {
        query: z.strictObject({
          pos_id: posId.optional(),
          reason: reason.optional(),
          limit,
          cursor: receiptId.optional(),
        }),
        response: { 200: dlqPage, 422: problemDocument },
      },
    )
    .post(
      '/v1/kkt/buffer/dlq/:receipt_id/requeue',
      async ({ params: { receipt_id: id } }) => {
        await journal.write(() => {
          const receipt = journal.queries.find(id)
          if (!receipt) throw problem.receiptNotFound(id)
          if (receipt.status !== 'failed') throw problem.notInDlq(id, receipt.status)
          journal.transitions.requeue(id)
        })
        worker.nudge()
        return { receipt_id: id, status: 'pending' as const }
      },
      {
        params: z.object({ receipt_id: receiptId }),
        response: {
          200: z.object({ receipt_id: z.guid(), status: z.literal('pending') }),
          404: problemDocument,
          409: problemDocument,
          422: problemDocument,
        },
      },
    )
    .post(
      '/v1/kkt/buffer/dlq/requeue',
      async ({ body }) => {
        const filter = { posId: body.pos_id ?? null, reason: body.reason ?? null }
        const ids = await journal.write(() => {
          const matching = journal.queries.deadLetterIds(filter)
          if (!body.dry_run) for (const id of matching) journal.transitions.requeue(id)
          return matching
        })
        worker.nudge()
        return { requeued: body.dry_run ? 0 : ids.length, dry_run: body.dry_run, receipt_ids: ids }
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        body: z.strictObject({
          pos_id: posId.optional(),
          reason: reason.optional(),
          dry_run: z.boolean().default(false),
        }),
        response: {
          200: z.object({ requeued: z.int(), dry_run: z.boolean(), receipt_ids: z.array(z.guid()) }),
          400: problemDocument,
          422: problemDocument,
        },
      },
    )

function toDlqItem(receipt: Receipt): z.input<typeof dlqItem> {
  const { dlqReason, lastError, fiscalDoc } = receipt
  // The journal's CHECKs give a dead letter all three.
  if (!dlqReason || lastError === null || !fiscalDoc) throw new Error(`Dead letter ${receipt.id} is incomplete`)
  return {
    receipt_id: receipt.id,
    pos_id: receipt.content.posId,
    reason: dlqReason,
    last_error: lastError,
    retry_count: receipt.retryCount,
    fiscal_doc_number: fiscalDoc.fdNumber,
    total: toRoubles(receipt.content.totalKopecks),
    failed_at: new Date(receipt.changedAtMs).toISOString(),
  }
}
