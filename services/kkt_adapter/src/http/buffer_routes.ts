import type { Language } from '@kkt/platform/language.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Delivery } from '../delivery/delivery.ts'
import type { SyncReport } from '../delivery/pass.ts'
import { EVENT_KINDS } from '../journal/audit.ts'
import type { Journal } from '../journal/journal.ts'
import { answerLanguage } from './answer_language.ts'
import { type ReadBufferStatus, statusAnswer } from './buffer_status.ts'
import type { NoteCommand } from './callers.ts'
import { toWireEvent, wireEvent } from './events_answer.ts'
import { nextCursor, pageLimit } from './page_limit.ts'
import { receiptId } from './receipt_body/fields.ts'
import { ADAPTER_WORDS, type AdapterWords } from './words/words.ts'

const syncAnswer = z.object({
  status: z.literal('completed').meta({ description: 'Everything that could be sent has been tried' }),
  synced: whole.meta({ description: 'Receipts that were delivered' }),
  failed: whole.meta({ description: 'Receipts that the OFD did not take' }),
  skipped: whole.meta({ description: 'Receipts that were not tried, behind one that failed' }),
  remaining: whole.meta({ description: 'Receipts that are still to be delivered' }),
  duration_seconds: z.number().meta({ description: 'In seconds' }),
  message: z.string().meta({ description: 'For people' }),
})

const eventsPage = z.object({
  events: z.array(wireEvent).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
})

type BufferRoutesDeps = {
  journal: Journal
  delivery: Pick<Delivery, 'syncNow'>
  readStatus: ReadBufferStatus
  noteCommand: NoteCommand
}

export const bufferRoutes = (deps: BufferRoutesDeps) => {
  const { journal, delivery } = deps
  return new Elysia({ name: 'buffer' })
    .get('/v1/kkt/buffer/status', () => deps.readStatus(), { response: { 200: statusAnswer } })
    .post(
      '/v1/kkt/buffer/sync',
      async ({ set, request }) => {
        deps.noteCommand('sync', null, request)
        set.status = 202
        return toSyncAnswer(await delivery.syncNow(), answerLanguage(request, set))
      },
      { response: { 202: syncAnswer } },
    )
    .get(
      '/v1/kkt/buffer/events',
      ({ query }) => {
        const filter = { receiptId: query.receipt_id ?? null, kind: query.kind ?? null }
        const { items, nextCursor: next } = journal.events.list(filter, query.cursor ?? null, query.limit)
        return {
          events: items.map(toWireEvent),
          next_cursor: next === null ? null : String(next),
        }
      },
      {
        query: z.strictObject({
          receipt_id: receiptId.optional().meta({ description: 'Only changes of this receipt' }),
          kind: z.enum(EVENT_KINDS).optional().meta({ description: 'Only changes of this kind' }),
          limit: pageLimit,
          cursor: integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
            .optional()
            .meta({ description: '`next_cursor` of the page before' }),
        }),
        response: { 200: eventsPage, 422: problemDocument },
      },
    )
}

function toSyncAnswer(report: SyncReport, language: Language): z.input<typeof syncAnswer> {
  const { synced, failed, skipped, remaining } = report
  return {
    status: 'completed',
    synced,
    failed,
    skipped,
    remaining,
    duration_seconds: Math.round(report.durationMs) / 1000,
    message: syncMessage(report, ADAPTER_WORDS[language].answers),
  }
}

function syncMessage(report: SyncReport, words: AdapterWords['answers']): string {
  const { failed, skipped, remaining, ended } = report
  if (ended === 'not_sender') return words.syncedNotHere()
  if (ended === 'kkt_silent') return words.syncKktSilent()
  if (remaining === 0) return words.syncedAll()
  if (ended === 'kkt_told') return words.heldByKkt(remaining)
  return failed === 0 && skipped === 0 ? words.syncedThese(remaining) : words.syncedInPart(report)
}
