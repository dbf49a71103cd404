import { MAX_REFUSED } from '../journal/retention.ts'
import type { KktTrouble } from '../kkt/driver.ts'
import type { BufferStatus } from './buffer_status.ts'
import type { Health } from './health_answer.ts'

/** A tenth of the 30 days after which an FN with an undelivered document blocks. */
const LONG_UNDELIVERED_SECONDS = 3 * 24 * 60 * 60
/** An OFD that is restarted is back sooner. */
const UNDELIVERED_SECONDS = 20 * 60

export type Alert = { name: string; detail: string }

/** `health` is null before it is read for the first time. */
export type Standing = { status: BufferStatus; health: Health | null }

/**
 * The detail of the alert, which says the fault and the action. Null while the alert does not hold.
 * @param threshold the share of the buffer from which it alerts, 0 to 1
 */
type Check = (standing: Standing, threshold: number) => string | null

const CHECKS: Readonly<Record<string, Check>> = {
  journal_unusable({ health }) {
    if (health?.components.database.status !== 'unhealthy') return null
    return `No receipt is taken: the journal cannot be written. ${health.components.database.advice ?? 'See GET /v1/health.'}`
  },
  disk_filling: ({ health }) =>
    detailIf(
      health?.components.database.disk === 'low',
      "Less than 512 MiB are left on the buffer's disk, and a full one ends all sales: make room on the disk of BUFFER_DB_PATH. Delete no file beside the buffer.",
    ),
  kkt_silent: ({ health }) =>
    detailIf(
      health?.components.kkt.kkt_number === null,
      'The KKT does not answer: look at its power and its cable. Receipts are taken and wait for it.',
    ),
  kkt_trouble({ health }) {
    const trouble = health?.components.kkt.trouble ?? null
    return trouble && TROUBLE_ADVICE[trouble]
  },
  without_paper: ({ status }) =>
    detailIf(
      status.without_paper > 0,
      'Fiscalised receipts are not on paper: put paper into the KKT. Then they are printed.',
    ),
  unknown_outcomes: ({ status }) =>
    detailIf(
      status.unknown > 0,
      'The KKT has not said what became of a receipt. It is looked up there; see that the KKT answers.',
    ),
  refused_by_kkt: ({ status }, threshold) =>
    detailIf(
      status.refused / MAX_REFUSED >= threshold,
      'The KKT has refused many receipts: GET /v1/kkt/receipts?status=refused says why. Mend the cause.',
    ),
  corrections_half_done: ({ status }) =>
    detailIf(
      status.corrections_half_done > 0,
      'The KKT has refused one receipt of a correction and made the other: GET /v1/kkt/receipts?status=refused says why. Send the refused part by itself, then close the correction.',
    ),
  // percent_full is rounded. `alert` in the status goes by the exact share, and so does this.
  buffer_filling: ({ status }, threshold) =>
    detailIf(
      status.current_queued / status.total_capacity >= threshold,
      'The buffer is above its threshold, and when it is full tills get 503: mend the way to the OFD or the KKT, as last_failure says.',
    ),
  breaker_open: ({ status }) =>
    detailIf(
      status.circuit_breaker.state !== 'CLOSED',
      'Nothing is sent, because the OFD does not take receipts: last_failure says why. It goes on by itself once a probe gets through.',
    ),
  undelivered_for_minutes: ({ status }) =>
    detailIf(
      isOlderThan(UNDELIVERED_SECONDS, status) && !isOlderThan(LONG_UNDELIVERED_SECONDS, status),
      'A document has waited for the OFD for more than 20 minutes: last_failure, or last_error of the receipt, says why.',
    ),
  undelivered_for_days: ({ status }) =>
    detailIf(
      isOlderThan(LONG_UNDELIVERED_SECONDS, status),
      'A document has waited for the OFD for 3 days. After 30 the FN signs nothing more: mend the way to the OFD.',
    ),
  dead_letters: ({ status }) =>
    detailIf(
      status.dlq_size > 0,
      'The OFD refused receipts: GET /v1/kkt/buffer/dlq says why. Requeue them, or correct and close them.',
    ),
  nobody_sends: ({ health }) =>
    detailIf(
      health?.components.sender_lease.status === 'degraded',
      'No process on this buffer may send receipts, so they wait: see sender_lease in GET /v1/health.',
    ),
  redis_trouble({ health }) {
    if (health?.components.redis.status !== 'degraded') return null
    const { error, advice } = health.components.redis
    return `${advice ?? `Redis cannot be used (${error}): mend it.`} Receipts are still taken.`
  },
  certificate_trouble({ health }) {
    if (health?.components.tls.status !== 'degraded') return null
    const { error, expires_at } = health.components.tls
    return (
      error ?? `The certificate for tills ends at ${expires_at}: renew its files. New ones are served within a minute.`
    )
  },
  odoo_away: ({ health }) =>
    detailIf(
      health?.components.odoo.status === 'degraded',
      'Odoo does not take heartbeats: mend the way to it. Receipts are not concerned.',
    ),
}

const detailIf = (holds: boolean, detail: string): string | null => (holds ? detail : null)

const TROUBLE_ADVICE: Readonly<Record<KktTrouble, string>> = {
  busy: 'The KKT is busy with something else: wait, or end it there.',
  paper_out: 'The KKT has no paper: put some in.',
  shift_expired: "The KKT's shift has been open for too long. The adapter opens the next one.",
  clock_behind:
    "The KKT's clock is behind its last document, and the FN signs nothing until it has passed it: set it right.",
  fn_full: 'The FN is full, and no receipt is taken: replace it.',
}

const isOlderThan = (seconds: number, status: BufferStatus): boolean =>
  (status.oldest_pending_age_seconds ?? 0) >= seconds

/** The names of all alerts. */
export const ALERT_NAMES = Object.keys(CHECKS)

/** The alerts that hold. @param threshold the share of the buffer from which it alerts, 0 to 1 */
export const alertsOf = (standing: Standing, threshold: number): Alert[] =>
  Object.entries(CHECKS).flatMap(([name, check]) => {
    const detail = check(standing, threshold)
    return detail === null ? [] : [{ name, detail }]
  })
