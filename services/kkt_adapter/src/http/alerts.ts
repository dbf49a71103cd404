import type { InEach, Language } from '@kkt/platform/language.ts'
import { MAX_REFUSED } from '../journal/retention.ts'
import type { BufferStatus } from './buffer_status.ts'
import type { Health } from './health_answer.ts'
import { ADAPTER_WORDS } from './words/words.ts'

/** A tenth of the 30 days after which an FN with an undelivered document blocks. */
const LONG_UNDELIVERED_SECONDS = 3 * 24 * 60 * 60
/** An OFD that is restarted is back sooner. */
const UNDELIVERED_SECONDS = 20 * 60

/** `detail`: the fault and the action. */
export type Alert = { name: AlertName; detail: InEach<string> }

/** `health` is null before it is read for the first time. */
export type Standing = { status: BufferStatus; health: Health | null }

/**
 * Whether the alert holds.
 * @param threshold the share of the buffer from which it alerts, 0 to 1
 */
type Check = (standing: Standing, threshold: number) => boolean

const CHECKS = {
  journal_unusable: ({ health }) => health?.components.database.status === 'unhealthy',
  disk_filling: ({ health }) => health?.components.database.disk === 'low',
  kkt_silent: ({ health }) => health?.components.kkt.kkt_number === null,
  kkt_trouble: ({ health }) => (health?.components.kkt.trouble ?? null) !== null,
  without_paper: ({ status }) => status.without_paper > 0,
  unknown_outcomes: ({ status }) => status.unknown > 0,
  refused_by_kkt: ({ status }, threshold) => status.refused / MAX_REFUSED >= threshold,
  corrections_half_done: ({ status }) => status.corrections_half_done > 0,
  // percent_full is rounded. `alert` in the status goes by the exact share, and so does this.
  buffer_filling: ({ status }, threshold) => status.current_queued / status.total_capacity >= threshold,
  breaker_open: ({ status }) => status.circuit_breaker.state !== 'CLOSED',
  undelivered_for_minutes: ({ status }) =>
    isOlderThan(UNDELIVERED_SECONDS, status) && !isOlderThan(LONG_UNDELIVERED_SECONDS, status),
  undelivered_for_days: ({ status }) => isOlderThan(LONG_UNDELIVERED_SECONDS, status),
  dead_letters: ({ status }) => status.dlq_size > 0,
  nobody_sends: ({ health }) => health?.components.sender_lease.status === 'degraded',
  redis_trouble: ({ health }) => health?.components.redis.status === 'degraded',
  certificate_trouble: ({ health }) => health?.components.tls.status === 'degraded',
  access_trouble: ({ health }) => health?.components.access.status === 'degraded',
  tills_trouble: ({ health }) => health?.components.tills.status === 'degraded',
  odoo_away: ({ health }) => health?.components.odoo.status === 'degraded',
} satisfies Record<string, Check>

export type AlertName = keyof typeof CHECKS

const isOlderThan = (seconds: number, status: BufferStatus): boolean =>
  (status.oldest_pending_age_seconds ?? 0) >= seconds

/** The names of all alerts. */
export const ALERT_NAMES = Object.keys(CHECKS).filter((name): name is AlertName => Object.hasOwn(CHECKS, name))

/** The alerts that hold. @param threshold the share of the buffer from which it alerts, 0 to 1 */
export const alertsOf = (standing: Standing, threshold: number): Alert[] =>
  ALERT_NAMES.filter((name) => CHECKS[name](standing, threshold)).map((name) => {
    const detailIn = (language: Language) => ADAPTER_WORDS[language].alerts[name](standing)
    return { name, detail: { en: detailIn('en'), ru: detailIn('ru') } }
  })
