import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { KktState } from '../domain/kkt.ts'
import { kktState, TestKkt } from '../testing/test_kkt.ts'
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

test('while a register does not answer, those who watch get its last answer for a while, as its clock has gone on, and then none', async () => {
  const { clock, kkt, shared, fallSilent, timesAsked } = setUp()
  kkt.clock = clock
  const before = await shared.read()
  expect(clock.waiting).toBe(0)
  await clock.advance(SHARED_MS)
  fallSilent()
  const waiting = shared.read()
  await clock.advance(PATIENCE_MS)
  expect(await waiting).toEqual(before && { ...before, clockMs: clock.wallMs() })
  await clock.advance(RECENT_MS - PATIENCE_MS - SHARED_MS)
  const later = shared.read()
  await clock.advance(PATIENCE_MS)
  expect(await later).toBeNull()
  expect([timesAsked(), clock.waiting]).toEqual([2, 0])
})

describe('a fresh report', () => {
  /** A KKT whose answers the test gives, in the order of the questions. */
  function byHand() {
    const clock = new TestClock()
    const answers: ((state: KktState) => void)[] = []
    const state = () => new Promise<KktState>((resolve) => answers.push(resolve))
    const tell = async (lastFdNumber: number) => {
      answers.at(-1)?.({ ...kktState(), lastFdNumber })
      await clock.advance(0)
    }
    return { clock, shared: shareState({ state }, clock), tell, timesAsked: () => answers.length }
  }

  test('is asked for after the question that is under way, once for all who want it meanwhile', async () => {
    const { clock, shared, tell, timesAsked } = byHand()
    const watched = shared.read()
    const fresh = [shared.fresh(), shared.fresh()]
    await clock.advance(0)
    expect(timesAsked()).toBe(1)
    await tell(7)
    expect([(await watched)?.lastFdNumber, timesAsked()]).toEqual([7, 2])
    await tell(8)
    expect((await Promise.all(fresh)).map((told) => told?.lastFdNumber)).toEqual([8, 8])
  })

  test('is asked for though the last answer has just come', async () => {
    const { clock, shared, tell, timesAsked } = byHand()
    const watched = shared.read()
    await tell(7)
    await watched
    const fresh = shared.fresh()
    await clock.advance(0)
    await tell(8)
    expect([(await fresh)?.lastFdNumber, timesAsked()]).toEqual([8, 2])
  })

  test('comes late rather than as the last answer of a KKT that is slow', async () => {
    const { clock, shared, tell } = byHand()
    const watched = shared.read()
    await tell(7)
    await watched
    const fresh = shared.fresh()
    await clock.advance(PATIENCE_MS + 1)
    await tell(8)
    expect((await fresh)?.lastFdNumber).toBe(8)
  })
})
