import type { Journal } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'
import type { WarningDeps } from './warnings.ts'

type Today = {
  rules: Pick<WarningDeps, 'dateAt'>
  wallMs: () => number
  journal: Pick<Journal, 'totals'>
}

/**
 * The problem of a correction whose settlement (tag 1178) has not been yet. A machine that starts without its time has an early
 * day, so the later one of its clock and of the clock that only goes forward counts.
 * @param pointer to the day in the body
 */
export function inFuture(day: string, pointer: string, { rules, wallMs, journal }: Today) {
  const today = rules.dateAt(Math.max(wallMs(), journal.totals.forwardMs()))
  return day > today ? adapterProblem.correctionInFuture(pointer, today) : null
}
