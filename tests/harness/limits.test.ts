import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { limitsFor } from './limits.ts'
import { readDefaults } from './stack/settings.ts'

test('the default limits are those of the stack', () => {
  const env = readDefaults(resolve(import.meta.dir, '../..'))
  expect(env).toHaveProperty('BUFFER_MAX_SIZE')
  expect(JSON.stringify(limitsFor({}))).toBe(JSON.stringify(limitsFor(env)))
  expect(limitsFor({}).heartbeatsMs(3)).toBe(limitsFor(env).heartbeatsMs(3))
  expect(limitsFor({}).printedMs(3)).toBe(limitsFor(env).printedMs(3))
})

test('a stack with other settings has other limits', () => {
  const large = limitsFor({ BUFFER_MAX_SIZE: '1000' })
  expect(large.drainedMs - limitsFor({}).drainedMs).toBe(4500)
  expect(large.testMs).toBeGreaterThan(large.drainedMs)
})
