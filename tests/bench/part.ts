import { figure } from './report.ts'
import type { Contest, Pair } from './row.ts'
import { median } from './statistics.ts'

/**
 * Measures after each round what a part of the measured does when it is alone: the whole can do no more.
 * @param part gets the round's figures, and resolves in the same unit
 * @returns the rounds, and a note that tells the part's median and the median of its ratios to the ceilings
 */
export function withPart(
  round: Contest['round'],
  { name, part }: { name: string; part: (pair: Pair) => Promise<number> },
) {
  const values: number[] = []
  const ratios: number[] = []
  return {
    async round(index: number): Promise<Pair> {
      const pair = await round(index)
      const value = await part(pair)
      values.push(value)
      ratios.push(value / pair.ceiling)
      return pair
    },
    note: () => `${name}: ${figure(median(values))}, × ${figure(median(ratios))}`,
  }
}
