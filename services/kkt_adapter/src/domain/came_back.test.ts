import { expect, test } from 'bun:test'
import { content } from '../testing/kit.ts'
import { beyondWhatIsLeft, goodsOf } from './came_back.ts'
import type { Item } from './item.ts'
import type { SoldItem } from './refund.ts'

const [frame] = content().items as [Item]
const sold = (quantityMicro: number | null, more: Partial<SoldItem> = {}): SoldItem => ({
  name: frame.name,
  priceKopecks: frame.priceKopecks,
  vat: frame.vat,
  quantityMicro,
  ...more,
})
const refund = (...items: Partial<Item>[]) => ({
  ...content(),
  items: items.map((more): Item => Object.assign({}, frame, more)),
})
const MICRO = 1_000_000
const judged = (of: SoldItem[], wanted: ReturnType<typeof refund>, ...before: ReturnType<typeof refund>[]) => {
  const back = before.flatMap((one) => goodsOf(one, of))
  return beyondWhatIsLeft(goodsOf(wanted, of), of, back)
}
const beyond = (index: number, leftMicro: number) => ({ code: 'refund_exceeds_quantity' as const, index, leftMicro })

test('what came back of an item counts, by its name, price and rate, and within one refund, too', () => {
  const of = [sold(2 * MICRO), sold(MICRO / 2, { vat: 'vat10' }), sold(MICRO)]
  expect(judged(of, refund({ quantityMicro: 3 * MICRO }))).toEqual([])
  expect(judged(of, refund({}), refund({ quantityMicro: 2 * MICRO }))).toEqual([])
  expect(judged(of, refund({}), refund({ quantityMicro: 2.5 * MICRO }))).toEqual([beyond(0, MICRO / 2)])
  expect(judged(of, refund({ quantityMicro: 3 * MICRO }, {}))).toEqual([beyond(1, 0)])
  expect(judged(of, refund({ vat: 'vat10' }), refund({ quantityMicro: 3 * MICRO }))).toEqual([beyond(0, MICRO / 2)])
})

test('an item that was not sold, or of which no quantity was kept, is held against nothing', () => {
  expect(judged([sold(MICRO)], refund({ name: 'Case', quantityMicro: 9 * MICRO }))).toEqual([])
  expect(judged([sold(null)], refund({ quantityMicro: 9 * MICRO }))).toEqual([])
})

test('a marking code that came back before is found, at whatever price, and twice in one refund, too', () => {
  const [one, other] = [{ markingCode: 'AQID' }, { markingCode: 'AQIE' }]
  const of = [sold(9 * MICRO)]
  const again = (index: number) => ({ code: 'refund_marked_again' as const, index })
  expect(judged(of, refund(one, other), refund({}))).toEqual([])
  expect(judged(of, refund(other, one), refund({ ...one, priceKopecks: 1 }))).toEqual([again(1)])
  expect(judged(of, refund(one, one))).toEqual([again(1)])
})
