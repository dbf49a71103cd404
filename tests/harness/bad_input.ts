import { item, newPosId, receipt } from './receipts.ts'

/** Stands in for a customer's data. No answer may contain it. */
export const MARKER = 'Zq7marker'

/** A valid receipt with the marker in it. */
const good = () => receipt({ pos_id: newPosId(MARKER), items: [item({ name: `Glasses of ${MARKER}` })] })

/** A receipt as text, with `raw` in place of the value that `pointer` names. `raw` need not be JSON. */
export function withRaw(pointer: string, raw: string): string {
  const hole = '@hole@'
  return JSON.stringify(replaced(good(), pointer.split('/').slice(1), hole)).replace(`"${hole}"`, () => raw)
}

export const withValue = (pointer: string, value: unknown): string => withRaw(pointer, JSON.stringify(value))

export const without = (pointer: string): string =>
  JSON.stringify(replaced(good(), pointer.split('/').slice(1), undefined))

function replaced(within: unknown, [name = '', ...rest]: string[], value: unknown): unknown {
  const put = (old: unknown) => (rest.length === 0 ? value : replaced(old, rest, value))
  if (Array.isArray(within)) return within.map((old, i) => (String(i) === name ? put(old) : old))
  const fields = new Map<string, unknown>(Object.entries(within ?? {}))
  return Object.fromEntries(fields.set(name, put(fields.get(name))))
}
