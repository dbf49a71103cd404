/** Whether it is a zone of the IANA database, such as `Europe/Moscow`. An offset is none: it knows no rules. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/**
 * The dates of a zone. The formatter is made once: that costs as much as thousands of dates.
 * @returns a function from Unix milliseconds to `yyyy-mm-dd`
 */
export function datesIn(timeZone: string): (wallMs: number) => string {
  // Sweden writes dates in this form.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  return (wallMs) => format.format(wallMs)
}
