import { Interrupted, throwIfInterrupted } from '../harness/stack/interruption.ts'
import type { Bench } from './bench.ts'
import { figure } from './report.ts'
import { judgedOf, type Result } from './result.ts'
import { NotMeasured, type Pair, type Round, type Row } from './row.ts'
import { processorTicks, stolenNote } from './stolen.ts'

type Options = {
  rounds: number
  /** Gets the row's name, and a figure a round. */
  tell: (text: string) => void
  ticks?: typeof processorTicks
}

/** Measures one row, round by round, and ends what it started. @returns one result a line @throws Interrupted */
export async function measure(
  row: Row,
  bench: Bench,
  { rounds, tell, ticks = processorTicks }: Options,
): Promise<Result[]> {
  const startedMs = performance.now()
  const before = ticks()
  tell(`${row.name} …`)
  const { notes, ...outcome } = await attempt(row, bench, { rounds: Math.min(rounds, row.mostRounds ?? rounds), tell })
  await bench.clear()
  const seconds = (performance.now() - startedMs) / 1000
  tell(` (${seconds.toFixed(0)} s)\n`)
  const { besides = [], how: _how, mostRounds: _mostRounds, ...first } = row
  const known = { seconds, notes: [...notes, ...stolenNote(before, ticks())] }
  return [
    { ...first, ...known, ...outcome },
    ...besides.map((line, index) => {
      const own = outcome.kind === 'measured' ? ofFurtherLine(outcome.rounds, index) : outcome
      return { ...line, seconds: null, notes: [], ...own }
    }),
  ]
}

const UNTOLD = {
  kind: 'not_measured' as const,
  why: 'this system does not tell what a process takes of the processors (/proc)',
  isFailure: false,
}

function ofFurtherLine(rounds: Round[], index: number): typeof UNTOLD | { kind: 'measured'; rounds: Pair[] } {
  const pairs = rounds.flatMap(({ besides }) => besides?.[index] ?? [])
  return pairs.length < rounds.length ? UNTOLD : { kind: 'measured', rounds: pairs }
}

async function attempt(row: Row, bench: Bench, { rounds, tell }: Options) {
  try {
    const contest = await row.how(bench)
    const done: Round[] = []
    for (let index = 0; index < rounds; index++) {
      throwIfInterrupted()
      done.push(await contest.round(index))
      tell(` ${figure(judgedOf({ judged: row.judged ?? 'ratio', rounds: done.slice(-1) }).median)}`)
    }
    return { kind: 'measured' as const, rounds: done, notes: contest.notes?.() ?? [] }
  } catch (error) {
    if (error instanceof Interrupted) throw error
    // Ctrl-C also ends what is measured, in the midst.
    throwIfInterrupted()
    const why = error instanceof Error ? error.message : String(error)
    return { kind: 'not_measured' as const, why, isFailure: !(error instanceof NotMeasured), notes: [] }
  }
}
