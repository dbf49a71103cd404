import { timesOfDayIn } from '@kkt/platform/time_zone.ts'
import type { ShiftState } from '../domain/shift.ts'

/** A shift is closed so long before its 24 hours are over, whatever happens: the KKT fiscalises nothing in an expired one. */
export const BEFORE_THE_END_MS = 10 * 60 * 1000

/** `closeAt`: the local time at which a shift is closed, `HH:MM`; null for none. */
export type ClosingSettings = { closeAt: string | null; timeZone: string }

/** By our clock, in Unix milliseconds. `quietFromMs`: it is closed then as soon as no till sells; null without a setting. */
export type ClosingTimes = { quietFromMs: number | null; atLatestMs: number }

/** The KKT's clock may differ from ours, and the shift's times are by the KKT's. */
export type Clocks = { wallMs: number; kktClockMs: number }

/** Tells when the adapter closes a shift by itself. @returns a function that gives null for a closed shift */
export function createClosingTimes({ closeAt, timeZone }: ClosingSettings) {
  const timeOfDay = timesOfDayIn(timeZone)
  return (shift: ShiftState, { wallMs, kktClockMs }: Clocks): ClosingTimes | null => {
    if (shift.kind === 'closed') return null
    const behindMs = wallMs - kktClockMs
    const atLatestMs = shift.expiresAtMs + behindMs - BEFORE_THE_END_MS
    return { quietFromMs: closeAt === null ? null : timeOfDay(closeAt, shift.openedAtMs + behindMs), atLatestMs }
  }
}

/** When a shift is closed, or when it is tried first. */
export const closesAtMs = ({ quietFromMs, atLatestMs }: ClosingTimes): number =>
  Math.min(quietFromMs ?? atLatestMs, atLatestMs)
