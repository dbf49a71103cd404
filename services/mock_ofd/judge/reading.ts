/** Reads parts of a document whose form may be wrong. A part of another kind counts as absent: the form check tells it. */

export type Fields = Readonly<Record<string, unknown>>

const NO_LIST: readonly Fields[] = []

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function fieldsIn(of: Fields, name: string): Fields | null {
  const value = of[name]
  return isFields(value) ? value : null
}

/** An entry that is no object counts as an empty one, so that all others keep their places. */
export function listIn(of: Fields, name: string, most: number): readonly Fields[] {
  const value = of[name]
  if (!Array.isArray(value)) return NO_LIST
  const list: readonly unknown[] = value.length > most ? value.slice(0, most) : value
  return list.every(isFields) ? list : list.map((one) => (isFields(one) ? one : {}))
}

export function textIn(of: Fields, name: string): string | null {
  const value = of[name]
  return typeof value === 'string' ? value : null
}

export function numberIn(of: Fields, name: string): number | null {
  const value = of[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** Roubles on the wire, whole kopecks here. */
export function kopecksIn(of: Fields, name: string): number | null {
  const value = numberIn(of, name)
  return value === null ? null : Math.round(value * 100)
}

/** The sum of a field of a list; null where an entry does not have it. */
export function sumIn(list: readonly Fields[], name: string): number | null {
  let sum = 0
  for (const one of list) {
    const kopecks = kopecksIn(one, name)
    if (kopecks === null) return null
    sum += kopecks
  }
  return sum
}

export const inRoubles = (kopecks: number) => (kopecks / 100).toFixed(2)
