import type { Cashier } from './customer.ts'
import type { TaskWork } from './task.ts'

/** The work that is asked for. A closing gets the number of its shift when it is accepted. */
export type WantedWork = Exclude<TaskWork, { kind: 'close_shift' }> | { kind: 'close_shift'; cashier: Cashier | null }

/**
 * Equal works have equal texts, in whatever order their fields came.
 * @param cashier of an opening or a closing
 */
function wantedText(work: WantedWork, cashier: Cashier | null): string {
  switch (work.kind) {
    case 'open_shift':
    case 'close_shift':
      return JSON.stringify([work.kind, cashier && [cashier.name, cashier.inn ?? null]])
    case 'cash_in':
    case 'cash_out':
      return JSON.stringify([work.kind, work.amountKopecks, work.reason])
    case 'copy':
      return JSON.stringify([work.kind, work.receiptId])
    case 'x_report':
      return work.kind
  }
}

const cashierOf = (work: WantedWork): Cashier | null =>
  work.kind === 'open_shift' || work.kind === 'close_shift' ? work.cashier : null

/**
 * Whether a request asks for what a task does. A repeated closing means the shift that its first request closed. A request
 * that names no cashier left that to the settings, which may have changed since.
 */
export function isSameWork(task: WantedWork, wanted: WantedWork): boolean {
  const done = cashierOf(task)
  return wantedText(task, done) === wantedText(wanted, cashierOf(wanted) ?? done)
}
