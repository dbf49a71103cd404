import { expect, test } from 'bun:test'
import { durationOf, expectKept } from './kept_promise.ts'

/** An attempt that takes these times, one after another. */
function taking(...durations: number[]) {
  const ordinals: number[] = []
  const attempt = async (ordinal: number) => {
    ordinals.push(ordinal)
    return { 'a stop': durations[ordinal - 1] ?? Number.NaN }
  }
  return { ordinals, attempt }
}

test('a promise that is kept at once is tried once', async () => {
  const { ordinals, attempt } = taking(999, 5000)
  await expectKept({ 'a stop': 1000 }, attempt)
  expect(ordinals).toEqual([1])
})

test('a promise holds when the last try keeps it', async () => {
  const { ordinals, attempt } = taking(5000, 1000, 999)
  await expectKept({ 'a stop': 1000 }, attempt)
  expect(ordinals).toEqual([1, 2, 3])
})

test('a promise that no try keeps is broken, and all of them are told', async () => {
  const { attempt } = taking(1000, 1200.4, 3000, 1)
  const line = 'no try kept a stop: they took 1000, 1200, 3000 ms, and 1000 ms are promised'
  await expect(expectKept({ 'a stop': 1000 }, attempt)).rejects.toThrow(new Error(line))
})

test('a duration that is no number keeps no promise', async () => {
  await expect(expectKept({ 'a stop': 1000 }, taking().attempt)).rejects.toThrow('NaN, NaN, NaN')
})

test('of two promises each may be kept by another try', async () => {
  const tries = [
    { 'a sale': 9, 'a turn': 20 },
    { 'a sale': 10, 'a turn': 19 },
  ]
  const attempt = async (ordinal: number) => tries[ordinal - 1] ?? { 'a sale': 0, 'a turn': 0 }
  await expectKept({ 'a sale': 10, 'a turn': 20 }, attempt)
  await expect(expectKept({ 'a sale': 9, 'a turn': 20 }, async () => ({ 'a sale': 9, 'a turn': 1 }))).rejects.toThrow(
    new Error('no try kept a sale: they took 9, 9, 9 ms, and 9 ms are promised'),
  )
})

test('anything else that fails in a try is not tried again', async () => {
  let tries = 0
  const attempt = async () => {
    tries += 1
    throw new Error('the wrong answer')
  }
  await expect(expectKept({ 'a stop': 1000 }, attempt)).rejects.toThrow('the wrong answer')
  expect(tries).toBe(1)
})

test('a duration is that of the whole work', async () => {
  let isDone = false
  const tookMs = await durationOf(async () => {
    await Promise.resolve()
    isDone = true
  })
  expect(isDone).toBe(true)
  expect(tookMs).toBeGreaterThan(0)
})
