import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { Steps, TOLD_EVERY_MS } from './steps.ts'

function begin() {
  const clock = new TestClock()
  const lines: string[] = []
  return { clock, lines, steps: new Steps({ clock, onProgress: (line) => lines.push(line) }) }
}

test('a step that fails is a trouble, and the next one is taken', async () => {
  const { steps } = begin()
  expect(await steps.take('the first', () => Promise.reject(new Error('it broke')))).toBeNull()
  expect(await steps.take('the second', async () => 2)).toBe(2)
  expect(steps.troubles).toEqual(['Error: it broke'])
})

test('a step that is late is a trouble, and its work is told to end', async () => {
  const { steps, clock } = begin()
  let ended = false
  const late = steps.inTime('an answer', 1000, async (over) => {
    await new Promise((resolve) => over.addEventListener('abort', resolve))
    ended = true
  })
  await clock.advance(1000)
  expect([await late, ended]).toEqual([null, true])
  expect(steps.troubles).toEqual(['Error: waited 1000 ms for an answer'])
})

test('a long step is told of, with how far it is, until it ends', async () => {
  const { steps, clock, lines } = begin()
  const end = Promise.withResolvers<void>()
  let done = 0
  const taken = steps.take(
    'answers',
    () => end.promise,
    () => `: ${done} of 9`,
  )
  await clock.advance(TOLD_EVERY_MS)
  done = 5
  await clock.advance(TOLD_EVERY_MS)
  end.resolve()
  await taken
  await clock.advance(TOLD_EVERY_MS)
  await settle()
  expect(lines).toEqual(['waiting for answers: 0 of 9', 'waiting for answers: 5 of 9'])
  expect(clock.waiting).toBe(0)
})
