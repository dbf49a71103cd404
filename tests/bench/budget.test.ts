import { expect, test } from 'bun:test'
import { createBudget } from './budget.ts'

test('what goes of the processors for each is told by what it goes for, as the median of the rounds', () => {
  const budget = createBudget()
  for (const micros of [30, 10, 20]) {
    budget.reach({ perSecond: micros * 2000, micros: null })
    budget.add('the load', micros)
    budget.add('the disk', micros / 10)
    budget.add('nobody knows', null)
  }
  expect(budget.note(0.5)).toBe('at the goal two cores have 100 µs for each, and it costs the load 20.0, the disk 2.00')
})
