import type { Line, Pair, Target } from './row.ts'
import { type Spread, spread } from './statistics.ts'

/** The outcome of a line. */
export type Result = Line & {
  /** That the row took; null where the line was measured in the rounds of the one above it. */
  seconds: number | null
  notes: string[]
} & (
    | { kind: 'measured'; rounds: Pair[] }
    /** This machine lacks something, or what was measured failed. */
    | { kind: 'not_measured'; why: string; isFailure: boolean }
  )
export type Measured = Extract<Result, { kind: 'measured' }>

/** The figure that is held to the target, round by round. @throws Error without a round */
export const judgedOf = ({ rounds, judged = 'ratio' }: Pick<Measured, 'rounds' | 'judged'>): Spread =>
  spread(
    rounds.map(({ measured, ceiling }) => {
      if (judged === 'itself' || ceiling === null) return measured
      return judged === 'rest' ? measured - ceiling : measured / ceiling
    }),
  )

/** How far the target is reached: 1 is reached, 0.5 is half of the way. */
export const reached = (figure: number, target: Target): number =>
  'atLeast' in target ? figure / target.atLeast : target.atMost / figure

/** The figures of the other checkout, those of this one, and the ratio of each round. */
export type Compared = { before: number[]; after: number[]; ratio: Spread }

/** @param of the two figures of a round, null where it has not both; null where no round has them */
export function compared(
  { rounds }: Pick<Measured, 'rounds'>,
  of: (pair: Pair) => { before: number | null | undefined; after: number | null | undefined },
): Compared | null {
  const both = rounds.flatMap((pair) => {
    const { before, after } = of(pair)
    return typeof before === 'number' && typeof after === 'number' ? [{ before, after }] : []
  })
  if (both.length === 0) return null
  return {
    before: both.map(({ before }) => before),
    after: both.map(({ after }) => after),
    ratio: spread(both.map(({ before, after }) => after / before)),
  }
}

/** Rounds of one machine differ by this much when nothing has changed. */
const LEAST_NOISE = 0.05

export type Change = 'better' | 'same' | 'worse'

/** Whether a figure has moved by more than both runs' own noise: half of what their rounds differ by. */
export function change(now: Spread, before: Spread, target: Target): Change {
  const gain = ('atLeast' in target ? 1 : -1) * (now.median - before.median)
  const noise = Math.max((now.max - now.min) / 2, (before.max - before.min) / 2, LEAST_NOISE * before.median)
  if (Math.abs(gain) <= noise) return 'same'
  return gain > 0 ? 'better' : 'worse'
}
