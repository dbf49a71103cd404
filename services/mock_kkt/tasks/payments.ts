import type { Operation } from '@kkt/adapter/src/domain/operation.ts'
import { givesChange, type Payment } from '@kkt/adapter/src/domain/payment.ts'
import { DriverError } from './errors.ts'
import type { SaidPayment } from './receipt_form.ts'
import { kopecks, MAX_TOTAL_KOPECKS } from './sums.ts'

/** A total may be rounded down by less than a rouble. */
const MAX_ROUNDING_KOPECKS = 99

/** 1020: the said total, or the sum of the items. */
export function totalOf(said: number | undefined, itemsKopecks: number): number {
  if (itemsKopecks > MAX_TOTAL_KOPECKS) throw new DriverError(63)
  if (said === undefined) return itemsKopecks
  const totalKopecks = kopecks(said, 227, 'total')
  const roundedBy = itemsKopecks - totalKopecks
  if (roundedBy < 0 || roundedBy > MAX_ROUNDING_KOPECKS)
    throw new DriverError(227, `total ${said}, сумма позиций ${itemsKopecks / 100}`)
  return totalKopecks
}

/**
 * The payments, cashless ones first, as the driver hands them to the register. Those of nothing are skipped.
 * @throws DriverError 66 when they are too little, 52 when the cashless ones are too much, 79 when no change can be given
 */
export function paymentsOf(said: readonly SaidPayment[], totalKopecks: number, operation: Operation): Payment[] {
  const payments = said
    .map(({ type, sum }, i): Payment => ({ type, amountKopecks: kopecks(sum, 16, `payments[${i}].sum`) }))
    .filter(({ amountKopecks }) => amountKopecks > 0)
    .sort((one, other) => Number(one.type === 'cash') - Number(other.type === 'cash'))
  const sumOf = (some: readonly Payment[]) => some.reduce((sum, { amountKopecks }) => sum + amountKopecks, 0)
  const paidKopecks = sumOf(payments)
  if (paidKopecks > Number.MAX_SAFE_INTEGER) throw new DriverError(63)
  if (sumOf(payments.filter(({ type }) => type !== 'cash')) > totalKopecks) throw new DriverError(52)
  if (paidKopecks < totalKopecks) throw new DriverError(66)
  if (paidKopecks > totalKopecks && !givesChange(operation)) throw new DriverError(79)
  return payments
}
