import type { InEach, Language } from '@kkt/platform/language.ts'
import { UNSENT_LIMIT_DAYS } from '../domain/kkt.ts'
import type { FnFlag } from '../domain/shift.ts'
import { MAX_REFUSED } from '../journal/retention.ts'
import { type BufferStatus, deliveredByKkt } from './buffer_status.ts'
import type { Health } from './health_answer.ts'
import { CLOCK_WRONG_SECONDS } from './kkt_component.ts'
import { ADAPTER_WORDS } from './words/words.ts'

/** A tenth of the time after which an FN with an undelivered document blocks. */
const LONG_UNDELIVERED_DAYS = UNSENT_LIMIT_DAYS / 10
const LONG_UNDELIVERED_SECONDS = LONG_UNDELIVERED_DAYS * 24 * 60 * 60
/** So many days are left after so long a silence. */
const LEFT_AFTER_SILENCE_DAYS = UNSENT_LIMIT_DAYS - LONG_UNDELIVERED_DAYS
/** By law a document's time may differ by 5 minutes from the true one. The warning comes before. */
const CLOCK_DRIFTS_SECONDS = 2 * 60
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
  paper_near_end: ({ health }) => health?.components.kkt.paper === 'near_end',
  unknown_outcomes: ({ status }) => status.unknown > status.untold,
  receipts_untold: ({ status }) => status.untold > 0,
  receipts_untraced: ({ status }) => status.untraced > 0,
  tasks_unclear: ({ status }) => status.unclear_tasks > 0,
  fn_replaced: ({ health }) => (health?.components.kkt.replaced_fn ?? null) !== null,
  fn_ends_in_30_days: (standing) => hasFlag('ends_in_30_days', standing) && !hasFlag('ends_in_3_days', standing),
  fn_ends_in_3_days: (standing) => hasFlag('ends_in_3_days', standing) && troubleOf(standing) !== 'fn_expired',
  fn_nearly_full: (standing) => hasFlag('nearly_full', standing) && troubleOf(standing) !== 'fn_full',
  ofd_confirms_nothing: (standing) =>
    (daysLeftOf(standing) ?? Number.POSITIVE_INFINITY) <= LEFT_AFTER_SILENCE_DAYS &&
    troubleOf(standing) !== 'fn_unsent_too_long',
  clock_drifts: (standing) => isClockOff(CLOCK_DRIFTS_SECONDS, standing) && !isClockOff(CLOCK_WRONG_SECONDS, standing),
  clock_wrong: (standing) => isClockOff(CLOCK_WRONG_SECONDS, standing),
  shift_ends_soon: ({ health }) => health?.components.kkt.shift_ends_soon === true,
  refused_by_kkt: ({ status }, threshold) => status.refused / MAX_REFUSED >= threshold,
  corrections_half_done: ({ status }) => status.corrections_half_done > 0,
  // percent_full is rounded. `alert` in the status goes by the exact share, and so does this.
  buffer_filling: ({ status }, threshold) => status.current_queued / status.total_capacity >= threshold,
  breaker_open: ({ status }) => !deliveredByKkt(status) && status.circuit_breaker.state !== 'CLOSED',
  undelivered_for_minutes: ({ status }) =>
    isOlderThan(UNDELIVERED_SECONDS, status) && !isOlderThan(LONG_UNDELIVERED_SECONDS, status),
  // Where the FN tells for how long the OFD is silent, that alert says more.
  undelivered_for_days: (standing) =>
    isOlderThan(LONG_UNDELIVERED_SECONDS, standing.status) &&
    (daysLeftOf(standing) ?? UNSENT_LIMIT_DAYS) > LEFT_AFTER_SILENCE_DAYS,
  dead_letters: ({ status }) => status.dlq_size > 0,
  nobody_sends: ({ health }) => health?.components.sender_lease.status === 'degraded',
  redis_trouble: ({ health }) => health?.components.redis.status === 'degraded',
  certificate_trouble: ({ health }) => health?.components.tls.status === 'degraded',
  access_trouble: ({ health }) => health?.components.access.status === 'degraded',
  tills_trouble: ({ health }) => health?.components.tills.status === 'degraded',
  odoo_away: ({ health }) => health?.components.odoo.status === 'degraded',
} satisfies Record<string, Check>

export type AlertName = keyof typeof CHECKS

const troubleOf = ({ health }: Standing) => health?.components.kkt.trouble ?? null

/** The days until the FN signs nothing more. Null where the OFD has confirmed all, or nothing is known. */
const daysLeftOf = ({ health }: Standing): number | null => health?.components.kkt.days_left ?? null

const hasFlag = (flag: FnFlag, { health }: Standing): boolean => (health?.components.kkt.fn_flags ?? []).includes(flag)

const isClockOff = (seconds: number, { health }: Standing): boolean =>
  Math.abs(health?.components.kkt.clock_drift_seconds ?? 0) >= seconds

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
