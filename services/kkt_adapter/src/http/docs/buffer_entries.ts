import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import { LAST_FAILURE, RECEIPT_ID, SALE } from './examples.ts'

const BUFFER = 'Buffer'
const DLQ = 'Dead letters'

export const bufferEntries: Book['operations'] = {
  'GET /v1/kkt/buffer/status': {
    tag: BUFFER,
    summary: 'How full the buffer is, and how delivery stands',
    answers: {
      200: {
        description: 'The status. It costs the same however many receipts there are.',
        example: {
          total_capacity: 1000,
          current_queued: 3,
          percent_full: 0.3,
          network_status: 'degraded',
          total_receipts: 1204,
          unprinted: 1,
          printing: 1,
          unknown: 0,
          untold: 0,
          untraced: 0,
          unclear_tasks: 0,
          refused: 0,
          without_paper: 0,
          corrections_half_done: 0,
          twins: 0,
          pending: 2,
          syncing: 1,
          synced: 1200,
          failed: 1,
          closed: 0,
          dlq_size: 1,
          alert: true,
          oldest_pending_age_seconds: 12.4,
          circuit_breaker: { state: 'CLOSED', failure_count: 1, opened_at: null, next_probe_at: null },
          sender_lease: { held_by: 'this_process', fencing_token: 7, hosts: 'held' },
          last_sync_at: '2026-11-22T16:43:06.080Z',
          last_failure: LAST_FAILURE,
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/buffer/samples': {
    tag: BUFFER,
    summary: 'The last 15 minutes, for charts',
    description: 'A sample comes each 5 s. They are in memory: a restart begins with none.',
    answers: {
      200: {
        description: 'The samples, the oldest first.',
        example: {
          now: '2026-11-22T16:43:08.000Z',
          interval_seconds: 5,
          samples: [
            { at: '2026-11-22T16:43:06.080Z', accepted: 12, synced: 10, queued: 3, oldest_pending_age_seconds: 12.4 },
          ],
        },
      },
    },
  },
  'POST /v1/kkt/buffer/sync': {
    tag: BUFFER,
    summary: 'Try everything pending now, once',
    description:
      'Whether or not the breaker is open. It answers when that is done; a second call joins the first. Where the KKT delivers by itself (DELIVERY=kkt), the KKT is asked which documents the OFD holds, and `skipped` counts the others.',
    answers: {
      202: {
        description: 'The outcome.',
        example: {
          status: 'completed',
          synced: 5,
          failed: 0,
          skipped: 0,
          remaining: 0,
          duration_seconds: 0.214,
          message: 'Everything is delivered.',
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/buffer/events': {
    tag: BUFFER,
    summary: 'The audit log, newest first',
    description:
      'The transitions of receipts, and the changes of the breaker, of the lease and of Odoo, and the commands of people.',
    parameters: { receipt_id: RECEIPT_ID, kind: 'receipt', limit: 20 },
    answers: {
      200: {
        description: 'A page.',
        example: {
          events: [
            {
              id: 41,
              at: '2026-11-22T16:43:06.080Z',
              kind: 'receipt',
              receipt_id: RECEIPT_ID,
              from: 'syncing',
              to: 'synced',
              detail: null,
              by: null,
            },
          ],
          next_cursor: '41',
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/buffer/dlq': {
    tag: DLQ,
    summary: 'List the dead letters, newest first',
    parameters: { pos_id: SALE.pos_id, reason: 'refused_by_ofd', limit: 20 },
    answers: {
      200: {
        description: 'A page.',
        example: {
          items: [
            {
              receipt_id: RECEIPT_ID,
              pos_id: SALE.pos_id,
              reason: 'refused_by_ofd',
              last_error: 'the OFD answered 422 and said "error: Receipt refused"',
              retry_count: 1,
              fiscal_doc_number: 12,
              total: 10549.9,
              failed_at: '2026-11-22T16:43:06.080Z',
            },
          ],
          next_cursor: null,
          total: 1,
        },
      },
    },
    problems: ['dlq_absent', 'journal_unavailable'],
  },
  'POST /v1/kkt/buffer/dlq/{receipt_id}/requeue': {
    tag: DLQ,
    summary: 'Send one dead letter again',
    parameters: { receipt_id: RECEIPT_ID },
    answers: {
      200: { description: 'It is to be delivered.', example: { receipt_id: RECEIPT_ID, status: 'pending' } },
    },
    problems: ['receipt_not_found', 'not_in_dlq', 'dlq_absent', 'journal_unavailable'],
  },
  'POST /v1/kkt/buffer/dlq/{receipt_id}/close': {
    tag: DLQ,
    summary: 'End one dead letter that was settled in another way',
    description: 'It is never sent again. Its document stays in the FN.',
    parameters: { receipt_id: RECEIPT_ID },
    body: {
      description: 'The reason.',
      limitBytes: MAX_BODY_BYTES,
      examples: { 'A refund made up for it': { reason: 'refunded as document 12' } },
    },
    answers: {
      200: { description: 'It is closed.', example: { receipt_id: RECEIPT_ID, status: 'closed' } },
    },
    problems: ['receipt_not_found', 'not_in_dlq', 'dlq_absent', 'journal_unavailable'],
  },
  'POST /v1/kkt/buffer/dlq/requeue': {
    tag: DLQ,
    summary: 'Send all dead letters again that match',
    body: {
      description: 'The filter. An empty object matches all.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'All of them': {},
        'Those of one till, only to be told which': { pos_id: SALE.pos_id, reason: 'refused_by_ofd', dry_run: true },
      },
    },
    answers: {
      200: {
        description: 'They are to be delivered.',
        example: { requeued: 1, dry_run: false, receipt_ids: [RECEIPT_ID] },
      },
    },
    problems: ['dlq_absent', 'journal_unavailable'],
  },
  'POST /v1/kkt/buffer/untraced/close': {
    tag: BUFFER,
    summary: 'End the receipts of a replaced FN of which the KKT cannot tell whether the OFD holds them',
    description:
      'Only where the KKT delivers by itself (DELIVERY=kkt). Their documents stay in the FN that was taken out.',
    body: {
      description: 'The FN, and how its receipts were settled.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'The OFD has them': { fn_number: '9999078900000961', reason: 'seen in the cabinet of the OFD' },
      },
    },
    answers: { 200: { description: 'They are closed.', example: { closed: 3 } } },
    problems: ['nothing_untraced', 'journal_unavailable'],
  },
}
