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

/** The detail of each alert says the fault and the action. */
type Check = {
  name: string
  isOn: (standing: Standing, threshold: number) => boolean
  detail: (standing: Standing) => string
}

const CHECKS: readonly Check[] = [
  {
    name: 'journal_unusable',
    isOn: ({ health }) => health?.components.database.status === 'unhealthy',
    detail: ({ health }) =>
      `No receipt is taken: the journal cannot be written. ${health?.components.database.advice ?? 'See GET /v1/health.'}`,
  },
  {
    name: 'disk_filling',
    isOn: ({ health }) => health?.components.database.disk === 'low',
    detail: () =>
      "Less than 512 MiB are left on the buffer's disk, and a full one ends all sales: make room on the disk of BUFFER_DB_PATH. Delete no file beside the buffer.",
  },
  {
    name: 'kkt_silent',
    isOn: ({ health }) => health?.components.kkt.kkt_number === null,
    detail: () => 'The KKT does not answer: look at its power and its cable. Receipts are taken and wait for it.',
  },
  {
    name: 'kkt_trouble',
    isOn: ({ health }) => (health?.components.kkt.trouble ?? null) !== null,
    detail: ({ health }) => TROUBLE_ADVICE[health?.components.kkt.trouble ?? 'busy'],
  },
  {
    name: 'without_paper',
    isOn: ({ status }) => status.without_paper > 0,
    detail: () => 'Fiscalised receipts are not on paper: put paper into the KKT. Then they are printed.',
  },
  {
    name: 'unknown_outcomes',
    isOn: ({ status }) => status.unknown > 0,
    detail: () => 'The KKT has not said what became of a receipt. It is looked up there; see that the KKT answers.',
  },
  {
    name: 'refused_by_kkt',
    isOn: ({ status }, threshold) => status.refused / MAX_REFUSED >= threshold,
    detail: () => 'The KKT has refused many receipts: GET /v1/kkt/receipts?status=refused says why. Mend the cause.',
  },
  {
    name: 'buffer_filling',
    isOn: ({ status }, threshold) => status.percent_full >= threshold * 100,
    detail: () =>
      'The buffer is above its threshold, and when it is full tills get 503: mend the way to the OFD or the KKT, as last_failure says.',
  },
  {
    name: 'breaker_open',
    isOn: ({ status }) => status.circuit_breaker.state !== 'CLOSED',
    detail: () =>
      'Nothing is sent, because the OFD does not take receipts: last_failure says why. It goes on by itself once a probe gets through.',
  },
  {
    name: 'undelivered_for_minutes',
    isOn: ({ status }) => isOlderThan(UNDELIVERED_SECONDS, status) && !isOlderThan(LONG_UNDELIVERED_SECONDS, status),
    detail: () =>
      'A document has waited for the OFD for more than 20 minutes: last_failure, or last_error of the receipt, says why.',
  },
  {
    name: 'undelivered_for_days',
    isOn: ({ status }) => isOlderThan(LONG_UNDELIVERED_SECONDS, status),
    detail: () =>
      'A document has waited for the OFD for 3 days. After 30 the FN signs nothing more: mend the way to the OFD.',
  },
  {
    name: 'dead_letters',
    isOn: ({ status }) => status.dlq_size > 0,
    detail: () => 'The OFD refused receipts: GET /v1/kkt/buffer/dlq says why. Requeue them, or correct and close them.',
  },
  {
    name: 'nobody_sends',
    isOn: ({ health }) => health?.components.sender_lease.status === 'degraded',
    detail: () => 'No process on this buffer may send receipts, so they wait: see sender_lease in GET /v1/health.',
  },
  {
    name: 'redis_trouble',
    isOn: ({ health }) => health?.components.redis.status === 'degraded',
    detail: ({ health }) =>
      `${health?.components.redis.advice ?? `Redis cannot be used (${health?.components.redis.error}): mend it.`} Receipts are still taken.`,
  },
  {
    name: 'certificate_trouble',
    isOn: ({ health }) => health?.components.tls.status === 'degraded',
    detail: ({ health }) =>
      health?.components.tls.error ??
      `The certificate for tills ends at ${health?.components.tls.expires_at}: renew its files. New ones are served within a minute.`,
  },
  {
    name: 'odoo_away',
    isOn: ({ health }) => health?.components.odoo.status === 'degraded',
    detail: () => 'Odoo does not take heartbeats: mend the way to it. Receipts are not concerned.',
  },
]

const TROUBLE_ADVICE: Readonly<Record<KktTrouble, string>> = {
  busy: 'The KKT is busy with something else: wait, or end it there.',
  paper_out: 'The KKT has no paper: put some in.',
  shift_expired: "The KKT's shift has been open for too long. The adapter opens the next one.",
  fn_full: 'The FN is full, and no receipt is taken: replace it.',
}

const isOlderThan = (seconds: number, status: BufferStatus): boolean =>
  (status.oldest_pending_age_seconds ?? 0) >= seconds

/** The names of all alerts. */
export const ALERT_NAMES = CHECKS.map(({ name }) => name)

/** The alerts that hold. @param threshold the share of the buffer from which it alerts, 0 to 1 */
export const alertsOf = (standing: Standing, threshold: number): Alert[] =>
  CHECKS.filter(({ isOn }) => isOn(standing, threshold)).map(({ name, detail }) => ({ name, detail: detail(standing) }))
