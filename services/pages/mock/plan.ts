/** A fault's part of a configuration, written and read. */
import type { Configuration, Fault } from './wire.ts'

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isSwitch = ({ bare_number }: Fault): boolean => bare_number === null

/** The plans by which a fault is on. None where it is off. */
export function plansOf(fault: Fault, value: unknown): readonly unknown[] {
  if (isSwitch(fault)) return value === fault.example[fault.name] ? [value] : []
  if (Array.isArray(value)) return value
  return value === undefined || value === null || value === false || value === 0 ? [] : [value]
}

/** The value that switches a fault off. */
export const off = (fault: Fault): unknown => fault.off

/** The value that switches a fault on. */
export function on(
  { name, bare_number, parameters, example }: Fault,
  values: Readonly<Record<string, unknown>>,
): unknown {
  if (bare_number === null) return example[name]
  const names = Object.keys(parameters.properties ?? {})
  // Some faults take only their number.
  if (names.length === 1 && names[0] === bare_number) return values[bare_number] ?? true
  return Object.keys(values).length > 0 ? values : true
}

/** A plan in words: `seconds 0.5 · match.pos_id POS-1`. */
export function planInWords({ bare_number }: Fault, plan: unknown): string {
  if (typeof plan === 'number') return `${bare_number} ${rounded(plan)}`
  return isRecord(plan) ? pairs(plan, '') : ''
}

const pairs = (fields: Readonly<Record<string, unknown>>, prefix: string): string =>
  Object.entries(fields)
    .map(([name, value]) =>
      isRecord(value) ? pairs(value, `${prefix}${name}.`) : `${prefix}${name} ${rounded(value)}`,
    )
    .join(' · ')

const rounded = (value: unknown) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)

/** One plan of a fault, the sequence, or the seed. */
export type Item = {
  key: string
  name: string
  /** @param elapsedSeconds since the configuration came: a time to live is counted down */
  words: (elapsedSeconds: number) => string
  /** Ends it, and nothing else of its name. */
  without: unknown
  /** All that is on of its name. */
  whole: unknown
  /** Ends all of its name. */
  off: unknown
}

/** All that is on. */
export function itemsOf(configuration: Configuration, catalogue: readonly Fault[]): readonly Item[] {
  const { sequence, seed } = configuration
  return [
    ...catalogue.flatMap((fault) => itemsOfFault(fault, configuration[fault.name])),
    ...(Array.isArray(sequence) ? [lasting('sequence', steps(sequence), sequence, null)] : []),
    ...(seed === undefined ? [] : [lasting('seed', String(seed), seed, 0)]),
  ]
}

function itemsOfFault(fault: Fault, whole: unknown): readonly Item[] {
  const plans = plansOf(fault, whole)
  return plans.map((plan, i) => {
    const others = plans.filter((_, other) => other !== i)
    return {
      key: `${fault.name} ${i}`,
      name: fault.name,
      words: (elapsedSeconds) => planInWords(fault, planAfter(plan, elapsedSeconds)),
      without: others.length > 0 ? others : off(fault),
      whole,
      off: off(fault),
    }
  })
}

function planAfter(plan: unknown, elapsedSeconds: number): unknown {
  if (!isRecord(plan) || typeof plan['ttl'] !== 'number') return plan
  return { ...plan, ttl: Math.max(0, Math.ceil(plan['ttl'] - elapsedSeconds)) }
}

const lasting = (name: string, words: string, whole: unknown, off: unknown): Item => ({
  key: name,
  name,
  words: () => words,
  without: off,
  whole,
  off,
})

function steps([now, ...next]: readonly unknown[]): string {
  const after = next.length > 0 ? `, then ${next.length} more` : ''
  return `${JSON.stringify(now)}${after}`
}
