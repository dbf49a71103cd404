import type { Bench } from './bench.ts'

/** The wanted figure of a line, on two cores. */
export type Target = { atLeast: number } | { atMost: number }

/**
 * Which figure is held to the target: the ratio of the measured to its ceiling, the measured itself, or the rest of it that
 * is more than the ceiling.
 */
export type Judged = 'ratio' | 'itself' | 'rest'

/** How many a second, and what each took of the processors; null where the system does not tell. */
export type Rate = { perSecond: number; micros: number | null }

/** Figures of one round, measured one after the other. `base` is that of the checkout that is compared with. */
export type Turn<T, C = T> = { measured: T; ceiling: C; base?: T | undefined }

/** A line's figures of one round. `micros` are those of the processors for each, where the figures are rates. */
export type Pair = Turn<number, number | null> & { micros?: Turn<number | null> }

/** `besides` are the figures of the row's further lines, in their order; null where the system does not tell. */
export type Round = Pair & { besides?: readonly (Pair | null)[] }

/** A row, set up: each round measures it and its ceiling, near each other in time. */
export type Contest = {
  /** @param index from 0 */
  round(index: number): Promise<Round>
  /** Further facts for a reader of the figures. */
  notes?(): string[]
}

/** One line of the table. */
export type Line = {
  name: string
  /** The figure that it is compared with, in the same run. */
  ceiling: string
  /** Of the measured and of the ceiling; of these the less is the better where the target says `atMost`. */
  unit: string
  target: Target
  /** Where the best that is known of would be: what to work towards, and no goal. */
  horizon?: number
  /** @default the ratio */
  judged?: Judged
}

/** One row of the table, and what the same rounds tell besides. */
export type Row = Line & {
  besides?: readonly Line[]
  /** Where each round takes long. @default as many as are asked for */
  mostRounds?: number
  /** @throws NotMeasured */
  how(bench: Bench): Promise<Contest>
}

/** This machine lacks what a row is measured with. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured'
}

type Turns<T, C> = {
  measured: () => Promise<T>
  ceiling: () => Promise<C>
  base?: (() => Promise<T>) | undefined
}

/** Measures them one after the other, and each time in the other order: what drifts strikes all alike. */
export function inTurns<T, C = T>({ measured, ceiling, base }: Turns<T, C>) {
  const measureBase = async () => await base?.()
  return async (index: number): Promise<Turn<T, C>> => {
    if (index % 2 === 0) {
      const against = await ceiling()
      const before = await measureBase()
      return { ceiling: against, base: before, measured: await measured() }
    }
    const after = await measured()
    const before = await measureBase()
    return { measured: after, base: before, ceiling: await ceiling() }
  }
}

const mapTurn = <T, U>({ measured, ceiling, base }: Turn<T>, of: (one: T) => U): Turn<U> => ({
  measured: of(measured),
  ceiling: of(ceiling),
  base: base === undefined ? undefined : of(base),
})

/** A line of rates, with what each took of the processors. */
export const ratesOf = (turn: Turn<Rate>): Pair => ({
  ...mapTurn(turn, ({ perSecond }) => perSecond),
  micros: mapTurn(turn, ({ micros }) => micros),
})

/** A line of what each took of the processors. */
export function microsOf(turn: Turn<Rate>): Pair | null {
  const { measured, ceiling, base } = mapTurn(turn, ({ micros }) => micros)
  return measured === null || ceiling === null ? null : { measured, ceiling, base: base ?? undefined }
}
