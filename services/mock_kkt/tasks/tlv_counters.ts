import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import { OPERATIONS, type Operation } from '@kkt/adapter/src/domain/operation.ts'
import type { OperationTotals, ShiftTotals } from '@kkt/adapter/src/domain/shift.ts'

/** The groups of 1194 by the operation that they count. */
const GROUP_TAGS = { sale: 1129, refund: 1130, buy: 1131, buy_refund: 1132 } as const satisfies Record<
  Operation,
  number
>

/** 1194: the counters of a shift, corrections in their operation's group. */
export const countersTlv = ({ receipts, corrections }: ShiftTotals): Record<string, unknown> =>
  Object.fromEntries(OPERATIONS.map((one) => [GROUP_TAGS[one], groupTlv(receipts[one], corrections[one])]))

function groupTlv(receipts: OperationTotals, corrections: OperationTotals): Record<string, number> {
  const paid = (type: keyof OperationTotals['payments']) =>
    toRoubles(receipts.payments[type] + corrections.payments[type])
  return {
    1135: receipts.count + corrections.count,
    1136: paid('cash'),
    1138: paid('card'),
    1201: toRoubles(receipts.sumKopecks + corrections.sumKopecks),
    1218: paid('prepaid'),
    1219: paid('credit'),
    1220: paid('other'),
  }
}
