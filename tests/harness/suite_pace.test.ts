import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { limits } from './limits.ts'
import { readDefaults } from './stack/settings.ts'
import { FAULTY_OFD_PACE, PACE_TTL_SECONDS, SUITE_PACE } from './suite_pace.ts'

const stack = readDefaults(resolve(import.meta.dir, '../..'))

test('the stack lets the suites set a pace, and each of theirs is shorter than what suits a person', () => {
  expect(stack['TEST_CONTROL']).toBe('true')
  for (const [name, seconds] of [SUITE_PACE, FAULTY_OFD_PACE].flatMap((pace) => Object.entries(pace)))
    expect([name, seconds < Number(stack[name.toUpperCase()])]).toEqual([name, true])
})

test('a pace outlives the test that sets it, and a killed run by a minute at most', () => {
  expect(PACE_TTL_SECONDS * 1000).toBeGreaterThanOrEqual(limits.healedMs)
  expect(PACE_TTL_SECONDS).toBeLessThanOrEqual(60)
})
