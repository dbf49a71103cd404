import type { Book } from '@kkt/platform/docs/book.ts'
import { RECEIPT_ID } from './examples.ts'

const SYNCED = {
  id: 42,
  at: '2026-11-22T16:43:06.080Z',
  receipt_id: RECEIPT_ID,
  from: 'syncing',
  to: 'synced',
  detail: null,
  by: null,
}

export const streamEntries: Book['operations'] = {
  'GET /v1/kkt/stream': {
    tag: 'Buffer',
    parameters: { 'last-event-id': 0 },
    summary: 'Transitions, state and alerts as they happen',
    description:
      "Events are `status` and `health` (as their routes answer, first of all and when they change), `receipt`, `task`, `breaker`, `lease`, `odoo`, `command` and `kkt` (entries of the audit log, whose number is the event's `id`), `alert` (raised or ended, with the action; a new connection is told all that hold), `sample` (as in `GET /v1/kkt/buffer/samples`), and `reset` (events were left out). A reader that names its last `id` goes on behind it. One that does not keep up is dropped. `events` names those that a reader wants, with commas between.",
    answers: {
      200: {
        description: 'Server-sent events. It stays open.',
        mediaType: 'text/event-stream',
        schema: { type: 'string', description: 'Events, each with one JSON document as its data' },
        example: `event: receipt\nid: 42\ndata: ${JSON.stringify(SYNCED)}\n\n`,
      },
    },
    problems: ['too_many_readers', 'journal_unavailable', 'shutting_down'],
  },
}
