import { figure } from './report.ts'
import type { Rate } from './row.ts'
import { median } from './statistics.ts'

/** Those of the machine for which the targets are. */
const CORES = 2

/**
 * The processor time of a receipt, by what it is spent on. However work is spread over threads, no more is to be had
 * than what all cores have.
 */
export function createBudget() {
  const parts = new Map<string, number[]>()
  const rates: number[] = []
  return {
    /** @param micros null where the system does not tell */
    add(name: string, micros: number | null): void {
      if (micros !== null) parts.set(name, [...(parts.get(name) ?? []), micros])
    },
    /** Notes a rate of the ceiling. */
    reach: ({ perSecond }: Rate): void => void rates.push(perSecond),
    /** A note, of medians. @param target the share of the ceiling's rate that is wanted */
    note(target: number): string {
      const all = figure((CORES * 1e6) / (target * median(rates)))
      const spent = [...parts].map(([name, micros]) => `${name} ${figure(median(micros))}`)
      return `at the goal two cores have ${all} µs for each, and it costs ${spent.join(', ')}`
    },
  }
}
