import { expect, test } from 'bun:test'
import { costOf, ownMicros, spentOn } from './cost.ts'
import { processorMicros } from './processes.ts'

test('what a process spends is told for one of what is done meanwhile', async () => {
  let spent = 1000
  const work = async () => {
    spent += 300
    return { count: 10, perSecond: 5, micros: 7, more: 'kept' }
  }
  expect(await costOf(() => spent, work)).toMatchObject({ count: 10, perSecond: 5, micros: 30 })
  const { done, micros } = await spentOn(() => spent, work)
  expect({ done, micros }).toEqual({ done: { count: 10, perSecond: 5, micros: 7, more: 'kept' }, micros: 30 })
})

test('where the system does not tell, nobody knows', async () => {
  const { micros } = await costOf(
    () => null,
    async () => ({ count: 10, perSecond: 5 }),
  )
  expect(micros).toBeNull()
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
