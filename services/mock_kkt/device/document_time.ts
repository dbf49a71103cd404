/** The time of a document: whole minutes, as an FN keeps it. */
export type DocumentTime = {
  instantMs: number
  /** ISO 8601 in the KKT's zone, with its offset: `2026-11-22T16:43:00+03:00`. */
  fiscalDatetime: string
  /** The same in the form of the QR code: `20261122T1643`. */
  inQrCode: string
}

const MINUTE_MS = 60_000

export const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS) * MINUTE_MS

/**
 * Dates documents in a zone.
 * @param timeZone by its IANA name
 * @throws RangeError for a zone that does not exist
 */
export function documentTimes(timeZone: string): (nowMs: number) => DocumentTime {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })

  function timeAt(instantMs: number): DocumentTime {
    const parts = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, value]))
    const two = (type: Intl.DateTimeFormatPartTypes) => (parts.get(type) ?? '').padStart(2, '0')
    const date = [(parts.get('year') ?? '').padStart(4, '0'), two('month'), two('day')]
    const time = [two('hour'), two('minute')]
    const local = `${date.join('-')}T${time.join(':')}:00`
    return {
      instantMs,
      fiscalDatetime: local + offset(Date.parse(`${local}Z`) - instantMs),
      inQrCode: `${date.join('')}T${time.join('')}`,
    }
  }

  // Formatting takes longer than signing, and all documents of a minute have the same time.
  let last = timeAt(0)
  return (nowMs) => {
    const instantMs = minuteOf(nowMs)
    if (instantMs !== last.instantMs) last = timeAt(instantMs)
    return last
  }
}

/** `+03:00` */
function offset(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE_MS)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
