import type { BufferStatus, Health } from './wire.ts'

type About = 'buffer' | 'breaker' | 'parts' | 'receipts' | 'dlq' | 'unclear'

/**
 * The alerts that the adapter raises, in the order of their weight, each with the part of the page that it is about. `bad`: receipts
 * are refused, or printing or delivery has stopped. `warn`: it will come to that, or a person should look some day.
 */
export const ALERTS = {
  journal_unusable: { gravity: 'bad', about: 'parts' },
  disk_filling: { gravity: 'warn', about: 'parts' },
  kkt_silent: { gravity: 'bad', about: 'parts' },
  kkt_trouble: { gravity: 'bad', about: 'parts' },
  without_paper: { gravity: 'bad', about: 'receipts' },
  fn_ends_in_3_days: { gravity: 'bad', about: 'parts' },
  ofd_confirms_nothing: { gravity: 'bad', about: 'parts' },
  clock_wrong: { gravity: 'bad', about: 'parts' },
  tasks_unclear: { gravity: 'warn', about: 'unclear' },
  receipts_untold: { gravity: 'bad', about: 'receipts' },
  buffer_filling: { gravity: 'warn', about: 'buffer' },
  receipts_untraced: { gravity: 'warn', about: 'receipts' },
  breaker_open: { gravity: 'bad', about: 'breaker' },
  undelivered_for_days: { gravity: 'bad', about: 'buffer' },
  undelivered_for_minutes: { gravity: 'warn', about: 'buffer' },
  dead_letters: { gravity: 'warn', about: 'dlq' },
  unknown_outcomes: { gravity: 'warn', about: 'receipts' },
  fn_nearly_full: { gravity: 'warn', about: 'parts' },
  fn_ends_in_30_days: { gravity: 'warn', about: 'parts' },
  fn_replaced: { gravity: 'warn', about: 'parts' },
  clock_drifts: { gravity: 'warn', about: 'parts' },
  paper_near_end: { gravity: 'warn', about: 'parts' },
  shift_ends_soon: { gravity: 'warn', about: 'parts' },
  refused_by_kkt: { gravity: 'warn', about: 'receipts' },
  corrections_half_done: { gravity: 'warn', about: 'receipts' },
  nobody_sends: { gravity: 'warn', about: 'parts' },
  redis_trouble: { gravity: 'warn', about: 'parts' },
  certificate_trouble: { gravity: 'warn', about: 'parts' },
  access_trouble: { gravity: 'warn', about: 'parts' },
  tills_trouble: { gravity: 'warn', about: 'parts' },
  odoo_away: { gravity: 'warn', about: 'parts' },
} as const satisfies Record<string, { gravity: 'bad' | 'warn'; about: About }>

export type AlertName = keyof typeof ALERTS

/** Whether no receipt more is taken. */
export const isFull = ({ current_queued: queued, total_capacity: capacity }: BufferStatus): boolean =>
  queued >= capacity

/** A full buffer stops the shop; one that fills does not. */
export const gravityOf = (name: AlertName, status: BufferStatus): 'bad' | 'warn' =>
  name === 'buffer_filling' && isFull(status) ? 'bad' : ALERTS[name].gravity

export const ALERT_NAMES = Object.keys(ALERTS).filter((name): name is AlertName => Object.hasOwn(ALERTS, name))

/** From where the texts of alerts take their numbers. `inSeconds`: the time until a moment of the adapter's clock. */
export type Standing = { status: BufferStatus; health: Health | null; inSeconds: (iso: string) => number }

/** Whether the KKT hands its documents to the OFD by itself: there is neither a breaker nor a dead letter. */
export const deliveredByKkt = ({ status }: Pick<Standing, 'status'>): boolean =>
  status.circuit_breaker.state === 'ABSENT'

/** An alert as the adapter tells it, in the language of the browser. */
export type ToldAlert = { name: string; state: 'raised' | 'ended'; detail: string }

/** The alerts that hold, by name, with the adapter's own words. */
export type Raised = Readonly<Record<string, string>>

/** Those that hold after an event. */
export function raisedAfter(raised: Raised, { name, state, detail }: ToldAlert): Raised {
  const { [name]: _, ...others } = raised
  return state === 'raised' ? { ...others, [name]: detail } : others
}

/** The names of those that hold, the graver first. The pages may not know one of a newer adapter yet. */
export function inOrder(raised: Raised, status: BufferStatus): { known: AlertName[]; unknown: string[] } {
  const known = ALERT_NAMES.filter((name) => Object.hasOwn(raised, name))
  const ofGravity = (wanted: 'bad' | 'warn') => known.filter((name) => gravityOf(name, status) === wanted)
  return {
    known: [...ofGravity('bad'), ...ofGravity('warn')],
    unknown: Object.keys(raised).filter((name) => !Object.hasOwn(ALERTS, name)),
  }
}
