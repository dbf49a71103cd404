import type { Clock } from '@kkt/platform/clock.ts'
import type { Reading, StreamEvent } from '@kkt/platform/hub.ts'
import { type Language, languageOf } from '@kkt/platform/language.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { EVENT_KINDS } from '../journal/audit.ts'
import type { AuditEvent } from '../journal/events.ts'
import type { Journal } from '../journal/journal.ts'
import { createEventFeed, type Start } from '../live/event_feed.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf } from './callers.ts'
import { toWireEvent } from './events_answer.ts'
import type { Sampler } from './samples.ts'
import { wireSample } from './samples_route.ts'
import { type StandingDeps, StandingWatch } from './standing_watch.ts'
import { ADAPTER_WORDS } from './words/words.ts'

const eventId = integer({ min: 0, max: Number.MAX_SAFE_INTEGER })
  .optional()
  .meta({ description: 'The `id` of the last event that the reader got. The stream goes on behind it' })

/** Events of the audit log by their kinds, and those that tell where the adapter stands. */
export const STREAM_EVENTS = [...EVENT_KINDS, 'status', 'health', 'alert', 'sample', 'reset'] as const
type EventName = (typeof STREAM_EVENTS)[number]

const takesNames = `takes names of events with commas between: ${STREAM_EVENTS.join(', ')}`
const eventName = z.string().max(16, takesNames)
/** Elysia makes a list of a text with commas. */
const eventNames = z
  .union([eventName, z.array(eventName).max(STREAM_EVENTS.length)])
  .meta({ description: `The events to send, with commas between: ${STREAM_EVENTS.join(', ')}. All, unless it is said` })
  .transform((given) => [given].flat())
  .pipe(z.array(z.enum(STREAM_EVENTS, takesNames)))

export type Stream = {
  /**
   * @param lastEventId the last event that the reader got, or null
   * @throws StorageFailure, Problem
   */
  answer(lastEventId: number | null, reading: Reading & { names: readonly EventName[] | null }): Response
  /** Ends all streams. */
  close(): void
}

type StreamDeps = Omit<StandingDeps, 'wallMs'> & { journal: Journal; clock: Clock; sampler: Pick<Sampler, 'onSample'> }

/** The adapter's changes as server-sent events. It costs nothing while nobody reads. */
export function createStream({ journal, clock, readStatus, readHealth, alertThreshold, sampler }: StreamDeps): Stream {
  const standing = new StandingWatch({ readStatus, readHealth, alertThreshold, wallMs: clock.wallMs })
  const feed = createEventFeed({
    journal,
    clock,
    show: toStreamEvent,
    async beat() {
      const changes = await standing.look()
      if (changes.length > 0) feed.announce(() => changes)
    },
  })

  sampler.onSample((sample) => feed.announce(() => [{ event: 'sample', data: wireSample(sample) }]))

  return {
    answer(lastEventId, reading) {
      if (!feed.hasReaders()) standing.forget()
      const greet = (start: Start, atId: number) => [...resetFor(start), ...numbered(standing.greeting(), atId)]
      return feed.answer(lastEventId, reading, greet)
    },
    close: feed.close,
  }
}

type StreamRoutesDeps = { stream: Stream; access: Access; isStopping: () => boolean }

export const streamRoutes = ({ stream, access, isStopping }: StreamRoutesDeps) =>
  new Elysia({ name: 'stream' }).get(
    '/v1/kkt/stream',
    ({ headers, query, request }) => {
      if (isStopping()) throw adapterProblem.shuttingDown()
      // A browser that connects again sends the header beside the query of its first request.
      const lastId = headers['last-event-id'] ?? query.last_event_id ?? null
      const caller = callerOf(access, request)
      const language = languageOf(request.headers.get('accept-language'))
      const ended = caller.kind === 'holder' ? caller.holder.ended : null
      return stream.answer(lastId, { names: query.events ?? null, ended, language })
    },
    {
      headers: z.object({ 'last-event-id': eventId }),
      query: z.strictObject({ last_event_id: eventId, events: eventNames.optional() }),
      response: { 400: problemDocument, 422: problemDocument, 503: problemDocument },
    },
  )

const toStreamEvent = (event: AuditEvent): StreamEvent => {
  const { kind, ...data } = toWireEvent(event)
  return { event: kind, id: event.id, data }
}

/** The first event carries the number behind which the reader goes on when it connects again before it got another. */
const numbered = ([first, ...others]: StreamEvent[], atId: number): StreamEvent[] =>
  first ? [{ ...first, id: atId }, ...others] : []

function resetFor(start: Start): StreamEvent[] {
  if (start.kind !== 'reset') return []
  const { reason } = start
  const detailIn = (language: Language) => ADAPTER_WORDS[language].answers.leftOut[reason]
  return [{ event: 'reset', dataIn: (language) => ({ reason, detail: detailIn(language) }) }]
}
