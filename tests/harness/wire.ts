/** The services' answers, as the contract has them. The tests check every answer against these schemas. */
import { z } from 'zod'
import { content, documentContent } from './wire_content.ts'
import { fiscalDoc, tillsDoc } from './wire_document.ts'
import { kktTrouble } from './wire_kkt.ts'

const instant = z.iso.datetime()
const roubles = z.number().multipleOf(0.01)
const count = z.int().min(0)

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().min(1),
  code: z.string().regex(/^[a-z0-9_]+$/),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
})

const warnings = z.array(z.strictObject({ code: z.string().regex(/^[a-z_]+$/), message: z.string().min(1) }))
const told = { receipt_id: z.uuid(), message: z.string(), warnings }

export const receiptAnswer = z.union([
  z.object({
    status: z.literal('printed'),
    fiscal_doc: tillsDoc,
    paper: z.enum(['printed', 'missing', 'none']),
    ...told,
  }),
  z.object({ status: z.literal('buffered'), fiscal_doc: tillsDoc, paper: z.literal('missing'), ...told }),
  z.object({ status: z.literal('buffered'), fiscal_doc: z.null(), paper: z.literal('none'), ...told }),
])

const receiptStatus = z.enum([
  'accepted',
  'printing',
  'unknown',
  'refused',
  'pending',
  'syncing',
  'synced',
  'failed',
  'closed',
])

export const receiptView = z.object({
  receipt_id: z.uuid(),
  pos_id: z.string(),
  type: z.enum(['sale', 'refund', 'buy', 'buy_refund']),
  status: receiptStatus,
  created_at: instant,
  printed_at: instant.nullable(),
  synced_at: instant.nullable(),
  ofd_id: z.string().nullable(),
  retry_count: count,
  last_error: z.string().nullable(),
  fiscal_doc: tillsDoc.nullable(),
})
export type ReceiptView = z.infer<typeof receiptView>

/** One receipt, with its items and payments. */
export const receiptWhole = receiptView.extend({
  ...content.shape,
  warnings,
  left: z.strictObject({ total: z.number(), quantities: z.array(z.number()) }).optional(),
})

export const receiptList = z.object({ receipts: z.array(receiptView), next_cursor: z.string().nullable() })

/** Whether a sale may be refunded. */
export const refundAllowed = z.strictObject({ allowed: z.literal(true), sync_status: z.literal('synced') })
export const refundRefused = problem.extend({
  allowed: z.literal(false),
  reason: z.string().min(1),
  sync_status: receiptStatus,
})

/** `ABSENT`: the KKT delivers by itself. */
const breakerState = z.enum(['CLOSED', 'OPEN', 'HALF_OPEN', 'ABSENT'])

const lastFailure = z.object({ at: instant, reason: z.string().min(1), receipt_id: z.uuid() }).nullable()

export const bufferStatus = z.object({
  total_capacity: z.int().min(1),
  current_queued: count,
  percent_full: z.number().min(0).max(100),
  network_status: z.enum(['online', 'degraded', 'offline']),
  total_receipts: count,
  unprinted: count,
  printing: count,
  unknown: count,
  untold: count,
  untraced: count,
  unclear_tasks: count,
  refused: count,
  without_paper: count,
  corrections_half_done: count,
  twins: count,
  pending: count,
  syncing: count,
  synced: count,
  failed: count,
  closed: count,
  dlq_size: count,
  alert: z.boolean(),
  oldest_pending_age_seconds: z.number().min(0).nullable(),
  circuit_breaker: z.object({
    state: breakerState,
    failure_count: count,
    opened_at: instant.nullable(),
    next_probe_at: instant.nullable(),
  }),
  sender_lease: z.object({ held_by: z.string(), fencing_token: z.int().nullable(), hosts: z.string() }),
  last_sync_at: instant.nullable(),
  last_failure: lastFailure,
})

export const syncAnswer = z.object({
  status: z.literal('completed'),
  synced: count,
  failed: count,
  skipped: count,
  remaining: count,
  duration_seconds: z.number().min(0),
  message: z.string(),
})

export const dlqList = z.object({
  items: z.array(
    z.object({
      receipt_id: z.uuid(),
      pos_id: z.string(),
      reason: z.enum(['refused_by_ofd', 'retries_exhausted']),
      last_error: z.string().min(1),
      retry_count: count,
      fiscal_doc_number: z.int().min(1),
      total: roubles,
      failed_at: instant,
    }),
  ),
  next_cursor: z.string().nullable(),
  total: count,
})

export const requeuedOne = z.object({ receipt_id: z.uuid(), status: z.literal('pending') })
export const closedOne = z.object({ receipt_id: z.uuid(), status: z.literal('closed') })
export const requeuedMany = z.object({ requeued: count, dry_run: z.boolean(), receipt_ids: z.array(z.uuid()) })

export const eventList = z.object({
  events: z.array(
    z.object({
      id: z.union([z.int(), z.string()]),
      at: instant,
      kind: z.enum(['receipt', 'task', 'breaker', 'lease', 'odoo', 'command', 'kkt']),
      receipt_id: z.uuid().nullable(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      detail: z.unknown(),
      by: z.string().nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
})

const componentStatus = z.enum(['healthy', 'degraded', 'unhealthy', 'off'])
const component = z.looseObject({ status: componentStatus })

export const adapterHealth = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string().regex(/^\d+\.\d+\.\d+/),
  components: z.object({
    buffer: component.extend({ dlq_size: count.nullable(), last_failure: lastFailure }),
    database: component,
    circuit_breaker: component.extend({ state: breakerState }),
    kkt: component.extend({
      mode: z.enum(['mock', 'real']),
      kkt_number: z.string().nullable(),
      shift_number: count.nullable(),
      last_fiscal_doc_number: count.nullable(),
      trouble: kktTrouble.nullable(),
      unknown_outcomes: count.nullable(),
      without_paper: count.nullable(),
      fn_number: z.string().nullable(),
      shift_state: z.enum(['closed', 'opened', 'expired']).nullable(),
      unsent_count: count.nullable(),
    }),
    sender_lease: component,
    redis: component,
    odoo: component.extend({ state: z.enum(['online', 'offline', 'unknown', 'off']) }),
    access: component.extend({ mode: z.enum(['open', 'tokens']), open: z.boolean(), tokens: count }),
    tills: component,
    tls: component,
  }),
})

/** A mock's whole configuration: these two always, and every other setting that is on. */
export const mockConfig = z.looseObject({ permanent_failure: z.boolean(), failure_count: count })
export const mockReset = z.strictObject({ status: z.literal('reset') })

/** Something that a mock found wrong with a document. */
export const finding = z.strictObject({
  tag: z.int().nullable(),
  pointer: z.string(),
  code: z.string(),
  message: z.string().min(1),
})
export const mockCall = z.strictObject({
  number: z.int().min(1),
  time: instant,
  operation: z.enum(['submit', 'lookup']),
  receipt_id: z.string().nullable(),
  pos_id: z.string().nullable(),
  kkt_id: z.string().nullable(),
  attempt: count,
  fault: z.string().nullable(),
  effect: z.boolean(),
  reply_sent: z.boolean(),
  status: z.int().nullable(),
  under_way: z.boolean(),
  findings: z.array(finding),
  task: z.strictObject({ type: z.string(), status: z.string().nullable(), fd_number: z.int().nullable() }).optional(),
})
const piece = z.strictObject({ text: z.string(), length: count }).nullable()
/** One call with its request and answer. `wire` is null for all but the newest calls. */
export const mockCallInFull = mockCall.extend({
  wire_kept_of: count,
  wire: z
    .strictObject({
      sent: piece,
      answered: piece,
      struck: z.array(z.strictObject({ fault: z.string(), summary: z.string() })),
    })
    .nullable(),
})
export const mockCalls = z.strictObject({ count, kept_at_most: count, calls: z.array(mockCall) })

export const ofdHealth = z.object({
  status: z.literal('healthy'),
  call_count: count,
  receipts_received: count,
  permanent_failure: z.boolean(),
  failure_count: count,
  duplicates: count,
  out_of_order: count,
  stale_fence: count,
  judged_wrong: count,
})

/** The document that the adapter sends to the OFD. */
const ofdDocument = z.strictObject({
  receipt_id: z.uuid(),
  pos_id: z.string(),
  kkt_id: z.string(),
  ...documentContent.shape,
  fiscal_doc: fiscalDoc,
})

export const ofdLedger = z.object({
  receipts: z.array(
    z.object({
      receipt_id: z.uuid(),
      pos_id: z.string(),
      ofd_id: z.string(),
      fiscal_doc_number: z.int(),
      times_sent: z.int().min(1),
      findings: z.array(finding),
      document: ofdDocument,
    }),
  ),
})

export const odooHealth = z.object({
  status: z.literal('healthy'),
  heartbeat_count: count,
  last_heartbeat: instant.nullable(),
  permanent_failure: z.boolean(),
  failure_count: count,
})

export const odooLedger = z.object({
  heartbeats: z.array(
    z.object({
      kkt_id: z.string(),
      status: z.enum(['online', 'degraded', 'offline']),
      buffer_fullness: z.number().min(0).max(1),
      pending: count,
      version: z.string(),
    }),
  ),
})
