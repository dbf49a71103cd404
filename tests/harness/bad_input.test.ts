import { expect, test } from 'bun:test'
import { MARKER, without, withRaw, withValue } from './bad_input.ts'

test('a value, or text that is no JSON, replaces what the pointer names, and the rest stays', () => {
  const changed = JSON.parse(withValue('/items/0/price', '1'))
  expect(changed.items[0]).toMatchObject({ price: '1', total: 1250 })
  expect(changed).toMatchObject({ type: 'sale', payments: [{ type: 'card', amount: 1250 }] })
  expect(withRaw('/items/0/price', 'NaN')).toContain('"price":NaN,')
  expect(JSON.parse(withValue('/more', [1]))).toMatchObject({ type: 'sale', more: [1] })
})

test('the field that the pointer names is removed, and the rest keeps the marker', () => {
  expect(JSON.parse(without('/payments/0/amount')).payments).toEqual([{ type: 'card' }])
  expect(JSON.parse(without('/type'))).not.toHaveProperty('type')
  expect(without('/type')).toContain(MARKER)
})
