import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { SyncReport } from '../delivery/pass.ts'
import type { Worker } from '../delivery/worker.ts'
import { EVENT_KINDS } from '../journal/audit.ts'
import type { Journal } from '../journal/journal.ts'
import { type ReadBufferStatus, statusAnswer } from './buffer_status.ts'
import { toWireEvent, wireEvent } from './events_answer.ts'
import { pageLimit } from './page_limit.ts'
import { receiptId } from './receipt_schema.ts'

const syncAnswer = z.object({
  status: z.literal('completed'),
  synced: whole,
  failed: whole,
  skipped: whole,
  remaining: whole,
  duration_seconds: z.number(),
  message: z.string(),
})

const eventsPage = z.object({ events: z.array(wireEvent), next_cursor: z.string().nullable() })

export const bufferRoutes = (deps: { journal: Journal; worker: Worker; readStatus: ReadBufferStatus }) => {
  const { journal, worker } = deps
  return new Elysia({ name: 'buffer' })
    .get('/v1/kkt/buffer/status', () => deps.readStatus(), { response: { 200: statusAnswer } })
    .post(
      '/v1/kkt/buffer/sync',
      async ({ set }) => {
        set.status = 202
        return toSyncAnswer(await worker.syncNow())
      },
      { response: { 202: syncAnswer } },
    )
    .get(
      '/v1/kkt/buffer/events',
      ({ query }) => {
        const filter = { receiptId: query.receipt_id ?? null, kind: query.kind ?? null }
        const { items, nextCursor } = journal.events.list(filter, query.cursor ?? null, query.limit)
        return {
          events: items.map(toWireEvent),
          next_cursor: nextCursor === null ? null : String(nextCursor),
        }
      },
      {
        query: z.strictObject({
          receipt_id: receiptId.optional(),
          kind: z.enum(EVENT_KINDS).optional(),
          limit: pageLimit,
          cursor: z.coerce.number().int().min(1).optional(),
        }),
        response: { 200: eventsPage, 422: problemDocument },
      },
    )
}

function toSyncAnswer(report: SyncReport): z.input<typeof syncAnswer> {
  const { synced, failed, skipped, remaining } = report
  return {
    status: 'completed',
    synced,
    failed,
    skipped,
    remaining,
    duration_seconds: Math.round(report.durationMs) / 1000,
    message: syncMessage(report),
  }
}

function syncMessage({ failed, skipped, remaining, isSender }: SyncReport): string {
  if (!isSender) {
    return 'This process may not send now: see sender_lease in GET /v1/kkt/buffer/status. What it has goes when it may.'
  }
  if (remaining === 0) return 'Everything is delivered.'
  if (failed === 0 && skipped === 0) return `${remaining} came meanwhile and are on their way.`
  return `${remaining} remain: the OFD did not take ${failed}, and ${skipped} were not tried behind them. See last_failure in GET /v1/kkt/buffer/status, and GET /v1/kkt/buffer/dlq.`
}
