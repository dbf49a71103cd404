/** A shop's own books: what its receipts and its cash add up to, by the words of its tills and nothing of the adapter. */
import { dueKopecks } from '../../harness/completed.ts'
import { type Body, type OPERATIONS, PAYMENT_TYPES } from '../../harness/wire_content.ts'

type Operation = (typeof OPERATIONS)[number]
type PaymentType = (typeof PAYMENT_TYPES)[number]

/** In kopecks. */
type Sums = { count: number; sum: number; payments: Record<PaymentType, number> }
type Moved = { count: number; sum: number }
/** A shift's totals as the adapter tells them, but in kopecks. */
export type ShiftBooks = Record<Operation, Sums> & {
  corrections: Record<Operation, Sums> & { count: number }
  cash_in: Moved
  cash_out: Moved
}

export type ShiftName = `${string} ${number}`
export const shiftName = (fn: string, number: number): ShiftName => `${fn} ${number}`

const none = (): Sums => ({ count: 0, sum: 0, payments: { cash: 0, card: 0, prepaid: 0, credit: 0, other: 0 } })
const ofEach = (): Record<Operation, Sums> => ({ sale: none(), refund: none(), buy: none(), buy_refund: none() })
const newBooks = (): ShiftBooks => ({
  ...ofEach(),
  corrections: { ...ofEach(), count: 0 },
  cash_in: { count: 0, sum: 0 },
  cash_out: { count: 0, sum: 0 },
})

const kopecks = (roubles: number): number => Math.round(roubles * 100)
/** Money comes into the drawer, or goes out of it. */
const SIGNS: Record<Operation, 1 | -1> = { sale: 1, refund: -1, buy: -1, buy_refund: 1 }

/** The sum paid in each way. A customer’s cash may be more than is due, and the rest goes back. */
function paidIn({ type, payments, ...rest }: Body): Record<PaymentType, number> {
  const paid = none().payments
  for (const payment of payments) paid[payment.type] += kopecks(payment.amount)
  const all = Object.values(paid).reduce((sum, part) => sum + part, 0)
  if (SIGNS[type] === 1) paid.cash -= Math.max(0, all - dueKopecks(rest))
  return paid
}

export class Books {
  readonly shifts = new Map<ShiftName, ShiftBooks>()
  /** In kopecks. */
  drawer = 0

  shift(name: ShiftName): ShiftBooks {
    const books = this.shifts.get(name) ?? newBooks()
    this.shifts.set(name, books)
    return books
  }

  /** A till has a receipt with a document of this shift. */
  sold(name: ShiftName, body: Body): void {
    const books = this.shift(name)
    const sums = body.correction ? books.corrections[body.type] : books[body.type]
    if (body.correction) books.corrections.count += 1
    const paid = paidIn(body)
    sums.count += 1
    sums.sum += dueKopecks(body)
    for (const way of PAYMENT_TYPES) sums.payments[way] += paid[way]
    this.drawer += SIGNS[body.type] * paid.cash
  }

  moved(name: ShiftName, way: 'in' | 'out', roubles: number): void {
    const moved = this.shift(name)[`cash_${way}`]
    moved.count += 1
    moved.sum += kopecks(roubles)
    this.drawer += (way === 'in' ? 1 : -1) * kopecks(roubles)
  }
}

/** An answer's totals, whose money is in roubles, as books. */
export const inKopecks = (value: unknown, name = ''): unknown => {
  if (typeof value === 'number') return name === 'count' ? value : kopecks(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, inKopecks(part, key)]))
}
