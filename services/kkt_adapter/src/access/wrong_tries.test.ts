import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { createWrongTries } from './wrong_tries.ts'

test('ten a minute from one address are answered, those behind them wait for the end of the minute', async () => {
  const clock = new TestClock()
  const tries = createWrongTries(clock)
  for (let i = 0; i < 10; i++) expect(tries.note('192.168.0.7')).toBeNull()
  await clock.advance(20_000)
  expect([tries.note('192.168.0.7'), tries.note('192.168.0.8')]).toEqual([40_000, null])
  await clock.advance(40_000)
  expect(tries.note('192.168.0.7')).toBeNull()
})

test('a thousand addresses are remembered, and the oldest is forgotten first', () => {
  const tries = createWrongTries(new TestClock())
  for (let i = 0; i < 11; i++) tries.note('first')
  for (let i = 0; i < 999; i++) tries.note(`address ${i}`)
  expect([tries.size(), tries.note('first')]).toEqual([1000, 60_000])
  for (let i = 0; i < 5000; i++) tries.note(`another ${i}`)
  expect([tries.size(), tries.note('first')]).toEqual([1000, null])
})
