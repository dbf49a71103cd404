/** Values of a document by their tags. Versions of the driver tell the same number as a number or as a text. */
import { type RegisterTime, readTime } from './answer_forms.ts'

export type Tags = Readonly<Record<string, unknown>>

export function numberIn(tags: Tags, tag: string): number | null {
  const told = tags[tag]
  const number = typeof told === 'string' && told.trim() !== '' ? Number(told) : told
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Roubles, in kopecks. */
export function kopecksIn(tags: Tags, tag: string): number | null {
  const roubles = numberIn(tags, tag)
  return roubles === null ? null : Math.round(roubles * 100)
}

export function textIn(tags: Tags, tag: string): string | null {
  const told = tags[tag]
  const text = typeof told === 'number' ? String(told) : typeof told === 'string' ? told.trim() : ''
  return text === '' ? null : text
}

export function flagIn(tags: Tags, tag: string): boolean | null {
  const told = tags[tag]
  return typeof told === 'boolean'
    ? told
    : told === 1 || told === '1'
      ? true
      : told === 0 || told === '0'
        ? false
        : null
}

const isTags = (value: unknown): value is Tags => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The tags within a tag. Some versions tell a single group as a list of one. */
export function groupIn(tags: Tags, tag: string): Tags | null {
  const told = tags[tag]
  const group: unknown = Array.isArray(told) ? told[0] : told
  return isTags(group) ? group : null
}

const WITHOUT_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/

/**
 * A time: with its offset, by the KKT's clock without one, or as the FN keeps it, which is the clock's reading as if it were UTC,
 * in Unix seconds.
 * @param offset of the KKT's clock
 */
export function timeIn(tags: Tags, tag: string, offset: string): RegisterTime | null {
  const told = tags[tag]
  if (typeof told === 'number' && told > 0 && told < 2 ** 32) {
    return readTime(`${new Date(told * 1000).toISOString().slice(0, -'.000Z'.length)}${offset}`)
  }
  if (typeof told !== 'string') return null
  return readTime(WITHOUT_OFFSET.test(told) ? `${told}${offset}` : told)
}

/** 1077: two bytes of its kind and four of the sign in hex, or the sign's digits. */
export function signIn(tags: Tags): string | null {
  const told = textIn(tags, '1077')
  if (told === null) return null
  const [, hex] = /^[0-9a-f]{4}([0-9a-f]{8})$/i.exec(told) ?? []
  if (hex !== undefined) return String(Number.parseInt(hex, 16))
  return /^\d{1,10}$/.test(told) && Number(told) < 2 ** 32 ? String(Number(told)) : null
}
