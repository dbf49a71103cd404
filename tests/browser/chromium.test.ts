import { expect, test } from 'bun:test'
import { find } from './chromium.ts'

test('the browser is the requested one, else a usual one, else none', () => {
  expect(find('/opt/mine', () => true)).toBe('/opt/mine')
  expect(find(undefined, (path) => path === '/usr/bin/google-chrome')).toBe('/usr/bin/google-chrome')
  expect(find('', () => false)).toBeUndefined()
})

test('a requested browser that is missing is not replaced by another', () => {
  expect(() => find('/opt/mine', (path) => path !== '/opt/mine')).toThrow('CHROMIUM is "/opt/mine"')
})
