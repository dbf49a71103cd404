import type { RegisterState } from '../register.ts'

type Zoned = Pick<RegisterState, 'clockText'>

const LOCAL_LENGTH = 'yyyy-mm-ddThh:mm:ss'.length

/** The offset of the register's zone, which its own clock names: `+03:00`. */
export const offsetOf = ({ clockText }: Zoned): string => clockText.slice(LOCAL_LENGTH)

/** A time in the register's zone: `2026-11-22T16:43:06+03:00`. */
export function inZone(ms: number, state: Zoned): string {
  const aheadMs = Date.parse(`${state.clockText.slice(0, LOCAL_LENGTH)}Z`) - Date.parse(state.clockText)
  return new Date(ms + aheadMs).toISOString().slice(0, LOCAL_LENGTH) + offsetOf(state)
}

const DATE_TIME = /^(\d{4})\.(\d{2})\.(\d{2}) (\d{2}):(\d{2}):(\d{2})$/

/** `2026.11.22 16:43:06` of the register's zone, in Unix milliseconds. Undefined for a text of another form, or for no time. */
export function fromLocal(text: string, state: Zoned): number | undefined {
  if (!DATE_TIME.test(text)) return undefined
  const local = text.replace(DATE_TIME, '$1-$2-$3T$4:$5:$6')
  const ms = Date.parse(local + offsetOf(state))
  // A 30th of February is read as a day of March.
  return !Number.isNaN(ms) && inZone(ms, state).startsWith(local) ? ms : undefined
}
