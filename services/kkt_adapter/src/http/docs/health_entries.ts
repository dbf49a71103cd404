import type { Book } from '@kkt/platform/docs/book.ts'
import { LAST_FAILURE } from './examples.ts'

const BUFFER = { status: 'healthy', percent_full: 0.3, pending: 2, dlq_size: 0, last_failure: LAST_FAILURE }
const REST = {
  circuit_breaker: { status: 'healthy', state: 'CLOSED', failure_count: 0, opened_at: null, next_probe_at: null },
  redis: { status: 'healthy', error: null, advice: null },
  odoo: { status: 'healthy', state: 'online' },
  access: { status: 'healthy', open: false },
  tills: { status: 'healthy', error: null },
  tls: { status: 'healthy', expires_at: '2027-02-01T00:00:00.000Z', error: null },
}
const KKT = {
  mode: 'mock',
  kkt_number: 'KKT-001',
  fn_number: '9999322233119332',
  shift_number: 1,
  last_fiscal_doc_number: 12,
  trouble: null,
}
const LEASE = { status: 'healthy', held_by: 'this_process', epoch: 3, fencing_token: 7, hosts: 'held' }

export const healthEntries: Book['operations'] = {
  'GET /metrics': {
    tag: 'Health',
    summary: 'All metrics, for Prometheus',
    answers: {
      200: {
        description: 'It is answered while the journal cannot be read, too: `kkt_adapter_database_up` is 0 then.',
        mediaType: 'text/plain',
        example: '# TYPE kkt_adapter_database_up gauge\nkkt_adapter_database_up 1\n',
      },
    },
  },
  'GET /v1/health': {
    tag: 'Health',
    summary: 'The state of each part',
    answers: {
      200: {
        description: 'Receipts can be journaled: all is well, or something needs a look.',
        example: {
          status: 'healthy',
          version: '0.1.0',
          components: {
            buffer: BUFFER,
            database: { status: 'healthy', type: 'SQLite', mode: 'WAL', error: null, advice: null, disk: 'enough' },
            kkt: { status: 'healthy', unknown_outcomes: 0, without_paper: 0, ...KKT },
            sender_lease: LEASE,
            ...REST,
          },
        },
      },
      503: {
        description: 'No receipt can be journaled. `components.database.advice` says how to mend it.',
        example: {
          status: 'unhealthy',
          version: '0.1.0',
          components: {
            buffer: { status: 'degraded', percent_full: null, pending: null, dlq_size: null, last_failure: null },
            database: {
              status: 'unhealthy',
              type: 'SQLite',
              mode: 'WAL',
              error: 'SQLITE_FULL',
              advice: 'Check the disk that BUFFER_DB_PATH is on.',
              disk: 'low',
            },
            kkt: { status: 'degraded', unknown_outcomes: null, without_paper: null, ...KKT },
            sender_lease: { status: 'degraded', held_by: null, epoch: null, fencing_token: null, hosts: null },
            ...REST,
          },
        },
      },
    },
  },
}
