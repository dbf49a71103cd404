import type { KktTrouble } from '@kkt/adapter/src/domain/kkt.ts'
import type { FnFlag, Unsent } from '@kkt/adapter/src/domain/shift.ts'
import type { Moment } from './device.ts'
import { minuteOf } from './document_time.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** The FN signs nothing when its first unconfirmed document is so old (54-FZ, article 4.1). */
const UNSENT_BLOCKS_MS = 30 * DAY_MS
/** The FN warns of a silent OFD (tag 1053) when its first unconfirmed document is so old. */
const OFD_SILENT_MS = 3 * DAY_MS
/** The days left at which the FN warns of the end of its keys: tags 1050 and 1051. */
const ENDS_SOON_DAYS = 30
const ENDS_AT_ONCE_DAYS = 3

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`)
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 'yyyy-mm-dd'.length)

/** The keys of an FN last so long. */
const FN_LIFE_MONTHS = 36

/** The last day of an FN that is registered today, `yyyy-mm-dd`. */
export function lastDayOf(today: string): string {
  const day = new Date(dayOf(today))
  day.setUTCMonth(day.getUTCMonth() + FN_LIFE_MONTHS)
  return dateOf(day.getTime())
}

/** The time since which documents are unsent, or null where the OFD has confirmed them all. */
const unsentSinceMs = ({ firstUnsentMs, faults }: Moment): number | null =>
  firstUnsentMs === null ? null : firstUnsentMs - faults.unsent_for_days * DAY_MS

export function unsentOf(device: Moment): Unsent {
  const { lastFdNumber, confirmedThroughFd } = device
  const count = lastFdNumber - confirmedThroughFd
  return count === 0
    ? { count: 0, firstFd: null, sinceMs: null }
    : { count, firstFd: confirmedThroughFd + 1, sinceMs: unsentSinceMs(device) }
}

/** The day on which the FN's keys end, and the whole days until then. It still signs on that day. */
export function validityOf({ faults, validUntil, today }: Moment): { validUntil: string; daysLeft: number } {
  const todayMs = dayOf(today)
  if (faults.fn_expired) return { validUntil: dateOf(todayMs - DAY_MS), daysLeft: 0 }
  if (faults.fn_days_left !== null)
    return { validUntil: dateOf(todayMs + faults.fn_days_left * DAY_MS), daysLeft: faults.fn_days_left }
  return { validUntil, daysLeft: Math.max(0, (dayOf(validUntil) - todayMs) / DAY_MS) }
}

export function fnFlagsOf(device: Moment): FnFlag[] {
  const { faults, nowMs } = device
  const { daysLeft } = validityOf(device)
  const sinceMs = unsentSinceMs(device)
  const flags: FnFlag[] = []
  if (daysLeft <= ENDS_SOON_DAYS) flags.push('ends_in_30_days')
  if (daysLeft <= ENDS_AT_ONCE_DAYS) flags.push('ends_in_3_days')
  if (faults.fn_nearly_full || faults.fn_full) flags.push('nearly_full')
  if (sinceMs !== null && nowMs - sinceMs >= OFD_SILENT_MS) flags.push('ofd_silent')
  return flags
}

export type FnTrouble = Extract<
  KktTrouble,
  'not_registered' | 'fn_broken' | 'fn_expired' | 'fn_full' | 'fn_unsent_too_long' | 'clock_behind'
>

/** The trouble for which the FN signs no document of any kind. */
export function fnTroubleOf(device: Moment): FnTrouble | null {
  const { faults, nowMs, lastDocumentMs, today, validUntil } = device
  if (faults.not_registered) return 'not_registered'
  if (faults.fn_broken) return 'fn_broken'
  if (faults.fn_expired || (faults.fn_days_left === null && today > validUntil)) return 'fn_expired'
  if (faults.fn_full) return 'fn_full'
  const sinceMs = unsentSinceMs(device)
  if (sinceMs !== null && nowMs - sinceMs >= UNSENT_BLOCKS_MS) return 'fn_unsent_too_long'
  return minuteOf(nowMs) < minuteOf(lastDocumentMs) ? 'clock_behind' : null
}
