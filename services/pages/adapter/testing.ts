import type { BufferStatus, Health, Receipt, Sample } from './wire.ts'

/** A buffer in which nothing is wrong. */
export const status = (more: Partial<BufferStatus> = {}): BufferStatus => ({
  total_capacity: 100,
  current_queued: 0,
  percent_full: 0,
  network_status: 'online',
  total_receipts: 0,
  unprinted: 0,
  printing: 0,
  unknown: 0,
  untold: 0,
  untraced: 0,
  unclear_tasks: 0,
  refused: 0,
  without_paper: 0,
  corrections_half_done: 0,
  twins: 0,
  pending: 0,
  syncing: 0,
  synced: 0,
  failed: 0,
  closed: 0,
  dlq_size: 0,
  oldest_pending_age_seconds: null,
  circuit_breaker: { state: 'CLOSED', failure_count: 0, opened_at: null, next_probe_at: null },
  sender_lease: { held_by: 'this_process', fencing_token: 1, hosts: 'off' },
  last_sync_at: null,
  last_failure: null,
  ...more,
})

type Components = Health['components']
type Changes = { [Name in keyof Components]?: Partial<Components[Name]> }

/** An adapter in health. */
export const health = ({ database, kkt, redis, odoo, access, tills, tls }: Changes = {}): Health => ({
  status: 'healthy',
  version: '0.0.0',
  components: {
    database: { status: 'healthy', error: null, advice: null, disk: 'enough', ...database },
    kkt: {
      status: 'healthy',
      kkt_number: 'KKT-001',
      fn_number: '9999078900000001',
      shift_number: 1,
      last_fiscal_doc_number: 1,
      trouble: null,
      shift_state: 'opened',
      shift_closes_at: null,
      paper: 'present',
      fn_valid_until: '2028-01-31',
      unsent_count: 0,
      unsent_since: null,
      days_left: null,
      replaced_fn: null,
      unknown_outcomes: 0,
      without_paper: 0,
      ...kkt,
    },
    redis: { status: 'healthy', error: null, ...redis },
    odoo: { status: 'healthy', state: 'online', ...odoo },
    access: { status: 'healthy', mode: 'open', tokens: 0, error: null, ...access },
    tills: { status: 'off', error: null, ...tills },
    tls: { status: 'off', expires_at: null, error: null, ...tls },
  },
})

export const sample = (more: Partial<Sample> = {}): Sample => ({
  at: '2026-11-29T12:00:00.000Z',
  accepted: 0,
  synced: 0,
  queued: 0,
  oldest_pending_age_seconds: null,
  ...more,
})

/** A receipt that is printed and waits for the OFD. */
export const receipt = (more: Partial<Receipt> = {}): Receipt => ({
  receipt_id: '01a20425-88ce-7000-be2d-76eab0eb441e',
  pos_id: 'POS-001',
  status: 'pending',
  created_at: '2026-11-29T12:00:00.000Z',
  printed_at: '2026-11-29T12:00:01.000Z',
  synced_at: null,
  ofd_id: null,
  retry_count: 0,
  last_error: null,
  fiscal_doc: null,
  type: 'sale',
  warnings: [],
  items: [],
  payments: [],
  total: 0,
  ...more,
})
