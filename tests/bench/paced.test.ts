import { expect, test } from 'bun:test'
import { paced } from './paced.ts'

/** A millisecond passes each time it is looked at. */
function ticking() {
  let nowMs = 0
  return { monotonicMs: () => nowMs++ }
}

test('as many are sent as are due, and each is timed', async () => {
  let sent = 0
  const send = async () => void sent++
  const latenciesMs = await paced({ send, perSecond: 100, connections: 4, seconds: 2, clock: ticking() })
  expect([sent, latenciesMs.length]).toEqual([200, 200])
  expect(Math.min(...latenciesMs)).toBeGreaterThan(0)
})

test('never more are under way than there are connections', async () => {
  let underWay = 0
  let most = 0
  const send = async () => {
    most = Math.max(most, ++underWay)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
  }
  await paced({ send, perSecond: 1000, connections: 3, seconds: 0.1, clock: ticking() })
  expect(most).toBe(3)
})

test('a failure ends it', async () => {
  let sent = 0
  const send = async () => {
    if (++sent === 5) throw new Error('503')
  }
  await expect(paced({ send, perSecond: 100, connections: 1, seconds: 10, clock: ticking() })).rejects.toThrow('503')
  expect(sent).toBeLessThan(10)
})
