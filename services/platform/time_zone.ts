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
