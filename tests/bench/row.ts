import type { Bench } from './bench.ts'

/** What the ratio of the measured to its ceiling is to be, on two cores. */
export type Target = { atLeast: number } | { atMost: number }

/** Of one round. */
export type Pair = { measured: number; ceiling: number }

/** What is measured, set up: each round measures it and its ceiling, near each other in time. */
export type Contest = {
  /** @param index from 0 */
  round(index: number): Promise<Pair>
  /** What a reader of the figures has to know besides. */
  notes?(): string[]
}

/** One row of the table. */
export type Row = {
  name: string
  /** What it is measured against, in the same run. */
  ceiling: string
  /** Of the measured and of the ceiling; of these the less is the better where the target says `atMost`. */
  unit: string
  target: Target
  /** Where each round takes long. @default as many as are asked for */
  mostRounds?: number
  /** @throws NotMeasured */
  how(bench: Bench): Promise<Contest>
}

/** This machine lacks what a row is measured with. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured'
}

/** Measures the two one after the other, and each time in the other order: what drifts strikes both alike. */
export function inTurns(both: { measured: () => Promise<number>; ceiling: () => Promise<number> }) {
  return async (index: number): Promise<Pair> => {
    if (index % 2 === 0) {
      const ceiling = await both.ceiling()
      return { ceiling, measured: await both.measured() }
    }
    const measured = await both.measured()
    return { measured, ceiling: await both.ceiling() }
  }
}
