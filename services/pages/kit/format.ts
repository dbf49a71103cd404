import { type Language, numberIn } from '@kkt/platform/language.ts'

const UNITS = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  ru: { day: 'д', hour: 'ч', minute: 'мин', second: 'с' },
} as const

const [DAY, HOUR, MINUTE] = [86_400, 3600, 60]

/**
 * How values look in a language. Times are in the reader's own zone.
 * @param locale the reader's, for the order of a date's parts: `en-GB`
 */
export function createFormat(language: Language, locale: string = language) {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' })
  const full = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' } as const
  const moment = new Intl.DateTimeFormat(locale, full)
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const asWritten = new Intl.DateTimeFormat(locale, { ...full, timeZone: 'UTC' })
  const clockTime = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const roubles = new Intl.NumberFormat(language, {
    style: 'currency',
    currency: 'RUB',
    currencyDisplay: 'narrowSymbol',
  })
  const unit = UNITS[language]

  return {
    number: (value: number): string => numberIn(language, value),
    roubles: (value: number): string => roubles.format(value),
    /** Of one decimal, such as 12.5 %. */
    percent: (value: number): string => `${numberIn(language, Math.round(value * 10) / 10)} %`,
    /** With its date where that is not today's. */
    time(iso: string, nowMs: number): string {
      const at = new Date(iso)
      return at.toDateString() === new Date(nowMs).toDateString() ? time.format(at) : moment.format(at)
    },
    /** A day of the calendar, which no time zone moves. @param date `yyyy-mm-dd` */
    day: (date: string): string => day.format(new Date(`${date}T00:00Z`)),
    moment: (iso: string): string => moment.format(new Date(iso)),
    /**
     * The date and time that the text says, in the zone of its writer, which is named where it is not the reader's.
     * @param iso with its offset or Z: `2026-11-29T18:00:19+03:00`
     */
    momentThere(iso: string): string {
      const [, wall = iso, offset = 'Z'] = /^(.+?)(Z|[+-]\d\d:\d\d)$/.exec(iso) ?? []
      const there = asWritten.format(new Date(`${wall}Z`))
      if (there === moment.format(new Date(iso))) return there
      return `${there} (UTC${offset === 'Z' ? '' : offset})`
    },
    /** Hours and minutes. */
    clockTime: (seconds: number): string => clockTime.format(new Date(seconds * 1000)),
    /** In one unit, for an axis. */
    brief(seconds: number): string {
      if (seconds >= 2 * DAY) return `${numberIn(language, Math.round(seconds / DAY))} ${unit.day}`
      if (seconds >= 2 * HOUR) return `${numberIn(language, Math.round(seconds / HOUR))} ${unit.hour}`
      if (seconds >= 2 * MINUTE) return `${numberIn(language, Math.round(seconds / MINUTE))} ${unit.minute}`
      return `${numberIn(language, seconds)} ${unit.second}`
    },
    /** The two largest units: `2 d 3 h`, `4 min 10 s`, `0.4 s`. */
    duration(seconds: number): string {
      if (seconds < 1 && seconds > 0) return `${numberIn(language, Math.ceil(seconds * 100) / 100)} ${unit.second}`
      const whole = Math.round(seconds)
      const parts: [number, string][] = [
        [Math.floor(whole / DAY), unit.day],
        [Math.floor((whole % DAY) / HOUR), unit.hour],
        [Math.floor((whole % HOUR) / MINUTE), unit.minute],
        [whole % MINUTE, unit.second],
      ]
      const first = parts.findIndex(([count]) => count > 0)
      if (first === -1) return `0 ${unit.second}`
      return parts
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, name]) => `${count} ${name}`)
        .join(' ')
    },
  }
}

export type Format = ReturnType<typeof createFormat>
