import { makesDocument } from '../../domain/task.ts'
import type { Attempt } from '../attempts.ts'
import type { Register } from './register.ts'
import type { SoughtTask } from './settle_task.ts'
import type { ShiftCounters } from './shift_counters.ts'

/** Unless the FN has no other document since an attempt began, its own may be there. */
export async function mayHaveDocument(register: Register, { fnNumber, lastFdNumber }: Attempt): Promise<boolean> {
  const now = await register.here()
  return now.kind === 'silent' || now.fnNumber !== fnNumber || now.lastFdNumber !== lastFdNumber
}

/** Whether a task that was begun a moment ago may be done by now. The KKT counts documents and moves of cash, and no other task. */
export async function taskMayBeDone(register: Register, { work, attempt, counters }: SoughtTask): Promise<boolean> {
  if (makesDocument(work.kind)) return await mayHaveDocument(register, attempt)
  if (work.kind !== 'cash_in' && work.kind !== 'cash_out') return true
  const now = await register.facts()
  const isKnown = now.kind === 'facts' && now.state.fnNumber === attempt.fnNumber
  return !isKnown || counters === null || now.counters === null || movesIn(now.counters) !== movesIn(counters)
}

/** All moves of cash up to now, as a name that another move makes another. */
const movesIn = ({ shiftNumber, totals: { cashIn, cashOut } }: ShiftCounters): string =>
  [shiftNumber, cashIn.count, cashOut.count].join('/')
