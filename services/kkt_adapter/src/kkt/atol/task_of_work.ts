import type { Cashier } from '../../domain/customer.ts'
import { toRoubles } from '../../domain/money.ts'
import { said } from '../../domain/said.ts'
import type { TaskWork } from '../../domain/task.ts'
import { operatorOf } from './task_of_receipt.ts'

/** A copy prints the document of this number in the FN. */
export const copyTask = (fdNumber: number) => ({
  type: 'printFnDocument' as const,
  fiscalDocumentNumber: fdNumber,
})

export const readDocumentTask = (fdNumber: number) => ({
  type: 'getFnDocument' as const,
  fiscalDocumentNumber: fdNumber,
  withRawData: false,
})

/**
 * The task that does a work, but a copy.
 * @param ofTill the cashier of a work that names none
 */
export function taskOfWork(work: Exclude<TaskWork, { kind: 'copy' }>, ofTill: Cashier | null) {
  switch (work.kind) {
    case 'open_shift':
      return said({ type: 'openShift' as const, operator: operatorOf(work.cashier ?? ofTill), electronically: false })
    case 'close_shift':
      return said({ type: 'closeShift' as const, operator: operatorOf(work.cashier ?? ofTill), electronically: false })
    case 'x_report':
      return said({ type: 'reportX' as const, operator: operatorOf(ofTill) })
    case 'cash_in':
    case 'cash_out':
      return said({
        type: work.kind === 'cash_in' ? ('cashIn' as const) : ('cashOut' as const),
        cashSum: toRoubles(work.amountKopecks),
        operator: operatorOf(ofTill),
        electronically: false,
      })
  }
}
