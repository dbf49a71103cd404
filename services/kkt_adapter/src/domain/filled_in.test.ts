import { describe, expect, test } from 'bun:test'
import { content } from '../testing/kit.ts'
import { filledInBetween, filledInFor, type TillDefaults, withFilledIn } from './filled_in.ts'
import type { Item } from './item.ts'
import type { ReceiptContent } from './receipt.ts'

const CASHIER = { name: 'Иванова А. А.' }
const ALL: TillDefaults = {
  ofReceipt: {
    taxationSystem: 'osn',
    cashier: CASHIER,
    place: 'Магазин № 3',
    address: 'Москва',
    senderEmail: 'shop@shop.example',
  },
  ofItems: { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' },
}
const NOTHING: TillDefaults = { ofReceipt: {}, ofItems: {} }

const plain = content()
const [frame] = plain.items as [Item]
const case_: Item = { ...frame, name: 'Case', paymentObject: 'service' }
const WHOLE: ReceiptContent = {
  ...plain,
  ...ALL.ofReceipt,
  cashier: { name: 'Петров П. П.' },
  items: [{ ...frame, paymentMethod: 'advance', paymentObject: 'payment', measure: 'other' }],
}

describe("a till's settings", () => {
  test('all hold where its receipt says none of them', () => {
    const filledIn = filledInFor(plain, ALL)
    expect(filledIn).toEqual(ALL)
    expect(withFilledIn(plain, filledIn)).toEqual({
      ...plain,
      ...ALL.ofReceipt,
      items: [{ ...frame, ...ALL.ofItems }],
    })
  })

  test('do not hold where it says them itself', () => {
    expect(filledInFor(WHOLE, ALL)).toBeNull()
    expect(withFilledIn(WHOLE, ALL)).toEqual(WHOLE)
  })

  test('hold for the items that are silent, and for no other', () => {
    const said = { ...plain, items: [case_, frame] }
    expect(withFilledIn(said, filledInFor(said, ALL)).items).toEqual([
      { ...case_, ...ALL.ofItems, paymentObject: 'service' },
      { ...frame, ...ALL.ofItems },
    ])
  })

  test('that say nothing fill in nothing', () => {
    expect(filledInFor(plain, NOTHING)).toBeNull()
    expect(withFilledIn(plain, null)).toBe(plain)
  })

  test("are not changed by a receipt, and neither is the till's word", () => {
    const [settings, said] = [structuredClone(ALL), structuredClone(plain)]
    withFilledIn(said, filledInFor({ ...said, place: 'elsewhere' }, settings))
    expect([settings, said]).toEqual([ALL, plain])
  })
})

describe('a content that the FN holds', () => {
  const held = withFilledIn(plain, ALL)

  test.each<[string, ReceiptContent, TillDefaults]>([
    ['with all of the settings', plain, ALL],
    ['with none of them', plain, NOTHING],
    ['with a cashier', plain, { ofReceipt: { cashier: CASHIER }, ofItems: {} }],
    ['of items of which some are silent', { ...plain, items: [case_, frame] }, ALL],
    ['of a receipt that says all itself', WHOLE, ALL],
  ])('%s is of the words that became it', (_what, said, settings) => {
    const between = filledInBetween(said, withFilledIn(said, filledInFor(said, settings)))
    expect(between).toEqual(filledInFor(said, settings))
  })

  test.each<[string, ReceiptContent]>([
    ['has another price', { ...plain, items: [{ ...frame, priceKopecks: 1 }] }],
    ['has one item more', { ...plain, items: [frame, frame] }],
    ['says another cashier', { ...plain, cashier: { name: 'Петров П. П.' } }],
    ['says what no settings can fill in', { ...plain, internet: true }],
    ['says another way of settlement', { ...plain, items: [{ ...frame, paymentMethod: 'advance' }] }],
    ['is of another till', { ...plain, posId: 'POS-9' }],
  ])('is not of a till’s word that %s', (_what, said) => {
    expect(filledInBetween(said, held)).toBeUndefined()
  })

  test('is not of words that left out what no settings fill in', () => {
    expect(filledInBetween(plain, { ...held, customer: { email: 'a@b.example' } })).toBeUndefined()
  })

  test('is not of silent items that two settings would have had to fill in', () => {
    const items: Item[] = [
      { ...frame, measure: 'piece' },
      { ...frame, measure: 'gram' },
    ]
    expect(filledInBetween({ ...plain, items: [frame, frame] }, { ...plain, items })).toBeUndefined()
  })
})
