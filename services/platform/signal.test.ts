import { expect, test } from 'bun:test'
import { Signal } from './signal.ts'
import { settle, TestClock } from './testing.ts'

const LONG_MS = 60_000

function setUp() {
  const clock = new TestClock()
  const signal = new Signal()
  const stop = new AbortController()
  let woken = 0
  /** Waits in the background, and counts the waits that are over. */
  const wait = (ms = LONG_MS, stopping?: AbortSignal) => void signal.wait(ms, clock, stopping).then(() => woken++)
  const wokenNow = async () => {
    await settle()
    return woken
  }
  return { clock, signal, stop, wait, wokenNow }
}

test('a notify wakes all who wait', async () => {
  const { signal, wait, wokenNow } = setUp()
  for (let i = 0; i < 3; i++) wait()
  expect(await wokenNow()).toBe(0)
  signal.notify()
  expect(await wokenNow()).toBe(3)
})

test('one that finds nobody is kept for the next wait, and for that alone', async () => {
  const { signal, wait, wokenNow } = setUp()
  signal.notify()
  signal.notify()
  wait()
  wait()
  expect(await wokenNow()).toBe(1)
})

test('one that woke somebody is not kept', async () => {
  const { signal, wait, wokenNow } = setUp()
  wait()
  signal.notify()
  await wokenNow()
  wait()
  expect(await wokenNow()).toBe(1)
})

test('one between two waits of a loop is not lost', async () => {
  const { signal, wait, wokenNow } = setUp()
  wait()
  signal.notify()
  await wokenNow()
  signal.notify()
  wait()
  expect(await wokenNow()).toBe(2)
})

test('a wait ends by itself when its time is over, and a later notify is kept', async () => {
  const { clock, signal, wait, wokenNow } = setUp()
  wait(1000)
  await clock.advance(999)
  expect(await wokenNow()).toBe(0)
  await clock.advance(1)
  expect(await wokenNow()).toBe(1)
  signal.notify()
  wait()
  expect(await wokenNow()).toBe(2)
})

test('abort ends a wait, that of its own alone, and a later notify is kept', async () => {
  const { signal, stop, wait, wokenNow } = setUp()
  wait(LONG_MS, stop.signal)
  const other = new AbortController()
  wait(LONG_MS, other.signal)
  stop.abort()
  expect(await wokenNow()).toBe(1)
  signal.notify()
  expect(await wokenNow()).toBe(2)
  signal.notify()
  wait()
  expect(await wokenNow()).toBe(3)
})

test('a wait for what is aborted already ends at once', async () => {
  const { stop, wait, wokenNow } = setUp()
  stop.abort()
  wait(LONG_MS, stop.signal)
  expect(await wokenNow()).toBe(1)
})

test('a wait that is over leaves no timer and no listener behind', async () => {
  const { clock, signal, stop, wokenNow, wait } = setUp()
  let listeners = 0
  const { addEventListener, removeEventListener } = stop.signal
  stop.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(stop.signal, args)
  }
  stop.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(stop.signal, args)
  }
  for (let i = 0; i < 10; i++) {
    wait(LONG_MS, stop.signal)
    signal.notify()
    await wokenNow()
  }
  expect(listeners).toBe(0)
  expect(clock.waiting).toBe(0)
})
