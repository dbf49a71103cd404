import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import type { Register } from '../register.ts'
import { DriverError } from './errors.ts'
import { cashierOf } from './receipt.ts'
import type { SaidOperator } from './receipt_form.ts'
import { kopecks } from './sums.ts'
import { type Acted, done } from './task.ts'

/** Moves cash. A cashier who is named opens a closed shift with it. */
export function moveCash(register: Register, direction: 'in' | 'out', cashSum: number, operator: SaidOperator): Acted {
  const sumKopecks = kopecks(cashSum, 16, 'cashSum')
  if (sumKopecks === 0) throw new DriverError(16, 'cashSum')
  const { shift, drawerKopecks } = register.state()
  if (direction === 'out' && sumKopecks > drawerKopecks) throw new DriverError(80)
  const opens = shift.kind === 'closed' && operator !== undefined
  if (opens) done(register.openShift(cashierOf(operator)))
  const moved = done(register.moveCash(direction === 'in' ? sumKopecks : -sumKopecks))
  const result = { counters: { cashSum: toRoubles(moved.drawerKopecks) } }
  return opens ? { result, warnings: { shiftAutoOpened: true } } : { result }
}
