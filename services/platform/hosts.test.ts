import { expect, test } from 'bun:test'
import { isLoopback, isOfThisMachine } from './hosts.ts'

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

test.each(['localhost', '127.0.0.1', '::1', 'mock_ofd', 'redis', '172.16.0.2', '172.31.255.1'])(
  '%s is this machine or one of its containers',
  (host) => {
    expect(isOfThisMachine(host)).toBe(true)
  },
)

test.each(['ofd.example', '10.0.0.5', '192.168.0.5', '172.15.0.1', '172.32.0.1', '172.16.0.2.example', 'fe80::1'])(
  '%s may be another machine',
  (host) => {
    expect(isOfThisMachine(host)).toBe(false)
  },
)
