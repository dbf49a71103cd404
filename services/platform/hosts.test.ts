import { expect, test } from 'bun:test'
import { isLoopback } from './hosts.ts'

test.each(['localhost', 'LOCALHOST', 'till.localhost', '127.0.0.1', '127.1.2.3', '::1'])(
  '%s is this machine',
  (host) => {
    expect(isLoopback(host)).toBe(true)
  },
)

test.each([
  '0.0.0.0',
  '::',
  '192.168.0.5',
  '127.example',
  '127.0.0.1.example',
  'localhost.example',
  'evillocalhost',
  '',
])('%p is beyond it, or may be', (host) => {
  expect(isLoopback(host)).toBe(false)
})
