import { describe, expect, spyOn, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { createBreaker } from './breaker.ts'
import type { OfdOutcome } from './ofd_client.ts'

const TIMEOUT_MS = 10_000
const RECEIPT = 'a receipt' as ReceiptId
const DONE: OfdOutcome = { kind: 'done', ofdId: 'OFD-000001', atMs: null, isNamed: true }
const FAILED: OfdOutcome = { kind: 'unknown', reason: 'the OFD answered 503', isCutOff: false }
const REFUSED: OfdOutcome = { kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' }

function setUp(threshold = 3) {
  const clock = new TestClock()
  const changes: string[] = []
  const breaker = createBreaker({
    threshold,
    timeoutMs: TIMEOUT_MS,
    clock,
    onChange: (from, to) => changes.push(`${from}>${to}`),
  })
  let sent = 0
  /** Sends a new receipt, unless a test names one. */
  const send = async (outcome: OfdOutcome, id = `receipt ${++sent}`) =>
    (await breaker.run(id as ReceiptId, async () => outcome))?.outcome ?? null
  const open = async () => {
    for (let i = 0; i < threshold; i++) await send(FAILED)
  }
  return { clock, changes, breaker, send, open }
}

test('invariant 11: so many failures in a row open it, one fewer does not', async () => {
  const { breaker, send, clock } = setUp()
  await send(FAILED)
  await send(FAILED)
  expect(breaker.snapshot).toEqual({ state: 'CLOSED', failureCount: 2, openedAtMs: null, nextProbeAtMs: null })
  await send(FAILED)
  const openedAtMs = clock.wallMs()
  const nextProbeAtMs = openedAtMs + TIMEOUT_MS
  expect(breaker.snapshot).toEqual({ state: 'OPEN', failureCount: 3, openedAtMs, nextProbeAtMs })
})

test('invariant 11: a success in between begins the count again', async () => {
  const { breaker, send } = setUp()
  for (const outcome of [FAILED, FAILED, DONE, FAILED, FAILED]) await send(outcome)
  expect(breaker.snapshot).toMatchObject({ state: 'CLOSED', failureCount: 2 })
})

test('invariant 7: so many different receipts refused in a row open it', async () => {
  const { breaker, send } = setUp()
  await send(REFUSED)
  await send(REFUSED)
  expect(breaker.snapshot.state).toBe('CLOSED')
  await send(REFUSED)
  expect(breaker.snapshot.state).toBe('OPEN')
})

test('invariant 7: one receipt refused over and over does not open it, nor do refusals with others taken in between', async () => {
  const { breaker, send } = setUp()
  for (let i = 0; i < 10; i++) await send(REFUSED, 'the same')
  for (let i = 0; i < 10; i++) await send(i % 2 ? REFUSED : DONE)
  expect(breaker.snapshot.state).toBe('CLOSED')
})

test('invariant 7: one refused receipt is no row, however low the threshold', async () => {
  const { breaker, send } = setUp(1)
  await send(REFUSED)
  expect(breaker.snapshot.state).toBe('CLOSED')
})

test('an OFD that refuses a receipt is there: the failures before it are not in a row with those after it', async () => {
  const { breaker, send } = setUp()
  for (const outcome of [FAILED, FAILED, REFUSED, FAILED, FAILED]) await send(outcome)
  expect(breaker.snapshot.state).toBe('CLOSED')
})

test('a probe that is refused closes it, unless it prolongs the row of refusals that opened it', async () => {
  const { breaker, open, send, clock } = setUp()
  await open()
  await clock.advance(TIMEOUT_MS)
  await send(REFUSED)
  expect(breaker.snapshot.state).toBe('CLOSED')
  await send(REFUSED)
  await send(REFUSED)
  for (let i = 0; i < 3; i++) {
    expect(breaker.snapshot.state).toBe('OPEN')
    await clock.advance(TIMEOUT_MS)
    await send(REFUSED)
  }
  breaker.forgiveRefusals()
  await clock.advance(TIMEOUT_MS)
  await send(REFUSED)
  expect(breaker.snapshot.state).toBe('CLOSED')
})

test('invariant 11: an open one lets nothing through until its time-out has passed', async () => {
  const { breaker, open, clock } = setUp()
  await open()
  let ran = false
  const attempt = () =>
    breaker.run(RECEIPT, async () => {
      ran = true
      return DONE
    })
  await clock.advance(TIMEOUT_MS - 1)
  expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: 1 })
  expect(await attempt()).toBeNull()
  expect(ran).toBe(false)
  await clock.advance(1)
  expect(breaker.admission()).toEqual({ kind: 'probe' })
  expect((await attempt())?.outcome).toEqual(DONE)
  expect(breaker.snapshot.state).toBe('CLOSED')
})

test('invariant 11: a probe that fails opens it for another time-out, and is one failure more in a row', async () => {
  const { breaker, open, send, clock, changes } = setUp()
  await open()
  await clock.advance(TIMEOUT_MS)
  await send(FAILED)
  expect(changes).toEqual(['CLOSED>OPEN', 'OPEN>HALF_OPEN', 'HALF_OPEN>OPEN'])
  expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: TIMEOUT_MS })
  expect(breaker.snapshot.failureCount).toBe(4)
})

describe('invariant 11: the count of an open one is of what opened it', () => {
  /** Starts this many requests in a closed breaker. Each ends when the test says how. */
  const underWay = (breaker: ReturnType<typeof setUp>['breaker'], count: number) =>
    Array.from({ length: count }, (_, i) => {
      const { promise, resolve } = Promise.withResolvers<OfdOutcome>()
      const over = breaker.run(`under way ${i}` as ReceiptId, () => promise)
      return async (outcome: OfdOutcome) => {
        resolve(outcome)
        await over
      }
    })

  test.each([
    ['failures', FAILED, FAILED],
    ['successes', DONE, DONE],
    ['refusals', REFUSED, REFUSED],
  ])('and of none of the %s that were under way when it opened', async (_what, first, second) => {
    const { breaker, open, send, clock } = setUp()
    const [one, other] = underWay(breaker, 2)
    await open()
    expect([breaker.snapshot.state, breaker.snapshot.failureCount]).toEqual(['OPEN', 3])
    await one?.(first)
    await other?.(second)
    expect([breaker.snapshot.state, breaker.snapshot.failureCount]).toEqual(['OPEN', 3])
    await clock.advance(TIMEOUT_MS)
    await send(FAILED)
    expect([breaker.snapshot.state, breaker.snapshot.failureCount]).toEqual(['OPEN', 4])
  })

  test('however many fail at once', async () => {
    const { breaker, changes } = setUp()
    await Promise.all(underWay(breaker, 7).map((end) => end(FAILED)))
    expect([breaker.snapshot.state, breaker.snapshot.failureCount]).toEqual(['OPEN', 3])
    expect(changes).toEqual(['CLOSED>OPEN'])
  })
})

describe('an OFD that asks to be left alone', () => {
  const MINUTE_MS = 60_000

  test('is: nothing goes through a closed breaker until then, and the snapshot says when', async () => {
    const { breaker, send, clock } = setUp()
    breaker.waitAtLeast(MINUTE_MS)
    expect(breaker.snapshot).toMatchObject({ state: 'CLOSED', nextProbeAtMs: clock.wallMs() + MINUTE_MS })
    const { nextProbeAtMs } = breaker.snapshot
    await clock.advance(MINUTE_MS - 1)
    expect(breaker.snapshot.nextProbeAtMs).toBe(nextProbeAtMs)
    expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: 1 })
    expect(await send(DONE)).toBeNull()
    await clock.advance(1)
    expect(breaker.snapshot.nextProbeAtMs).toBeNull()
    expect(breaker.admission()).toEqual({ kind: 'free' })
    expect(await send(DONE)).toEqual(DONE)
  })

  test.each([
    ['longer than the time-out: the probe waits', MINUTE_MS, MINUTE_MS],
    ['shorter than that: the probe comes no earlier', 1000, TIMEOUT_MS],
  ])('for %s', async (_what, askedMs, dueMs) => {
    const { breaker, open, send, clock } = setUp()
    await open()
    breaker.waitAtLeast(askedMs)
    expect(breaker.snapshot.nextProbeAtMs).toBe(clock.wallMs() + dueMs)
    await clock.advance(dueMs - 1)
    expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: 1 })
    expect(await send(DONE)).toBeNull()
    await clock.advance(1)
    expect(breaker.admission()).toEqual({ kind: 'probe' })
    expect(await send(DONE)).toEqual(DONE)
  })

  test('is left alone for the longest that it asked for', async () => {
    const { breaker } = setUp()
    for (const ms of [1000, MINUTE_MS, 2000]) breaker.waitAtLeast(ms)
    expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: MINUTE_MS })
  })

  test('is not while an operator has everything tried; what it asks for meanwhile counts afterwards', async () => {
    const { breaker } = setUp()
    breaker.waitAtLeast(MINUTE_MS)
    const heedWaits = breaker.ignoreWaits()
    expect(breaker.admission()).toEqual({ kind: 'free' })
    breaker.waitAtLeast(1000)
    expect(breaker.admission()).toEqual({ kind: 'free' })
    heedWaits()
    expect(breaker.admission()).toEqual({ kind: 'closed_off', waitMs: 1000 })
  })
})

test('invariant 11: while a probe is under way nothing else may go', async () => {
  const { breaker, open, clock } = setUp()
  await open()
  await clock.advance(TIMEOUT_MS)
  const probe = Promise.withResolvers<OfdOutcome>()
  const running = breaker.run(RECEIPT, () => probe.promise)
  expect(breaker.snapshot.state).toBe('HALF_OPEN')
  expect(breaker.admission().kind).toBe('closed_off')
  probe.resolve(DONE)
  await running
  expect(breaker.admission()).toEqual({ kind: 'free' })
})

test('invariant 11: probeNow makes an open one due, and changes nothing about a closed one', async () => {
  const { breaker, open, send } = setUp()
  breaker.probeNow()
  expect(breaker.admission()).toEqual({ kind: 'free' })
  await open()
  breaker.probeNow()
  expect(breaker.admission()).toEqual({ kind: 'probe' })
  await send(DONE)
  expect(breaker.snapshot).toMatchObject({ state: 'CLOSED', failureCount: 0 })
})

test('an error thrown by the sending is a failure like any other, in a probe too', async () => {
  const { breaker, open, clock } = setUp()
  await open()
  await clock.advance(TIMEOUT_MS)
  const broken = breaker.run(RECEIPT, () => Promise.reject(new Error('a bug')))
  expect(broken).rejects.toThrow('a bug')
  await broken.catch(() => undefined)
  expect(breaker.snapshot.state).toBe('OPEN')
})

test.each([-3_600_000, 86_400_000])('a wall clock set by %i ms neither delays nor hastens the probe', async (ms) => {
  const { open, send, clock } = setUp()
  await open()
  clock.setWallBy(ms)
  // cockatiel reads the machine's clock.
  const nowMs = Date.now() + ms
  using _ = spyOn(Date, 'now').mockReturnValue(nowMs)
  await clock.advance(TIMEOUT_MS - 1)
  expect(await send(DONE)).toBeNull()
  await clock.advance(1)
  expect(await send(DONE)).toEqual(DONE)
})
