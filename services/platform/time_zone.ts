/** Whether it is a zone of the IANA database, such as `Europe/Moscow`. An offset is none: it knows no rules. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

const MINUTE_MS = 60_000

/**
 * The dates of a zone. A date is written once a minute, because that takes longer than all else that asks for it. No zone
 * begins a day within a minute.
 * @returns a function from Unix milliseconds to `yyyy-mm-dd`
 */
export function datesIn(timeZone: string): (wallMs: number) => string {
  // Sweden writes dates in this form.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  let last = { minute: 0, date: format.format(0) }
  return (wallMs) => {
    const minute = Math.floor(wallMs / MINUTE_MS)
    if (minute !== last.minute) last = { minute, date: format.format(minute * MINUTE_MS) }
    return last.date
  }
}

/** The local time of a zone. @returns a function from Unix milliseconds to `yyyy-mm-ddThh:mm` */
export function localTimesIn(timeZone: string): (wallMs: number) => string {
  // Sweden writes times in this form, with a space where ISO 8601 has a T.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return (wallMs) => format.format(wallMs).replace(' ', 'T')
}

const DAY_MS = 24 * 60 * MINUTE_MS

/** In UTC, where each day has 24 hours. */
const dateAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00Z`) + DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length)

/**
 * The times of day of a zone.
 * @returns a function that gives the first instant behind another one at which the zone's clocks show a time, in Unix milliseconds.
 * Where clocks are changed, a time that they skip comes earlier or later by as much as they are put forward, and of one that they
 * show twice it is one of the two. Which one goes by the zone
 */
export function timesOfDayIn(timeZone: string): (time: string, afterMs: number) => number {
  const dateAt = datesIn(timeZone)
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const aheadOfUtcMs = (wallMs: number): number => {
    const shown = Date.parse(`${format.format(wallMs).replace(' ', 'T')}Z`)
    return shown - Math.floor(wallMs / 1000) * 1000
  }
  const at = (date: string, time: string): number => {
    const asUtcMs = Date.parse(`${date}T${time}Z`)
    const nearMs = asUtcMs - aheadOfUtcMs(asUtcMs)
    return asUtcMs - aheadOfUtcMs(nearMs)
  }
  return (time, afterMs) => {
    const date = dateAt(afterMs)
    const today = at(date, time)
    return today > afterMs ? today : at(dateAfter(date), time)
  }
}
