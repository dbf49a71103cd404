import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { TestKkt } from '../testing/test_kkt.ts'
import { PATIENCE_MS, RECENT_MS, SHARED_MS, shareState } from './shared_state.ts'

function setUp() {
  const [clock, kkt] = [new TestClock(), new TestKkt()]
  let asked = 0
  let isSilent = false
  const state = () => {
    asked += 1
    return isSilent ? new Promise<null>(() => undefined) : kkt.state()
  }
  const fallSilent = () => {
    isSilent = true
  }
  return { fallSilent, clock, kkt, shared: shareState({ state }, clock), timesAsked: () => asked }
}

test('one question serves all who ask within half a second', async () => {
  const { clock, shared, timesAsked } = setUp()
  const together = [shared.read(), shared.read()]
  await clock.advance(SHARED_MS - 1)
  const states = await Promise.all([...together, shared.read()])
  expect([timesAsked(), new Set(states).size]).toEqual([1, 1])
})

test('the next one is asked for half a second later, and at once where the last is to be forgotten', async () => {
  const { clock, kkt, shared } = setUp()
  await shared.read()
  kkt.trouble = 'paper_out'
  expect((await shared.read())?.trouble).toBeNull()
  await clock.advance(SHARED_MS)
  expect((await shared.read())?.trouble).toBe('paper_out')
  kkt.trouble = null
  shared.forget()
  expect((await shared.read())?.trouble).toBeNull()
})

test('while a register does not answer, those who watch get its last answer for a while, and then none', async () => {
  const { clock, shared, fallSilent, timesAsked } = setUp()
  const before = await shared.read()
  expect(clock.waiting).toBe(0)
  await clock.advance(SHARED_MS)
  fallSilent()
  const waiting = shared.read()
  await clock.advance(PATIENCE_MS)
  expect(await waiting).toBe(before)
  await clock.advance(RECENT_MS - PATIENCE_MS - SHARED_MS)
  const later = shared.read()
  await clock.advance(PATIENCE_MS)
  expect(await later).toBeNull()
  expect([timesAsked(), clock.waiting]).toEqual([2, 0])
})
