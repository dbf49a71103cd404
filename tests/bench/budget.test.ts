import { expect, test } from 'bun:test'
import { createBudget, ownMicros } from './budget.ts'
import { processorMicros } from './processes.ts'

test('what each process spends is told for one receipt, as the median of the rounds', async () => {
  const budget = createBudget()
  let load = 1000
  for (const micros of [300, 100, 200]) {
    const work = async () => {
      load += micros
      return { count: 10, perSecond: micros * 200, more: micros }
    }
    const done = await budget.during({ 'the load': () => load, 'nobody knows': () => null }, work)
    expect(done).toMatchObject({ count: 10, more: micros })
    budget.add('the disk', micros / 100)
    let ear = 0
    await budget.beside(
      'the ear',
      () => ear,
      async () => {
        ear += 50
        return { count: 10, perSecond: 1e6 }
      },
    )
  }
  expect(budget.note(0.5)).toBe(
    'at the target two cores have 100 µs for each, and it costs the load 20.0, the disk 2.00, the ear 5.00',
  )
})

test('this process spends', () => {
  const before = ownMicros() ?? 0
  let n = 0
  for (let i = 0; i < 1e6; i++) n += Math.sqrt(i)
  expect(n).toBeGreaterThan(0)
  expect(ownMicros()).toBeGreaterThan(before)
})

test.skipIf(processorMicros(process.pid) === null)(
  'the system tells of any process what that one knows of itself',
  () => {
    const [told, known] = [processorMicros(process.pid) ?? 0, ownMicros() ?? 0]
    // It counts in hundredths of a second.
    expect(Math.abs(told - known)).toBeLessThan(100_000)
  },
)
