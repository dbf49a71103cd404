import { Interrupted, throwIfInterrupted } from '../harness/stack/interruption.ts'
import type { Bench } from './bench.ts'
import { figure } from './report.ts'
import { type Result, ratioOf } from './result.ts'
import { NotMeasured, type Pair, type Row } from './row.ts'
import { processorTicks, stolenNote } from './stolen.ts'

type Options = {
  rounds: number
  /** Gets the row's name, and a figure a round. */
  tell: (text: string) => void
  ticks?: typeof processorTicks
}

/** Measures one row, round by round, and ends what it started. @throws Interrupted */
export async function measure(
  row: Row,
  bench: Bench,
  { rounds, tell, ticks = processorTicks }: Options,
): Promise<Result> {
  const { name, ceiling, unit, target } = row
  const startedMs = performance.now()
  const before = ticks()
  tell(`${name} …`)
  const { notes, ...outcome } = await attempt(row, bench, { rounds: Math.min(rounds, row.mostRounds ?? rounds), tell })
  await bench.clear()
  const seconds = (performance.now() - startedMs) / 1000
  tell(` (${seconds.toFixed(0)} s)\n`)
  return {
    name,
    ceiling,
    unit,
    target,
    seconds,
    ...outcome,
    notes: [...notes, ...stolenNote(before, ticks())],
  }
}

async function attempt(row: Row, bench: Bench, { rounds, tell }: Options) {
  try {
    const contest = await row.how(bench)
    const pairs: Pair[] = []
    for (let index = 0; index < rounds; index++) {
      throwIfInterrupted()
      pairs.push(await contest.round(index))
      tell(` ${figure(ratioOf({ rounds: pairs.slice(-1) }).median)}`)
    }
    return { kind: 'measured' as const, rounds: pairs, notes: contest.notes?.() ?? [] }
  } catch (error) {
    if (error instanceof Interrupted) throw error
    // Ctrl-C also ends what is measured, in the midst.
    throwIfInterrupted()
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'not_measured' as const, why, isFailure: !(error instanceof NotMeasured), notes: [] }
  }
}
