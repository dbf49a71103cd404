import { expect, test } from 'bun:test'
import { SimProcess } from './process.ts'
import { Restless, SimTime } from './time.ts'

function setUp() {
  const time = new SimTime()
  const process = new SimProcess('a process', time)
  const clock = time.clockOf(process)
  const woken: number[] = []
  const waitFor = (ms: number) => void clock.wait(ms).then(() => woken.push(clock.monotonicMs()))
  return { time, process, clock, woken, waitFor }
}

test('time stands still until it passes, and then wakes each waiting step in turn', async () => {
  const { time, woken, waitFor } = setUp()
  for (const ms of [30, 10, 20, 100]) waitFor(ms)
  await time.rest()
  expect(woken).toEqual([])
  await time.pass(50)
  expect([woken, time.nowMs]).toEqual([[10, 20, 30], 50])
})

test('time passes without a paused process, which goes on where it was when it is resumed', async () => {
  const { time, process, woken, waitFor } = setUp()
  waitFor(10)
  process.pause()
  await time.pass(50)
  expect(woken).toEqual([])
  process.resume()
  await time.rest()
  expect(woken).toEqual([50])
})

test('a dead process never wakes', async () => {
  const { time, process, woken, waitFor } = setUp()
  waitFor(10)
  waitFor(20)
  process.pause()
  await time.pass(15)
  process.kill()
  process.resume()
  await time.pass(50)
  expect(woken).toEqual([])
})

test('an aborted wait ends at once', async () => {
  const { time, clock } = setUp()
  const stop = new AbortController()
  let isOver = false
  void clock.wait(1000, stop.signal).then(() => {
    isOver = true
  })
  stop.abort()
  await time.rest()
  expect(isOver).toBe(true)
})

test('setting the wall clock wakes nobody', async () => {
  const { time, clock, woken, waitFor } = setUp()
  waitFor(10)
  const beforeMs = clock.wallMs()
  time.setWallBy(3_600_000)
  await time.rest()
  expect([clock.wallMs() - beforeMs, woken]).toEqual([3_600_000, []])
})

test('endless work at one moment is reported', async () => {
  const { time } = setUp()
  const again = () => time.soon(again)
  again()
  await expect(time.rest()).rejects.toBeInstanceOf(Restless)
})

test('endless waits of no length are reported', async () => {
  const { time, clock } = setUp()
  const waitAgain = (): void => void clock.wait(0).then(waitAgain)
  waitAgain()
  await expect(time.pass(1)).rejects.toBeInstanceOf(Restless)
})
