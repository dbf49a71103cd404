import { expect, test } from 'bun:test'
import { sparingly } from './sparingly.ts'
import { TestClock } from './testing.ts'

test('it is done at the first call, and then once in a while at most', async () => {
  const clock = new TestClock()
  const doneMs: number[] = []
  const act = sparingly(1000, clock, () => doneMs.push(clock.monotonicMs()))
  for (let i = 0; i < 25; i += 1) {
    act()
    await clock.advance(100)
  }
  expect(doneMs).toEqual([0, 1000, 2000])
})
