import { iso } from '@kkt/platform/clock.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Worker } from '../delivery/worker.ts'
import { toRoubles } from '../domain/money.ts'
import { DLQ_REASONS, type Receipt, type ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { deadLetterOf } from './dead_letter.ts'
import { dlqCloseRoute } from './dlq_close_route.ts'
import { pageLimit } from './page_limit.ts'
import { MAX_BODY_BYTES, posId, receiptId } from './receipt_schema.ts'

/** This many at once delay a till by milliseconds. */
const REQUEUE_BATCH = 200

const reason = z.enum(DLQ_REASONS)

const dlqItem = z.object({
  receipt_id: z.guid(),
  pos_id: z.string(),
  reason,
  last_error: z.string(),
  retry_count: whole,
  fiscal_doc_number: whole,
  total: z.number(),
  failed_at: z.iso.datetime(),
})
const dlqPage = z.object({ items: z.array(dlqItem), next_cursor: z.string().nullable(), total: whole })

/** The dead letters: receipts that the OFD refused, for a person to look at and to requeue or close. */
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
          limit: pageLimit,
          cursor: receiptId.optional(),
        }),
        response: { 200: dlqPage, 422: problemDocument },
      },
    )
    .post(
      '/v1/kkt/buffer/dlq/:receipt_id/requeue',
      async ({ params: { receipt_id: id } }) => {
        const requeued = await journal.write((tx) => {
          const deadLetter = deadLetterOf(tx, id)
          tx.requeue(deadLetter)
          return deadLetter
        })
        worker.nudge()
        return { receipt_id: requeued, status: 'pending' as const }
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
    .use(dlqCloseRoute(journal))
    .post(
      '/v1/kkt/buffer/dlq/requeue',
      async ({ body }) => {
        const filter = { posId: body.pos_id ?? null, reason: body.reason ?? null }
        const matching = journal.queries.deadLetterIds(filter)
        if (body.dry_run) return { requeued: 0, dry_run: true, receipt_ids: matching }
        const requeued = await requeueAll(journal, matching).finally(() => worker.nudge())
        return { requeued: requeued.length, dry_run: false, receipt_ids: requeued }
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        body: z.strictObject({
          pos_id: posId.optional(),
          reason: reason.optional(),
          dry_run: z.boolean().default(false),
        }),
        response: {
          200: z.object({ requeued: whole, dry_run: z.boolean(), receipt_ids: z.array(z.guid()) }),
          400: problemDocument,
          422: problemDocument,
        },
      },
    )

/**
 * Requeues oldest first and in batches, so that tills get in between and the WAL stays small. Batches before a disk
 * failure stay requeued; another call does the rest.
 * @returns those that were still dead letters when their turn came
 */
async function requeueAll(journal: Journal, ids: ReceiptId[]): Promise<ReceiptId[]> {
  const requeued: ReceiptId[] = []
  for (let from = 0; from < ids.length; from += REQUEUE_BATCH) {
    const batch = ids.slice(from, from + REQUEUE_BATCH)
    const done = await journal.write((tx) => {
      const failed = batch.filter((id) => tx.queries.statusOf(id) === 'failed')
      for (const id of failed) tx.requeue(id)
      return failed
    })
    requeued.push(...done)
  }
  return requeued
}

function toDlqItem(receipt: Receipt): z.input<typeof dlqItem> {
  const { dlqReason, lastError, fiscalDoc } = receipt
  // The journal's CHECKs guarantee all three for a dead letter.
  if (!dlqReason || lastError === null || !fiscalDoc) throw new Error(`Dead letter ${receipt.id} is incomplete`)
  return {
    receipt_id: receipt.id,
    pos_id: receipt.content.posId,
    reason: dlqReason,
    last_error: lastError,
    retry_count: receipt.retryCount,
    fiscal_doc_number: fiscalDoc.fdNumber,
    total: toRoubles(receipt.content.totalKopecks),
    failed_at: iso(receipt.changedAtMs),
  }
}
