import { describe, expect, test } from 'bun:test'
import type { SaidItem } from './item.ts'
import type { SaidContent } from './receipt.ts'
import { fromOriginal, type Refundable, ratesLeftOpen, type SoldItem } from './refund.ts'

const sold = (name: string, more: Partial<SoldItem> = {}): SoldItem => ({
  name,
  priceKopecks: 10_000,
  vat: 'vat20',
  quantityMicro: 1_000_000,
  paymentObject: 'commodity',
  measure: 'piece',
  ...more,
})

const original = (...items: SoldItem[]): Refundable => ({
  operation: 'sale',
  numbers: null,
  totalKopecks: 10_000,
  taxationSystem: 'osn',
  items,
})

const back = (more: Partial<SaidItem> = {}): SaidItem => ({
  name: 'Frame',
  priceKopecks: 10_000,
  quantityMicro: 1_000_000,
  totalKopecks: 10_000,
  ...more,
})

const refund = (...items: SaidItem[]): SaidContent => ({
  posId: 'POS-001',
  type: 'refund',
  items,
  payments: [],
  totalKopecks: 10_000,
})

describe('a rate that a refund leaves out is that of', () => {
  test.each<[string, SoldItem[], SoldItem['vat']]>([
    ['the item of its name', [sold('Case', { vat: 'vat10' }), sold('Frame')], 'vat20'],
    ['the only item of its name, at any price', [sold('Frame', { priceKopecks: 1, vat: 'none' })], 'none'],
    [
      'the item of its name and price, where names repeat',
      [sold('Frame', { priceKopecks: 1, vat: 'vat10' }), sold('Frame')],
      'vat20',
    ],
    ['the items of its name and price, where they agree', [sold('Frame'), sold('Frame')], 'vat20'],
  ])('%s', (_what, items, vat) => {
    expect(fromOriginal(refund(back()), original(...items))).toMatchObject({ from: { items: [{ vat }] }, open: [] })
  })

  test.each<[string, SoldItem[]]>([
    ['no item has its name', [sold('Case')]],
    ['names repeat, and none has its price', [sold('Frame', { priceKopecks: 1 }), sold('Frame', { priceKopecks: 2 })]],
    ['its name and price have two rates', [sold('Frame', { vat: 'vat10' }), sold('Frame')]],
  ])('nothing where %s, and is left open', (_what, items) => {
    expect(fromOriginal(refund(back()), original(...items)).open).toEqual([0])
    expect(fromOriginal(refund(back({ vat: 'vat20' })), original(...items)).open).toEqual([])
  })
})

test('the subject and the measure are those of the item that has the rate which the till says', () => {
  const items = [
    sold('Frame', { vat: 'vat10', paymentObject: 'service', measure: 'hour' }),
    sold('Frame', { paymentObject: 'job', measure: 'meter' }),
  ]
  const { from } = fromOriginal(refund(back({ vat: 'vat20' }), back({ name: 'Case', vat: 'none' })), original(...items))
  expect(from).toEqual({
    numbers: null,
    taxationSystem: 'osn',
    items: [{ vat: 'vat20', paymentObject: 'job', measure: 'meter' }, {}],
  })
})

test.each([
  ['commodity_with_marking', 'commodity_without_marking'],
  ['excise_with_marking', 'excise_without_marking'],
] as const)('a good that was sold as %s comes back as %s where the refund says no code', (paymentObject, without) => {
  const of = original(sold('Frame', { paymentObject }))
  expect(fromOriginal(refund(back()), of)).toMatchObject({ from: { items: [{ paymentObject: without }] }, open: [] })
  const withCode = fromOriginal(refund(back({ markingCode: 'AQID' })), of)
  expect(withCode).toMatchObject({ from: { items: [{ paymentObject }] }, open: [] })
})

test('without a known original each rate that the till leaves out is open, unless the KKT told it', () => {
  const said = refund(back({ vat: 'none' }), back(), back())
  expect(ratesLeftOpen(said, null)).toEqual([1, 2])
  const told = { ofReceipt: {}, ofItems: {}, items: [{}, { vat: 'vat20' as const }] }
  expect(ratesLeftOpen(said, told)).toEqual([2])
})
