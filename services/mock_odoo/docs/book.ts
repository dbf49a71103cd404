import { controlEntries, controlProblems, controlTag } from '@kkt/fault-kit/docs/control_entries.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Book } from '@kkt/platform/docs/book.ts'
import { z } from 'zod'
import { CONTROL } from '../app.ts'
import { MAX_HEARTBEAT_BYTES } from '../protocol.ts'
import { accepted, counters, heartbeat } from '../schema.ts'

const TAG = 'Odoo'
const AT = '2026-11-22T16:43:06.080Z'
const HEARTBEAT = { kkt_id: 'KKT-001', status: 'online', buffer_fullness: 0.03 }
const COUNTERS = { heartbeat_count: 1, last_heartbeat: AT }

const refusal = z.object({ error: z.string().meta({ description: 'The reason' }) })

const odooEntries: Book['operations'] = {
  'POST /api/v1/kkt/heartbeat': {
    tag: TAG,
    summary: 'Report that an adapter is alive',
    description: 'Unknown fields are kept.',
    body: {
      description: 'A heartbeat.',
      limitBytes: MAX_HEARTBEAT_BYTES,
      schema: heartbeat,
      examples: { 'All is well': HEARTBEAT },
    },
    answers: {
      200: {
        description: 'It was taken.',
        schema: accepted,
        example: { status: 'accepted', timestamp: 1_795_365_786 },
      },
      503: {
        description: 'A fault is on. Other faults give other answers, or none.',
        schema: refusal,
        example: { error: 'Odoo unavailable' },
      },
    },
  },
  'GET /api/v1/health': {
    tag: TAG,
    summary: 'The counters, and the state of the plainest faults',
    answers: {
      200: {
        description: 'It answers whatever faults are on.',
        example: { status: 'healthy', ...COUNTERS, permanent_failure: false, failure_count: 0 },
      },
    },
  },
}

/** The words of the mock Odoo's OpenAPI document. */
export const odooBook = (kit: FaultKit): Book => ({
  title: 'Mock Odoo',
  description: "An Odoo for tests: it takes the adapter's heartbeats, and fails on demand.",
  tags: [{ name: TAG, description: 'The routes that the adapter calls.' }, controlTag],
  problems: controlProblems,
  operations: {
    ...odooEntries,
    ...controlEntries({
      kit,
      prefix: CONTROL,
      call: {
        number: 1,
        time: AT,
        operation: 'submit',
        receipt_id: null,
        pos_id: null,
        kkt_id: HEARTBEAT.kkt_id,
        attempt: 0,
        fault: null,
        effect: true,
        reply_sent: true,
        status: 200,
        under_way: false,
        findings: [],
      },
      sent: JSON.stringify(HEARTBEAT),
      counters: { form: counters, example: COUNTERS },
      ledger: {
        form: heartbeat.extend({
          received_at: z.iso.datetime().nullable().meta({ description: 'The time at which it was taken' }),
        }),
        example: { ...HEARTBEAT, received_at: AT },
        filter: {},
      },
      emptyLedger: { total: 0, lastMs: null, entries: [] },
    }),
  },
})
