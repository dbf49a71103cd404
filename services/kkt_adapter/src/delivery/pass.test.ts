import { expect, test } from 'bun:test'
import { Pass } from './pass.ts'

const LAST_PLACE = 9
/** A pass over one till that was being tried when the pass began. */
const duringATry = () => new Pass(LAST_PLACE, new Set(['A']), new Set(['A']))

test('a try that began before and failed is not counted, and the next one is', () => {
  const pass = duringATry()
  expect(pass.tried('A', 'failed')).toBe(true)
  expect([pass.failed, pass.isOver]).toEqual([0, false])
  expect(pass.tried('A', 'failed')).toBe(false)
  expect([pass.failed, pass.isOver]).toEqual([1, true])
})

test.each(['not_sent', 'abandoned'] as const)(
  'one that began before and was %s is not taken for the next',
  (delivery) => {
    const pass = duringATry()
    expect(pass.tried('A', delivery)).toBe(false)
    expect(pass.tried('A', 'failed')).toBe(false)
    expect([pass.failed, pass.isOver]).toEqual([1, true])
  },
)

test('a pass is through with a till at the first document behind its last place', () => {
  const pass = duringATry()
  pass.reached('A', LAST_PLACE)
  expect(pass.isOver).toBe(false)
  pass.reached('A', LAST_PLACE + 1)
  expect(pass.isOver).toBe(true)
})
