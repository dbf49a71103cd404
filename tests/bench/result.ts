import type { Pair, Target } from './row.ts'
import { type Spread, spread } from './statistics.ts'

/** What came of a row. */
export type Result = {
  name: string
  ceiling: string
  unit: string
  target: Target
  seconds: number
  notes: string[]
} & (
  | { kind: 'measured'; rounds: Pair[] }
  /** This machine lacks something, or what was measured failed. */
  | { kind: 'not_measured'; why: string; isFailure: boolean }
)
export type Measured = Extract<Result, { kind: 'measured' }>

/** The measured to its ceiling, round by round. @throws Error without a round */
export const ratioOf = ({ rounds }: Pick<Measured, 'rounds'>): Spread =>
  spread(rounds.map(({ measured, ceiling }) => measured / ceiling))

/** How far the target is reached: 1 is reached, 0.5 is half of the way. */
export const reached = (ratio: number, target: Target): number =>
  'atLeast' in target ? ratio / target.atLeast : target.atMost / ratio

/** Rounds of one machine differ by this much when nothing has changed. */
const LEAST_NOISE = 0.05

export type Change = 'better' | 'same' | 'worse'

/** Whether a ratio has moved by more than both runs' own noise: half of what their rounds differ by. */
export function change(now: Spread, before: Spread, target: Target): Change {
  const gain = ('atLeast' in target ? 1 : -1) * (now.median - before.median)
  const noise = Math.max((now.max - now.min) / 2, (before.max - before.min) / 2, LEAST_NOISE * before.median)
  if (Math.abs(gain) <= noise) return 'same'
  return gain > 0 ? 'better' : 'worse'
}
