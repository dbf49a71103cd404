import type { Book } from '@kkt/platform/docs/book.ts'
import { LAST_FAILURE } from './examples.ts'

const BUFFER = { status: 'healthy', percent_full: 0.3, pending: 2, dlq_size: 0, last_failure: LAST_FAILURE }
const REST = {
  circuit_breaker: { status: 'healthy', state: 'CLOSED', failure_count: 0, opened_at: null, next_probe_at: null },
  redis: { status: 'healthy', error: null, advice: null },
  odoo: { status: 'healthy', state: 'online' },
  access: { status: 'healthy', mode: 'tokens', open: false, tokens: 3, error: null },
  tills: { status: 'healthy', error: null },
  tls: { status: 'healthy', expires_at: '2027-02-01T00:00:00.000Z', error: null },
}
const KKT = {
  mode: 'mock',
  kkt_number: 'KKT-001',
  shift_number: 1,
  last_fiscal_doc_number: 12,
  trouble: null,
  shift_state: 'opened',
  shift_expires_at: '2026-11-23T06:00:00.000Z',
  shift_closes_at: '2026-11-22T19:00:00.000Z',
  shift_ends_soon: false,
  clock_drift_seconds: -2,
  paper: 'present',
  ffd_version: '1.2',
  registration_number: '0000000001002292',
  serial_number: '0010690000000042',
  taxation_systems: ['osn'],
  fn_number: '9999322233119332',
  fn_valid_until: '2029-11-20',
  fn_days_left: 1094,
  fn_flags: [],
  unsent_count: 2,
  unsent_since: '2026-11-22T13:40:00.000Z',
  days_left: 30,
  replaced_fn: null,
  fn_replaced_at: null,
}
const NOTHING_OPEN = { unknown_outcomes: 0, untold: 0, unclear_tasks: 0, without_paper: 0 }
const UNREAD = { unknown_outcomes: null, untold: null, unclear_tasks: null, without_paper: null }
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
    description: 'Where there are tokens, a client without one is told the status only.',
    access: 'optional',
    answers: {
      200: {
        description: 'Receipts can be journaled: all is well, or something needs a look.',
        example: {
          status: 'healthy',
          version: '0.1.0',
          components: {
            buffer: BUFFER,
            database: { status: 'healthy', type: 'SQLite', mode: 'WAL', error: null, advice: null, disk: 'enough' },
            kkt: { status: 'healthy', ...NOTHING_OPEN, ...KKT },
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
            kkt: { status: 'degraded', ...UNREAD, ...KKT },
            sender_lease: { status: 'degraded', held_by: null, epoch: null, fencing_token: null, hosts: null },
            ...REST,
          },
        },
      },
    },
  },
}
