import { expect, test } from 'bun:test'
import { addressWith, filtersIn } from './address.ts'

const NONE = { status: '', total: '', contact: '' }
const at = (search: string) => ({ pathname: '/', search, hash: '#receipts' })

test('the filters of an address are those that were written into it', () => {
  const filters = { status: 'synced', total: '1549.80', contact: '' }
  const address = addressWith(at('?other=1'), filters)
  expect(address).toBe('/?other=1&status=synced&total=1549.80#receipts')
  expect(filtersIn(new URL(address, 'http://localhost').search, NONE)).toEqual(filters)
})

test('a filter that is taken away leaves the address, and what is no filter is no filter', () => {
  expect(addressWith(at('?status=synced'), NONE)).toBe('/#receipts')
  expect(filtersIn('?limit=100&total=5', NONE)).toEqual({ ...NONE, total: '5' })
})

test('no customer is in an address', () => {
  expect(addressWith(at('?contact=anna@example.com'), { ...NONE, contact: 'boris@example.com' })).toBe('/#receipts')
})
