import { expect, test } from 'bun:test'
import { createBudget, ownMicros } from './budget.ts'

test('what each process spends is told for one receipt, as the median of the rounds', async () => {
  const budget = createBudget()
  let load = 1000
  for (const micros of [300, 100, 200]) {
    const work = async () => {
      load += micros
      return { count: 10, more: micros }
    }
    const done = await budget.during({ 'the load': () => load, 'nobody knows': () => null }, work)
    expect(done).toEqual({ count: 10, more: micros })
    budget.add('the disk', micros / 100)
  }
  expect(budget.note(20_000)).toBe(
    'at the target two cores have 100 µs for each, and it costs the load 20.0, the disk 2.00',
  )
})

test('this process spends', () => {
  const before = ownMicros() ?? 0
  let n = 0
  for (let i = 0; i < 1e6; i++) n += Math.sqrt(i)
  expect(n).toBeGreaterThan(0)
  expect(ownMicros()).toBeGreaterThan(before)
})
