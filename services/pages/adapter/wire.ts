import type { KktStanding } from './wire_kkt.ts'
import type { codes } from './words/en_codes.ts'

/** The adapter's answers, as far as the pages read them. A test compares them with the adapter's own schemas. */

export const STATUSES = [
  'accepted',
  'printing',
  'unknown',
  'refused',
  'pending',
  'syncing',
  'synced',
  'failed',
  'closed',
] as const
export type Status = (typeof STATUSES)[number]

export type Breaker = {
  state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' | 'ABSENT'
  failure_count: number
  opened_at: string | null
  next_probe_at: string | null
}

export type HeldBy = 'this_process' | 'another_process' | 'another_host' | 'nobody'
export type HostState = 'off' | 'not_asked' | 'held' | 'yielding' | 'elsewhere' | 'refused' | 'unreachable'
/** The states of the buffer's own lease in the audit log. */
export type LeaseState = 'free' | 'held' | 'released' | 'lost'
type Failure = { at: string; reason: string; receipt_id: string } | null

export type BufferStatus = {
  total_capacity: number
  current_queued: number
  percent_full: number
  network_status: 'online' | 'degraded' | 'offline'
  total_receipts: number
  unprinted: number
  printing: number
  unknown: number
  untold: number
  untraced: number
  unclear_tasks: number
  refused: number
  without_paper: number
  corrections_half_done: number
  twins: number
  pending: number
  syncing: number
  synced: number
  failed: number
  closed: number
  dlq_size: number
  oldest_pending_age_seconds: number | null
  circuit_breaker: Breaker
  sender_lease: { held_by: HeldBy; fencing_token: number | null; hosts: HostState }
  last_sync_at: string | null
  last_failure: Failure
}

type Component = { status: 'healthy' | 'degraded' | 'unhealthy' | 'off' }
export type Health = {
  status: 'healthy' | 'degraded' | 'unhealthy'
  version: string
  components: {
    database: Component & { error: string | null; advice: string | null; disk: 'enough' | 'low' | null }
    kkt: Component & KktStanding
    redis: Component & { error: string | null }
    odoo: Component & { state: 'unknown' | 'online' | 'offline' | 'off' }
    access: Component & { mode: 'open' | 'tokens'; tokens: number; error: string | null }
    tills: Component & { error: string | null }
    tls: Component & { expires_at: string | null; error: string | null }
  }
}

export type Sample = {
  at: string
  accepted: number
  synced: number
  queued: number
  oldest_pending_age_seconds: number | null
}
export type Samples = { now: string; interval_seconds: number; samples: Sample[] }

export type FiscalDoc = {
  fiscal_doc_number: number
  fiscal_sign: string
  fiscal_datetime: string
  fn_number: string
  kkt_number: string
  shift_number: number
  receipt_number: number
  total: number
} & Partial<DocDetails>

/** Documents that earlier versions of the adapter recorded have none of these. */
type DocDetails = {
  correction: true | undefined
  registration_number: string | undefined
  serial_number: string | undefined
  seller: { name: string; inn: string } | undefined
  address: string | null | undefined
  place: string | null | undefined
  taxation_system: keyof Codes['systems'] | undefined
  cashier: Cashier | null | undefined
  vat_sums: { vat: string; sum: number }[] | undefined
  payments: Payment[] | undefined
  change: number | undefined
  ffd_version: string | undefined
}

/** A code that the adapter may answer has words. */
export type Codes = typeof codes
type Payment = { type: keyof Codes['payments']; amount: number }
type Cashier = { name: string; inn?: string | undefined }

export type ReceiptEntry = {
  receipt_id: string
  pos_id: string
  type: keyof Codes['types']
  status: Status
  created_at: string
  printed_at: string | null
  synced_at: string | null
  ofd_id: string | null
  retry_count: number
  last_error: string | null
  fiscal_doc: FiscalDoc | null
}
export type ReceiptPage = { receipts: ReceiptEntry[]; next_cursor: string | null }

export type Item = {
  name: string
  price: number
  quantity: number
  total: number
  vat: string
  payment_method?: keyof Codes['methods'] | undefined
  payment_object?: keyof Codes['objects'] | undefined
  measure?: keyof Codes['measures'] | undefined
  marking_code?: string | undefined
  marking_status?: keyof Codes['markings'] | undefined
  fraction?: string | undefined
  agent?: { type: keyof Codes['agents'] } | undefined
  supplier?: { name?: string | undefined; inn?: string | undefined } | undefined
}

/** Another document: one of this adapter by its id, any by its numbers. */
export type Original = {
  receipt_id?: string | undefined
  fn?: string | undefined
  fd?: number | undefined
  fpd?: string | undefined
}

export type Warning = { code: string; message: string }

export type Receipt = ReceiptEntry & {
  items: Item[]
  payments: Payment[]
  total: number
  warnings: Warning[]
  /** The rest that refunds may still take back. */
  left?: { total: number; quantities: number[] } | undefined
  correction?: { type: keyof Codes['corrections']; date: string; number?: string | undefined } | undefined
  corrects?: Original | undefined
  refund_of?: Original | undefined
  taxation_system?: keyof Codes['systems'] | undefined
  cashier?: Cashier | undefined
  customer?: Customer | undefined
  internet?: boolean | undefined
  place?: string | undefined
  address?: string | undefined
  electronic?: boolean | undefined
  attribute?: string | undefined
  user_attribute?: { name: string; value: string } | undefined
  sender_email?: string | undefined
}

type Customer = Partial<Record<'email' | 'phone' | 'name' | 'inn', string | undefined>>

/** The token of a page that has logged in. */
export type Whose = { name: string | null; role: 'till' | 'operator' | 'metrics' | null; pos_ids: string[] | null }

export type DlqReason = 'refused_by_ofd' | 'retries_exhausted'
export type DeadLetter = {
  receipt_id: string
  pos_id: string
  reason: DlqReason
  last_error: string
  retry_count: number
  fiscal_doc_number: number
  total: number
  failed_at: string
}
export type DeadLetters = { items: DeadLetter[]; next_cursor: string | null; total: number }

export const EVENT_KINDS = ['receipt', 'task', 'breaker', 'lease', 'odoo', 'command', 'kkt'] as const
export type EventKind = (typeof EVENT_KINDS)[number]
export type AuditEvent = {
  id: number
  at: string
  kind: EventKind
  receipt_id: string | null
  from: string | null
  to: string
  detail: string | null
  by: string | null
}
export type Events = { events: AuditEvent[]; next_cursor: string | null }

export type PrintAnswer = {
  status: 'printed' | 'buffered'
  receipt_id: string
  fiscal_doc: { fiscal_doc_number: number } | null
  message: string
  warnings: Warning[]
}

export type CorrectionPart = {
  receipt_id: string
  status: Status
  fiscal_doc: { fiscal_doc_number: number } | null
  last_error: string | null
}

export type CorrectionAnswer = { message: string; reversal: CorrectionPart | null; right: CorrectionPart | null }

/** The events that tell of everything but single receipts: of those there may be thousands a second. */
export const EVENTS = [
  'status',
  'health',
  'alert',
  'sample',
  'task',
  'breaker',
  'lease',
  'odoo',
  'command',
  'kkt',
  'reset',
] as const
export const STREAM = `/v1/kkt/stream?events=${EVENTS.join(',')}`
