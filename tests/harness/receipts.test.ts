import { expect, test } from 'bun:test'
import { item, newPosId, receipt, totalOf } from './receipts.ts'

test('a total is rounded half up to the kopeck, where doubles would round down', () => {
  expect(item({ price: 1.15, quantity: 0.1 }).total).toBe(0.12)
  expect(item({ price: 0.35, quantity: 0.5 }).total).toBe(0.18)
  expect(item({ price: 1.01, quantity: 0.333 }).total).toBe(0.34)
})

test('the largest price times the largest quantity loses no kopeck', () => {
  expect(item({ price: 42_949_672.95, quantity: 99.999 }).total).toBe(4_294_924_345.33)
})

test('sums are exact where adding doubles is not', () => {
  const items = [item({ price: 0.1 }), item({ price: 0.2 })]
  expect(totalOf(items)).toBe(0.3)
  expect(receipt({ items }).payments).toEqual([{ type: 'card', amount: 0.3 }])
})

test('every receipt has a point of sale of its own unless one is given', () => {
  expect(receipt().pos_id).not.toBe(receipt().pos_id)
  expect(newPosId('dlq')).toMatch(/^dlq\.[0-9a-f]{8}$/)
  expect(receipt({ pos_id: 'POS-001' }).pos_id).toBe('POS-001')
})
