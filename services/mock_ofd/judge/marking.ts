/** Marked goods, at the level at which this OFD looks at them. */
import type { Check } from './check.ts'
import { textIn } from './reading.ts'

/** Goods without a code yet may be bought in. */
const MARKED: readonly (string | null)[] = ['commodity_with_marking', 'excise_with_marking']

export const marking: Check = {
  code: 'marking',
  tags: '2000',
  rule: 'Marked goods are only in sales and in refunds of sales.',
  judges: '1.2',
  find({ items, type }, tell) {
    if (type !== 'buy' && type !== 'buy_refund') return
    for (const [i, item] of items.entries()) {
      const isMarked = item['marking_code'] !== undefined || MARKED.includes(textIn(item, 'payment_object'))
      if (isMarked) tell(2000, `/items/${i}`, 'is marked, and the receipt is neither a sale nor its refund')
    }
  },
}
