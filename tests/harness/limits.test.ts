import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { limitsFor } from './limits.ts'
import { readDefaults } from './stack/settings.ts'

test('the defaults are those of the stack', () => {
  const env = readDefaults(resolve(import.meta.dir, '../..'))
  expect(env).toHaveProperty('SYNC_INTERVAL')
  expect(JSON.stringify(limitsFor({}))).toBe(JSON.stringify(limitsFor(env)))
  expect(limitsFor({}).heartbeatsMs(3)).toBe(limitsFor(env).heartbeatsMs(3))
  expect(limitsFor({}).printedMs(3)).toBe(limitsFor(env).printedMs(3))
})

test('a stack with other values has other limits', () => {
  const slow = limitsFor({ CIRCUIT_BREAKER_TIMEOUT: '60', BUFFER_MAX_SIZE: '1000', KKT_PRINT_DELAY_MAX: '0.5' })
  expect(slow.probedMs - limitsFor({}).probedMs).toBe(50_000)
  expect(slow.drainedMs).toBeGreaterThan(500_000)
  expect(slow.testMs).toBeGreaterThan(slow.drainedMs)
})

test('a setting that is no number stops the tests with its name', () => {
  expect(() => limitsFor({ SYNC_INTERVAL: 'soon' })).toThrow('SYNC_INTERVAL')
})
