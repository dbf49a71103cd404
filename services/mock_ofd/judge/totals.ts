/** Sums of items, of the receipt, and of its payments. */
import type { Check } from './check.ts'
import { MAX_PAYMENTS } from './document.ts'
import { type Fields, inRoubles, kopecksIn, listIn, numberIn, sumIn, textIn } from './reading.ts'

/** The tags of the sums by the way of paying. */
export const PAYMENT_TAGS: Readonly<Record<string, number>> = {
  cash: 1031,
  card: 1081,
  prepaid: 1215,
  credit: 1216,
  other: 1217,
}

/** Cash registers compare an item's sum with price times quantity, and let it differ by one kopeck. */
const TOLERATED_KOPECKS = 1
/** A product of doubles differs from the exact one by far less. */
const ROUNDING_KOPECKS = 1e-6
/** A total may be rounded down by so much. */
const MOST_ROUNDED_OFF_KOPECKS = 99

const isCash = (payment: Fields) => payment['type'] === 'cash'

export const itemSum: Check = {
  code: 'item_sum',
  tags: '1043',
  rule: "An item's sum is within a kopeck of price × quantity.",
  judges: 'any',
  find({ items }, tell) {
    for (const [i, item] of items.entries()) {
      const [priceKopecks, quantity, totalKopecks] = [
        kopecksIn(item, 'price'),
        numberIn(item, 'quantity'),
        kopecksIn(item, 'total'),
      ]
      if (priceKopecks === null || quantity === null || totalKopecks === null) continue
      const off = Math.abs(totalKopecks - priceKopecks * quantity)
      if (off > TOLERATED_KOPECKS + ROUNDING_KOPECKS) {
        tell(1043, `/items/${i}/total`, 'is more than a kopeck away from price × quantity')
      }
    }
  },
}

export const receiptTotal: Check = {
  code: 'receipt_total',
  tags: '1020',
  rule: 'The total is not above the sum of the items, and at most 0.99 below it.',
  judges: 'any',
  find({ content, items }, tell) {
    const totalKopecks = kopecksIn(content, 'total')
    const sumKopecks = sumIn(items, 'total')
    if (totalKopecks === null || sumKopecks === null || items.length === 0) return
    const sum = inRoubles(sumKopecks)
    if (totalKopecks > sumKopecks) tell(1020, '/total', `is above the sum of the items, ${sum}`)
    else if (totalKopecks < sumKopecks - MOST_ROUNDED_OFF_KOPECKS) {
      tell(1020, '/total', `is more than 0.99 below the sum of the items, ${sum}`)
    }
  },
}

export const documentTotal: Check = {
  code: 'document_total',
  tags: '1020',
  rule: "The fiscal document's total is the receipt's.",
  judges: 'any',
  find({ content, fiscalDoc }, tell) {
    const [totalKopecks, documentKopecks] = [kopecksIn(content, 'total'), kopecksIn(fiscalDoc, 'total')]
    if (totalKopecks === null || documentKopecks === null || totalKopecks === documentKopecks) return
    tell(1020, '/fiscal_doc/total', `is not the total of the receipt, ${inRoubles(totalKopecks)}`)
  },
}

export const paid: Check = {
  code: 'paid',
  tags: '1020, 1081',
  rule: 'The payments settle the total. Only cash may be above it, because change is given.',
  judges: 'any',
  find({ content, payments }, tell) {
    const totalKopecks = kopecksIn(content, 'total')
    const paidKopecks = sumIn(payments, 'amount')
    if (totalKopecks === null || paidKopecks === null || !Array.isArray(content['payments'])) return
    if (paidKopecks < totalKopecks) {
      tell(1020, '/payments', `settle ${inRoubles(paidKopecks)} of ${inRoubles(totalKopecks)}`)
    }
    const cashlessKopecks =
      sumIn(
        payments.filter((payment) => !isCash(payment)),
        'amount',
      ) ?? 0
    if (cashlessKopecks > totalKopecks) {
      tell(1081, '/payments', `are ${inRoubles(cashlessKopecks)} without cash, above the total`)
    }
  },
}

export const settled: Check = {
  code: 'settled',
  tags: '1031, 1081, 1215–1217',
  rule: "The document's payments are the receipt's by their way of paying, the change taken off the cash, and settle the total.",
  judges: '1.2',
  find({ content, fiscalDoc, payments }, tell) {
    const totalKopecks = kopecksIn(content, 'total')
    if (!Array.isArray(fiscalDoc['payments']) || totalKopecks === null) return
    const wanted = byType(payments)
    const change = Math.max(0, sumOf(wanted) - totalKopecks)
    wanted.set('cash', (wanted.get('cash') ?? 0) - change)
    const told = byType(listIn(fiscalDoc, 'payments', MAX_PAYMENTS))
    for (const [type, tag] of Object.entries(PAYMENT_TAGS)) {
      const [wantedKopecks, toldKopecks] = [wanted.get(type) ?? 0, told.get(type) ?? 0]
      if (wantedKopecks === toldKopecks) continue
      tell(
        tag,
        '/fiscal_doc/payments',
        `have ${inRoubles(toldKopecks)} of ${type} instead of ${inRoubles(wantedKopecks)}`,
      )
    }
    const changeToldKopecks = kopecksIn(fiscalDoc, 'change')
    if (changeToldKopecks !== null && changeToldKopecks !== change) {
      tell(1031, '/fiscal_doc/change', `is not ${inRoubles(change)}`)
    }
  },
}

/** The sums by the way of paying, in kopecks. */
function byType(payments: readonly Fields[]): Map<string, number> {
  const sums = new Map<string, number>()
  for (const payment of payments) {
    const type = textIn(payment, 'type') ?? ''
    sums.set(type, (sums.get(type) ?? 0) + (kopecksIn(payment, 'amount') ?? 0))
  }
  return sums
}

const sumOf = (sums: ReadonlyMap<string, number>) => [...sums.values()].reduce((sum, each) => sum + each, 0)
