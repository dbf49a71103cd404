import { expect, test } from 'bun:test'
import { Signal } from './signal.ts'
import { settle, TestClock } from './testing.ts'

const LONG_MS = 60_000

function setUp() {
  const clock = new TestClock()
  const signal = new Signal()
  let woken = 0
  /** Waits in the background, and counts the waits that are over. */
  const wait = (ms = LONG_MS) => void signal.wait(ms, clock).then(() => woken++)
  const wokenNow = async () => {
    await settle()
    return woken
  }
  return { clock, signal, wait, wokenNow }
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

test('a wait that is over leaves no timer behind', async () => {
  const { clock, signal, wokenNow, wait } = setUp()
  for (let i = 0; i < 10; i++) {
    wait()
    signal.notify()
    await wokenNow()
  }
  expect(clock.waiting).toBe(0)
})
