import { figure } from './report.ts'
import { median } from './statistics.ts'

/** A figure for a note, round by round, as a share of that round's ceiling. */
export function createPart(name: string) {
  const values: number[] = []
  const ratios: number[] = []
  return {
    add(value: number, ceiling: number): void {
      values.push(value)
      ratios.push(value / ceiling)
    },
    /** Medians. */
    note: () => `${name}: ${figure(median(values))}, × ${figure(median(ratios))}`,
  }
}
