/** The register and its FN in the health. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import type { KktState } from '../domain/kkt.ts'
import { memoryJournal } from '../testing/kit.ts'
import { NEW_FN, OLD_FN, untoldReceipt } from '../testing/replaced_fn.ts'
import { kktState } from '../testing/test_kkt.ts'
import { kktComponent } from './kkt_component.ts'

const [HOUR_MS, DAY_MS] = [3_600_000, 86_400_000]

function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const nowMs = clock.wallMs()
  const shift = { kind: 'opened' as const, number: 7, openedAtMs: nowMs, expiresAtMs: nowMs + DAY_MS }
  const fine: KktState = { ...kktState(), shift, shiftNumber: 7, clockMs: nowMs }
  const told = { state: fine as KktState | null, closesAtMs: nowMs + 5 * HOUR_MS }
  const read = (change: Partial<KktState> = {}) => {
    const state = told.state && { ...told.state, ...change }
    const desk = { closesAtMs: () => (state?.shift.kind === 'opened' ? told.closesAtMs : null) }
    return kktComponent({ journal, driver: { isMock: false }, kktState: async () => state, desk, wallMs: clock.wallMs })
  }
  return { clock, journal, nowMs, fine, told, read }
}

test('a register in which nothing is wrong', async () => {
  const { read, fine, nowMs } = setUp()
  expect(await read()).toEqual({
    status: 'healthy',
    mode: 'real',
    kkt_number: fine.kktNumber,
    fn_number: fine.fnNumber,
    shift_number: 7,
    last_fiscal_doc_number: fine.lastFdNumber,
    trouble: null,
    shift_state: 'opened',
    shift_expires_at: new Date(nowMs + DAY_MS).toISOString(),
    shift_closes_at: new Date(nowMs + 5 * HOUR_MS).toISOString(),
    shift_ends_soon: false,
    clock_drift_seconds: 0,
    paper: fine.paperSupply,
    ffd_version: fine.ffdVersion,
    registration_number: fine.registrationNumber,
    serial_number: fine.serialNumber,
    taxation_systems: [...fine.taxationSystems],
    fn_valid_until: fine.fnValidUntil,
    fn_days_left: fine.fnDaysLeft,
    fn_flags: [],
    unsent_count: 0,
    unsent_since: null,
    days_left: null,
    replaced_fn: null,
    fn_replaced_at: null,
    unknown_outcomes: 0,
    untold: 0,
    unclear_tasks: 0,
    without_paper: 0,
  })
})

test('one that does not answer tells what the journal knows', async () => {
  const { read, told, journal } = setUp()
  told.state = null
  await untoldReceipt(journal)
  const component = await read()
  expect(component).toMatchObject({
    status: 'degraded',
    kkt_number: null,
    fn_number: null,
    shift_state: null,
    shift_ends_soon: false,
    clock_drift_seconds: null,
    fn_flags: null,
    days_left: null,
    replaced_fn: OLD_FN,
    untold: 1,
  })
})

test.each([
  [0, 30],
  [1, 30],
  [DAY_MS, 29],
  [3 * DAY_MS, 27],
  [3 * DAY_MS - 1, 28],
  [29 * DAY_MS + 1, 1],
  [30 * DAY_MS, 0],
  [60 * DAY_MS, 0],
])('an FN whose first unsent document is %p ms old signs for %p days more, by its own clock', async (ageMs, days) => {
  const { read, nowMs } = setUp()
  const clockMs = nowMs + 60_000
  const unsent = { count: 4, firstFd: 9, sinceMs: clockMs - ageMs }
  expect(await read({ clockMs, unsent })).toMatchObject({
    unsent_count: 4,
    unsent_since: new Date(clockMs - ageMs).toISOString(),
    days_left: days,
  })
})

test.each<[string, Partial<KktState> | ((nowMs: number) => Partial<KktState>), 'healthy' | 'degraded']>([
  ['a flag of 30 days', { fnFlags: ['ends_in_30_days', 'nearly_full', 'ofd_silent'] }, 'healthy'],
  ['a flag of 3 days', { fnFlags: ['ends_in_30_days', 'ends_in_3_days'] }, 'degraded'],
  ['a trouble', { trouble: 'cover_open' }, 'degraded'],
  ['a clock that is 299 s behind', (nowMs) => ({ clockMs: nowMs - 299_000 }), 'healthy'],
  ['a clock that is 5 minutes ahead', (nowMs) => ({ clockMs: nowMs + 300_000 }), 'degraded'],
  ['6 days left', (nowMs) => ({ unsent: { count: 1, firstFd: 1, sinceMs: nowMs - 24 * DAY_MS } }), 'healthy'],
  ['5 days left', (nowMs) => ({ unsent: { count: 1, firstFd: 1, sinceMs: nowMs - 25 * DAY_MS } }), 'degraded'],
])('%s', async (_what, change, status) => {
  const { read, nowMs } = setUp()
  expect((await read(typeof change === 'function' ? change(nowMs) : change)).status).toBe(status)
})

test('a shift that is closed within an hour ends soon; a closed one has no end', async () => {
  const { read, told, nowMs } = setUp()
  told.closesAtMs = nowMs + HOUR_MS + 1
  expect(await read()).toMatchObject({ shift_ends_soon: false })
  told.closesAtMs = nowMs + HOUR_MS
  expect(await read()).toMatchObject({ shift_ends_soon: true })
  const closed = { shift: { kind: 'closed', number: 7 } } as const
  expect(await read(closed)).toMatchObject({
    shift_state: 'closed',
    shift_expires_at: null,
    shift_closes_at: null,
    shift_ends_soon: false,
  })
})

test('an FN that was replaced is told of for a day', async () => {
  const { read, journal, clock, nowMs } = setUp()
  for (const fn of [OLD_FN, NEW_FN]) await journal.write((tx) => tx.meetFn(fn, 1, false))
  const told = { replaced_fn: OLD_FN, fn_replaced_at: new Date(nowMs).toISOString() }
  expect(await read()).toMatchObject(told)
  clock.setWallBy(DAY_MS - 1)
  expect(await read()).toMatchObject(told)
  clock.setWallBy(1)
  expect(await read()).toMatchObject({ replaced_fn: null, fn_replaced_at: null })
})
