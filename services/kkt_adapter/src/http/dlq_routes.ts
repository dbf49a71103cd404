import { iso } from '@kkt/platform/clock.ts'
import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { toRoubles } from '../domain/money.ts'
import { DLQ_REASONS, type Receipt, type ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { whoOf } from './callers.ts'
import { deadLetterOf } from './dead_letter.ts'
import { deliveryProblem } from './delivery_problems.ts'
import { dlqCloseRoute } from './dlq_close_route.ts'
import { nextCursor, pageLimit } from './page_limit.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES, posId } from './receipt_schema.ts'

/** This many at once delay a till by milliseconds. */
const REQUEUE_BATCH = 200

const reason = z
  .enum(DLQ_REASONS)
  .meta({ description: 'The OFD refused the receipt, or it failed too often while others got through' })

const dlqItem = z.object({
  receipt_id: z.guid().meta({ description: "The receipt's id" }),
  pos_id: z.string().meta({ description: "The till's name" }),
  reason,
  last_error: z.string().meta({ description: "The OFD's last answer" }),
  retry_count: whole.meta({ description: 'Failures to deliver this receipt that count against it' }),
  fiscal_doc_number: whole.meta({ description: "The document's number in the FN" }),
  total: z.number().meta({ description: "The receipt's sum, in roubles" }),
  failed_at: z.iso.datetime().meta({ description: 'The time at which it became a dead letter' }),
})
const dlqPage = z.object({
  items: z.array(dlqItem).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
  total: whole.meta({ description: 'All dead letters that match, on this page or not' }),
})

type DlqRoutesDeps = { journal: Journal; delivery: Pick<Delivery, 'way' | 'nudge'>; access: Access; logger: Logger }

/** The dead letters: receipts that the OFD refused, for a person to look at and to requeue or close. */
export const dlqRoutes = ({ journal, delivery, access, logger }: DlqRoutesDeps) =>
  new Elysia({ name: 'dlq' })
    .onBeforeHandle(() => {
      // Dead letters of the time before can still be closed.
      if (delivery.way === 'kkt' && journal.queries.counts().failed === 0) throw deliveryProblem.dlqAbsent()
    })
    .get(
      '/v1/kkt/buffer/dlq',
      ({ query }) => {
        const filter = { posId: query.pos_id ?? null, reason: query.reason ?? null }
        const { items, nextCursor: next } = journal.queries.deadLetters(filter, query.cursor ?? null, query.limit)
        return { items: items.map(toDlqItem), next_cursor: next, total: journal.queries.deadLetterCount(filter) }
      },
      {
        query: z.strictObject({
          pos_id: posId.optional().meta({ description: 'Only receipts of this till' }),
          reason: reason.optional().meta({ description: 'Only dead letters of this reason' }),
          limit: pageLimit,
          cursor: receiptId.optional().meta({ description: '`next_cursor` of the page before' }),
        }),
        response: { 200: dlqPage, 404: problemDocument, 422: problemDocument },
      },
    )
    .post(
      '/v1/kkt/buffer/dlq/:receipt_id/requeue',
      async ({ params: { receipt_id: id }, request }) => {
        const who = whoOf(access, request)
        const requeued = await journal.write((tx) => {
          const deadLetter = deadLetterOf(tx, id)
          tx.requeue(deadLetter, who)
          return deadLetter
        })
        logger.info('dead_letter_requeued', { receipt_id: requeued, by: who })
        delivery.nudge()
        return { receipt_id: requeued, status: 'pending' as const }
      },
      {
        params: z.object({ receipt_id: receiptId }),
        response: {
          200: z.object({
            receipt_id: z.guid().meta({ description: "The receipt's current id" }),
            status: z.literal('pending').meta({ description: 'The receipt is to be delivered' }),
          }),
          404: problemDocument,
          409: problemDocument,
          422: problemDocument,
        },
      },
    )
    .use(dlqCloseRoute({ journal, access, logger }))
    .post(
      '/v1/kkt/buffer/dlq/requeue',
      async ({ body, request }) => {
        const filter = { posId: body.pos_id ?? null, reason: body.reason ?? null }
        const matching = journal.queries.deadLetterIds(filter)
        if (body.dry_run) return { requeued: 0, dry_run: true, receipt_ids: matching }
        const who = whoOf(access, request)
        const requeued = await requeueAll(journal, matching, who).finally(() => delivery.nudge())
        logger.info('dead_letters_requeued', { count: requeued.length, by: who })
        return { requeued: requeued.length, dry_run: false, receipt_ids: requeued }
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        body: z.strictObject({
          pos_id: posId.optional().meta({ description: 'Only receipts of this till' }),
          reason: reason.optional().meta({ description: 'Only dead letters of this reason' }),
          dry_run: z.boolean().default(false).meta({ description: 'Only tells which would be sent again' }),
        }),
        response: {
          200: z.object({
            requeued: whole.meta({ description: 'Dead letters that are to be sent again' }),
            dry_run: z.boolean().meta({ description: 'Whether nothing was changed' }),
            receipt_ids: z.array(z.guid()).meta({ description: 'Those, or with `dry_run` those that would be' }),
          }),
          400: problemDocument,
          404: problemDocument,
          422: problemDocument,
        },
      },
    )

/**
 * Requeues oldest first and in batches, so that tills get in between and the WAL stays small. Batches before a disk
 * failure stay requeued; another call does the rest.
 * @returns those that were still dead letters when their turn came
 */
async function requeueAll(journal: Journal, ids: ReceiptId[], who: string | null): Promise<ReceiptId[]> {
  const requeued: ReceiptId[] = []
  for (let from = 0; from < ids.length; from += REQUEUE_BATCH) {
    const batch = ids.slice(from, from + REQUEUE_BATCH)
    const done = await journal.write((tx) => {
      const failed = batch.filter((id) => tx.queries.statusOf(id) === 'failed')
      for (const id of failed) tx.requeue(id, who)
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
