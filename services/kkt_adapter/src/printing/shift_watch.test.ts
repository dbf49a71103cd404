import { describe, expect, test } from 'bun:test'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, quiet } from '../testing/kit.ts'
import { failOnce } from '../testing/verbs.ts'
import { BEFORE_THE_END_MS } from './closing_time.ts'
import { CLOSE_AGAIN_MS } from './own_closings.ts'
import { createShiftWatch } from './shift_watch.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** A shift that opens now: it is 15:00 in Moscow. */
function watching(closeAt: string | null = null) {
  const parts = setUp()
  const { clock, journal, kkt, lease, closings: ownClosings, fiscalizer } = parts
  let nudges = 0
  const settings = { closeAt, timeZone: 'Europe/Moscow' }
  const onAccepted = () => nudges++
  const watch = createShiftWatch({
    journal,
    driver: kkt,
    lease,
    clock,
    logger: quiet,
    settings,
    closings: ownClosings,
    onAccepted,
  })
  const openedAtMs = clock.wallMs()
  kkt.shift = { kind: 'opened', number: 3, openedAtMs, expiresAtMs: openedAtMs + 24 * HOUR_MS }
  kkt.clock = clock
  const closings = () => journal.tasks.list({ status: null, kind: 'close_shift' }, null, 10).items
  /** Looks after so long. */
  const lookAfter = async (ms: number) => {
    clock.setWallBy(ms)
    await watch.runOnce()
    return closings().length
  }
  return { ...parts, watch, closings, lookAfter, fiscalizer, nudges: () => nudges }
}

describe('a shift', () => {
  test('invariant 14: is closed before its 24 hours are over, whatever tills do, once', async () => {
    const { journal, lookAfter, closings, nudges } = watching()
    expect(await lookAfter(24 * HOUR_MS - BEFORE_THE_END_MS - 1)).toBe(0)
    await accepted(journal)
    expect(await lookAfter(1)).toBe(1)
    expect(await lookAfter(1)).toBe(1)
    expect(closings()).toMatchObject([{ work: { shiftNumber: 3, cashier: null } }])
    expect(nudges()).toBe(1)
  })

  test('is closed before the receipts that wait', async () => {
    const { journal, lookAfter } = watching()
    await accepted(journal)
    await lookAfter(24 * HOUR_MS - BEFORE_THE_END_MS)
    expect(journal.queries.hasAccepted()).toBe(false)
  })

  test('is closed at the time of the settings, and not before', async () => {
    const { lookAfter } = watching('21:00')
    expect(await lookAfter(6 * HOUR_MS - 1)).toBe(0)
    expect(await lookAfter(1)).toBe(1)
  })

  test('is not closed at that time while a receipt waits, or tills have sold within 5 minutes', async () => {
    const { journal, fiscalizer, lookAfter } = watching('21:00')
    await lookAfter(6 * HOUR_MS - MINUTE_MS)
    await accepted(journal)
    expect(await lookAfter(10 * MINUTE_MS)).toBe(0)
    await accepted(journal)
    await fiscalizer.runOnce()
    expect(await lookAfter(5 * MINUTE_MS - 1)).toBe(0)
    expect(await lookAfter(1)).toBe(1)
  })

  test('is not closed by itself at any time of day without the setting', async () => {
    const { lookAfter } = watching()
    for (let hour = 0; hour < 23; hour++) expect(await lookAfter(HOUR_MS)).toBe(0)
  })
})

test('a closed shift, one of another process, and one that the KKT does not tell are left alone', async () => {
  const { kkt, lease, lookAfter } = watching()
  const { shift } = kkt
  kkt.shift = { kind: 'closed', number: 3 }
  expect(await lookAfter(25 * HOUR_MS)).toBe(0)
  kkt.shift = shift
  lease.isHeld = false
  expect(await lookAfter(1)).toBe(0)
  lease.isHeld = true
  const { state } = kkt
  kkt.state = async () => null
  expect(await lookAfter(1)).toBe(0)
  kkt.state = state
  expect(await lookAfter(1)).toBe(1)
})

test('a journal that fails is tried again at the next look', async () => {
  const { journal, lookAfter } = watching()
  failOnce(journal, 'acceptTask')
  expect(await lookAfter(25 * HOUR_MS)).toBe(0)
  expect(await lookAfter(1)).toBe(1)
})

test('a KKT that signs nothing until a person mends it is not asked to close its shift again and again', async () => {
  const { kkt, lookAfter } = watching()
  kkt.trouble = 'fn_unsent_too_long'
  expect(await lookAfter(25 * HOUR_MS)).toBe(0)
  kkt.trouble = 'shift_expired'
  expect(await lookAfter(1)).toBe(1)
})

test('a KKT that has refused for good to close its shift is not asked for it at each look', async () => {
  const { kkt, clock, fiscalizer, lookAfter } = watching()
  kkt.onPerform = async () => ({ kind: 'refused', isLasting: true, reason: 'there is no cashier' })
  expect(await lookAfter(25 * HOUR_MS)).toBe(1)
  await fiscalizer.runOnce()
  expect(await lookAfter(20_000)).toBe(1)
  await clock.advance(CLOSE_AGAIN_MS)
  expect(await lookAfter(1)).toBe(2)
})
