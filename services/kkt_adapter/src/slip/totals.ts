import { OPERATIONS } from '../domain/operation.ts'
import { PAYMENT_TYPES } from '../domain/payment.ts'
import type { Movements, OperationTotals, ShiftTotals } from '../domain/shift.ts'
import { amount, type Block, type Section } from './blocks.ts'
import { OPERATION_WORDS, PAYMENT_WORDS } from './words.ts'

/** The columns by which the ways of paying stand below their operation. */
const INDENT = 2

/** A shift's counters by operation and way of paying, and its cash. Operations that did not happen are left out, save for sales. */
export const totalsOf = ({ receipts, corrections, cashIn, cashOut }: ShiftTotals): Section => [
  ...OPERATIONS.flatMap((operation) =>
    operation === 'sale' || receipts[operation].count > 0
      ? ofOperation(`${OPERATION_WORDS[operation]}, ЧЕКОВ`, receipts[operation])
      : [],
  ),
  ...OPERATIONS.flatMap((operation) =>
    corrections[operation].count > 0
      ? ofOperation(`КОРРЕКЦИЯ: ${OPERATION_WORDS[operation]}, ЧЕКОВ`, corrections[operation])
      : [],
  ),
  ...moved('ВНЕСЕНИЙ', cashIn),
  ...moved('ВЫПЛАТ', cashOut),
]

function ofOperation(label: string, { count, sumKopecks, payments }: OperationTotals): Block[] {
  const paid = PAYMENT_TYPES.filter((type) => payments[type] !== 0)
  return [
    amount(`${label} ${count}`, sumKopecks),
    ...paid.map((type) => amount(PAYMENT_WORDS[type], payments[type], INDENT)),
  ]
}

const moved = (label: string, { count, sumKopecks }: Movements): Block[] =>
  count > 0 ? [amount(`${label} ${count}`, sumKopecks)] : []

/** @param kopecks null: nobody counts the drawer */
export const drawerOf = (kopecks: number | null): Section =>
  kopecks === null ? [] : [amount('НАЛИЧНЫХ В КАССЕ', kopecks)]
