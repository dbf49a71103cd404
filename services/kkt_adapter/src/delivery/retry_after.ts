/** A longer pause is shortened to an hour: a mistake of the OFD must not stop delivery for days. */
const MAX_RETRY_AFTER_MS = 3_600_000

/** With these statuses `Retry-After` is about the service (RFC 9110, section 10.2.3; RFC 6585, section 4). */
const STATUSES = [429, 503]

/**
 * The pause that the OFD asks for, in milliseconds; null when it asks for none, or unreadably.
 * @param wallMs the adapter's clock, for an answer without a `Date`: the OFD's may differ
 */
export function retryAfterMs({ status, headers }: Pick<Response, 'status' | 'headers'>, wallMs: number): number | null {
  if (!STATUSES.includes(status)) return null
  const value = headers.get('retry-after')?.trim() ?? ''
  const askedMs = /^\d+$/.test(value) ? Number(value) * 1000 : untilMs(value, headers.get('date'), wallMs)
  return askedMs === null || askedMs <= 0 ? null : Math.min(askedMs, MAX_RETRY_AFTER_MS)
}

function untilMs(value: string, date: string | null, wallMs: number): number | null {
  const atMs = parseHttpDate(value)
  return atMs === null ? null : atMs - (parseHttpDate(date?.trim() ?? '') ?? wallMs)
}

const TIME = String.raw`(?<time>\d\d:\d\d:\d\d)`
/** The three forms of an HTTP date (RFC 9110, section 5.6.7). `Date.parse` alone would accept numbers and words. */
const FORMS = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${TIME} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) ${TIME} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
]

/** Unix milliseconds, or null. */
function parseHttpDate(text: string): number | null {
  for (const form of FORMS) {
    const parts = form.exec(text)?.groups
    if (!parts) continue
    const { day = '', month, year = '', time } = parts
    const atMs = Date.parse(`${day.trim()} ${month} ${year.length === 2 ? `20${year}` : year} ${time} GMT`)
    return Number.isNaN(atMs) ? null : atMs
  }
  return null
}
