import { namesOf } from './names.ts'
import type { Operation } from './operation.ts'

/** The ways of paying, by the tag of their sum in FFD 1.2, in the order in which a KKT prints them. */
export const PAYMENT_TAGS = { cash: 1031, card: 1081, prepaid: 1215, credit: 1216, other: 1217 } as const

export type PaymentType = keyof typeof PAYMENT_TAGS

export const PAYMENT_TYPES = namesOf(PAYMENT_TAGS)

export type Payment = { type: PaymentType; amountKopecks: number }

/** `payments`: settled, one per way at most. `changeKopecks`: handed back, in cash. */
export type Settlement = { payments: Payment[]; changeKopecks: number }

/** Whether cash may exceed what is due: where the customer pays. In the other operations the shop pays out. */
export const givesChange = (operation: Operation): boolean => operation === 'sale' || operation === 'buy_refund'

/** The payments as the KKT settles them: added up by the way of paying, and the change taken off the cash. */
export function settle(payments: readonly Payment[], totalKopecks: number, operation: Operation): Settlement {
  const sums = new Map<PaymentType, number>()
  let paidKopecks = 0
  for (const { type, amountKopecks } of payments) {
    sums.set(type, (sums.get(type) ?? 0) + amountKopecks)
    paidKopecks += amountKopecks
  }
  const changeKopecks = givesChange(operation) ? Math.max(0, paidKopecks - totalKopecks) : 0
  const settled: Payment[] = []
  for (const type of PAYMENT_TYPES) {
    const sumKopecks = sums.get(type) ?? 0
    const amountKopecks = type === 'cash' ? sumKopecks - changeKopecks : sumKopecks
    if (amountKopecks > 0) settled.push({ type, amountKopecks })
  }
  return { payments: settled, changeKopecks }
}
