import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createStore, createTicker } from './store.ts'

const EVERY_MS = 250

function build() {
  const clock = new TestClock()
  const store = createStore(0, { clock, everyMs: EVERY_MS })
  const seen: number[] = []
  const unsubscribe = store.subscribe(() => seen.push(store.state))
  const add = () => store.change((count) => count + 1)
  return { clock, store, seen, add, unsubscribe }
}

test('the first change is told at once, and those that follow together', async () => {
  const { clock, seen, add } = build()
  for (let i = 0; i < 1000; i++) add()
  expect(seen).toEqual([1])
  await clock.advance(EVERY_MS)
  expect(seen).toEqual([1, 1000])
  await clock.advance(EVERY_MS)
  expect(seen).toEqual([1, 1000])
  add()
  expect(seen).toEqual([1, 1000, 1001])
})

test('a thousand changes a second are told four times a second, with the newest state', async () => {
  const { clock, store, seen, add } = build()
  for (let ms = 0; ms < 2000; ms++) {
    add()
    await clock.advance(1)
  }
  expect(seen.length).toBeLessThanOrEqual(9)
  await clock.advance(EVERY_MS)
  expect(seen.at(-1)).toBe(store.state)
})

test('nothing is told of a change that changes nothing, nor to one that has left', async () => {
  const { store, seen, add, unsubscribe } = build()
  store.change((count) => count)
  expect(seen).toEqual([])
  unsubscribe()
  add()
  await settle()
  expect(seen).toEqual([])
})

test('a ticker tells the time of the wall clock each second, also when that was set', async () => {
  const clock = new TestClock()
  const ticker = createTicker(clock)
  const told: number[] = []
  ticker.subscribe(() => told.push(ticker.state))
  await clock.advance(2500)
  clock.setWallBy(60_000)
  await clock.advance(500)
  const startMs = clock.wallMs() - 63_000
  expect(told.map((ms) => ms - startMs)).toEqual([1000, 2000, 63_000])
})
