import { z } from 'zod'
import type { Operation } from '../../domain/operation.ts'
import { noTotals, type OperationTotals, type ShiftTotals } from '../../domain/shift.ts'
import { count, kopecks } from './answer_forms.ts'
import { groupIn, kopecksIn, numberIn, type Tags } from './tags.ts'
import { CORRECTION_NAMES, OPERATION_NAMES } from './task_names.ts'

const sum = kopecks.nullish().transform((told) => told ?? 0)
const ownKind = /^userPaymentType-\d$/

/** The till's own kinds of payment are cashless in the FN. A receipt of this adapter has none of them. */
const payments = z
  .looseObject({ cash: sum, electronically: sum, prepaid: sum, credit: sum, other: sum })
  .transform(({ cash, electronically, prepaid, credit, other, ...more }) => {
    const own = Object.entries(more).filter(([name]) => ownKind.test(name))
    const ownKopecks = own.reduce((total, [, told]) => total + (kopecks.safeParse(told).data ?? 0), 0)
    return { cash, card: electronically + ownKopecks, prepaid, credit, other }
  })

/** Older versions tell no count. */
const ofOperation = z
  .object({ count: count.nullish(), sum: kopecks, payments })
  .transform((told): OperationTotals => ({ count: told.count ?? 0, sumKopecks: told.sum, payments: told.payments }))

const moved = z.object({ count, sum: kopecks }).transform((told) => ({ count: told.count, sumKopecks: told.sum }))

const answer = z.object({
  shiftTotals: z.object({
    shiftNumber: count,
    receipts: z.looseObject({
      sell: ofOperation,
      sellReturn: ofOperation,
      buy: ofOperation,
      buyReturn: ofOperation,
      sellCorrection: ofOperation.optional(),
      sellReturnCorrection: ofOperation.optional(),
      buyCorrection: ofOperation.optional(),
      buyReturnCorrection: ofOperation.optional(),
    }),
    income: moved,
    outcome: moved,
    cashDrawer: z.object({ sum: kopecks }).nullish(),
  }),
})

/** `drawerKopecks`: null where the KKT keeps no sum. */
export type ShiftCounters = { shiftNumber: number; totals: ShiftTotals; drawerKopecks: number | null }

/** @param told the result of `getShiftTotals`. @returns null for an answer that does not fit */
export function readShiftCounters(told: unknown): ShiftCounters | null {
  const parsed = answer.safeParse(told)
  if (!parsed.success) return null
  const { shiftNumber, receipts, income, outcome, cashDrawer } = parsed.data.shiftTotals
  const none = noTotals().corrections
  const corrections = (operation: Operation) => receipts[CORRECTION_NAMES[operation]] ?? none[operation]
  const totals: ShiftTotals = {
    receipts: eachOperation((operation) => receipts[OPERATION_NAMES[operation]]),
    corrections: eachOperation(corrections),
    cashIn: income,
    cashOut: outcome,
  }
  return { shiftNumber, totals, drawerKopecks: cashDrawer?.sum ?? null }
}

const eachOperation = <Value>(of: (operation: Operation) => Value): Record<Operation, Value> => ({
  sale: of('sale'),
  refund: of('refund'),
  buy: of('buy'),
  buy_refund: of('buy_refund'),
})

/** The groups within 1194. */
const GROUPS = { sale: '1129', refund: '1130', buy: '1131', buy_refund: '1132' } as const
/** The group of corrections, and their count within it. */
const CORRECTIONS = '1133'
const CORRECTION_COUNT = '1144'

/**
 * The counters of a shift in the document of its closing (1194). The FN does not count the cash that was put in and taken out, so
 * it is 0 here.
 * @returns null where the document has none, or counts corrections, which it does not tell by operation
 */
export function countersIn(tags: Tags): ShiftTotals | null {
  const told = groupIn(tags, '1194')
  if (told === null) return null
  const corrections = groupIn(told, CORRECTIONS)
  if (corrections !== null && numberIn(corrections, CORRECTION_COUNT) !== 0) return null
  const totals = noTotals()
  return { ...totals, receipts: eachOperation((operation) => totalsIn(groupIn(told, GROUPS[operation]) ?? {})) }
}

const totalsIn = (group: Tags): OperationTotals => ({
  count: numberIn(group, '1135') ?? 0,
  sumKopecks: kopecksIn(group, '1201') ?? 0,
  payments: {
    cash: kopecksIn(group, '1136') ?? 0,
    card: kopecksIn(group, '1138') ?? 0,
    prepaid: kopecksIn(group, '1218') ?? 0,
    credit: kopecksIn(group, '1219') ?? 0,
    other: kopecksIn(group, '1220') ?? 0,
  },
})
