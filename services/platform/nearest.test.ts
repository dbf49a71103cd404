import { expect, test } from 'bun:test'
import { didYouMean, nearest } from './nearest.ts'
import { LONG } from './testing.ts'

const KNOWN = ['vat_rate', 'total', 'price', 'ttl', 'up']

test.each([
  ['vat_rat', 'vat_rate'],
  ['vatrate', 'vat_rate'],
  ['vta_rate', 'vat_rate'],
  ['VAT_RATE', 'vat_rate'],
  ['totals', 'total'],
  ['tll', 'ttl'],
])('%s was meant to be %s', (name, meant) => expect(nearest(name, KNOWN)).toBe(meant))

test.each(['rate', 'tax', 'ap', '', 'Иванова', 'x'.repeat(64)])('%p is near to none', (name) => {
  expect(nearest(name, KNOWN)).toBeUndefined()
  expect(nearest(name, [])).toBeUndefined()
})

test('a name without end takes no time: it is compared with none', () => {
  expect(nearest('x'.repeat(LONG ? 60_000_000 : 1_000_000), KNOWN)).toBeUndefined()
})

test('the question is asked where a name is near, and there alone', () => {
  expect(didYouMean('prise', KNOWN)).toBe(': did you mean "price"?')
  expect(didYouMean('cost', KNOWN)).toBe('')
})
