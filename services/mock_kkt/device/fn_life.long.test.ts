/** The FN's life: its end, its warnings, and the OFD's confirmations. */
import { describe, expect, test } from 'bun:test'
import type { KktTrouble } from '@kkt/adapter/src/domain/kkt.ts'
import { closing, HOUR_MS, nextId, opening, setUp, setUpInFile, TOKEN } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import type { KktFaultsChange } from './faults.ts'

const DAY_MS = 24 * HOUR_MS
const TOO_LONG = 'the OFD has confirmed nothing for 30 days: the FN signs again once it has'

async function stateOf({ kkt }: Pick<ReturnType<typeof setUp>, 'kkt'>) {
  const state = await kkt().state()
  if (state === null) throw new Error('The KKT does not answer')
  return state
}

test('the state tells the registration, the FN and the device', async () => {
  const device = setUp()
  expect(await stateOf(device)).toMatchObject({
    shift: { kind: 'closed', number: 0 },
    drawerKopecks: 0,
    fnValidUntil: '2029-01-31',
    fnDaysLeft: 1096,
    fnFlags: [],
    unsent: { count: 0, firstFd: null, sinceMs: null },
    clockMs: device.clock.wallMs(),
    paperSupply: 'present',
    ffdVersion: '1.2',
    registrationNumber: expect.stringMatching(/^\d{16}$/),
    serialNumber: expect.stringMatching(/^TEST\d{10}$/),
    taxationSystems: ['osn', 'usn_income', 'usn_income_outcome', 'patent'],
  })
})

test.each<[string, KktFaultsChange]>([
  ['near_end', { paper_near_end: true }],
  ['out', { paper_near_end: true, paper_out: true }],
])('the supply of paper is %s', async (paperSupply, faults) => {
  const { kkt } = setUp()
  kkt().faults.configure(faults)
  expect((await kkt().state())?.paperSupply).toBe(paperSupply as 'out')
})

describe('a trouble', () => {
  test.each<[KktTrouble, KktFaultsChange]>([
    ['not_registered', { not_registered: true, fn_broken: true }],
    ['fn_broken', { fn_broken: true, fn_expired: true }],
    ['fn_expired', { fn_expired: true, fn_full: true }],
    ['fn_full', { fn_full: true, clock_behind_seconds: 3600 }],
    ['clock_behind', { clock_behind_seconds: 3600, cover_open: true }],
    ['cover_open', { cover_open: true, printer_fault: true }],
    ['printer_fault', { printer_fault: true, paper_out: true }],
  ])(
    '%s is told before lesser ones, has receipts refused, and they are taken once it has ended',
    async (trouble, on) => {
      const { ask, fiscalize, fds, kkt } = setUp()
      await fiscalize()
      kkt().faults.configure(on)
      expect((await kkt().state())?.trouble).toBe(trouble)
      expect(await ask()).toMatchObject({ kind: 'refused', isLasting: false })
      kkt().faults.reset()
      await fiscalize()
      expect(fds()).toEqual([3, 4])
    },
  )

  test('of the FN leaves look-ups, reports and the drawer as they are', async () => {
    const { fiscalize, perform, kkt } = setUp()
    const id = nextId()
    await fiscalize(id)
    kkt().faults.configure({ fn_broken: true })
    expect(await kkt().lookup(id, TOKEN)).toMatchObject({ kind: 'found' })
    expect(await kkt().shiftReport()).toMatchObject({ drawerKopecks: 10_000 })
    expect(await perform(closing(1))).toMatchObject({ kind: 'refused', isLasting: false })
  })

  test('of the printer has tasks and reprints wait for it', async () => {
    const { fiscalize, perform, kkt } = setUp()
    const id = nextId()
    await fiscalize(id)
    kkt().faults.configure({ cover_open: true })
    const open = { kind: 'refused', isLasting: false, reason: 'the cover of the KKT is open: close it' } as const
    expect(await perform(closing(1))).toEqual(open)
    expect(await kkt().reprint(id, TOKEN)).toEqual(open)
  })

  test('of one receipt is lasting, and the next one is signed', async () => {
    const { ask, fiscalize, kkt } = setUp()
    kkt().faults.configure({ receipt_refused: 1 })
    expect(await ask()).toMatchObject({ kind: 'refused', isLasting: true })
    expect(await fiscalize()).toMatchObject({ fdNumber: 3 })
  })
})

describe('the end of the FN', () => {
  test.each<[number, string[]]>([
    [31, []],
    [30, ['ends_in_30_days']],
    [4, ['ends_in_30_days']],
    [3, ['ends_in_30_days', 'ends_in_3_days']],
    [0, ['ends_in_30_days', 'ends_in_3_days']],
  ])('is flagged with %i days left, and it still signs', async (fn_days_left, fnFlags) => {
    const device = setUp()
    device.kkt().faults.configure({ fn_days_left })
    const { fnValidUntil, ...state } = await stateOf(device)
    expect(state).toMatchObject({ fnFlags, fnDaysLeft: fn_days_left, trouble: null })
    expect(Date.parse(fnValidUntil) - Date.parse('2026-01-31')).toBe(fn_days_left * DAY_MS)
    await device.fiscalize()
  })

  test('comes 36 months after its registration, by the clock of the KKT', async () => {
    const device = setUp()
    const lastDayMs = Date.parse('2029-01-31T23:59:00+03:00')
    device.clock.setWallBy(lastDayMs - device.clock.wallMs())
    expect(await stateOf(device)).toMatchObject({ trouble: null, fnDaysLeft: 0 })
    await device.clock.advance(60_000)
    expect(await stateOf(device)).toMatchObject({ trouble: 'fn_expired', fnDaysLeft: 0 })
    expect(await device.ask()).toMatchObject({ kind: 'refused', isLasting: false })
  })

  test('has come with fn_expired', async () => {
    const device = setUp()
    device.kkt().faults.configure({ fn_expired: true })
    expect(await stateOf(device)).toMatchObject({ fnValidUntil: '2026-01-30', fnDaysLeft: 0 })
  })

  test.each<KktFaultsChange>([{ fn_nearly_full: true }, { fn_full: true }])('%j flags the memory', async (faults) => {
    const device = setUp()
    device.kkt().faults.configure(faults)
    expect((await stateOf(device)).fnFlags).toEqual(['nearly_full'])
  })
})

describe('documents that the OFD has not confirmed', () => {
  test('are counted from the first of them, and what is confirmed is counted no more', async () => {
    const device = setUpInFile()
    await device.done(opening())
    await device.clock.advance(5 * 60_000)
    await device.fiscalize()
    const { fnNumber } = await stateOf(device)
    const openedMs = Date.parse('2026-01-31T15:00:00+03:00')
    expect((await stateOf(device)).unsent).toEqual({ count: 2, firstFd: 2, sinceMs: openedMs })
    await device.kkt().confirmThrough(fnNumber, 2)
    device.reopen()
    expect((await stateOf(device)).unsent).toEqual({ count: 1, firstFd: 3, sinceMs: openedMs + 5 * 60_000 })
    await device.kkt().confirmThrough(fnNumber, 1)
    expect((await stateOf(device)).unsent.count).toBe(1)
    await device.kkt().confirmThrough(fnNumber, 99)
    expect((await stateOf(device)).unsent).toEqual({ count: 0, firstFd: null, sinceMs: null })
    await device.fiscalize()
    expect((await stateOf(device)).unsent).toMatchObject({ count: 1, firstFd: 4 })
  })

  test('are not confirmed by another FN’s number, nor at a KKT that is gone', async () => {
    const device = setUp()
    await device.fiscalize()
    const { fnNumber } = await stateOf(device)
    await device.kkt().confirmThrough('9999000000000000', 3)
    device.kkt().faults.configure({ gone: true })
    await device.kkt().confirmThrough(fnNumber, 3)
    device.kkt().faults.reset()
    expect((await stateOf(device)).unsent.count).toBe(2)
  })

  test('flag the silence of the OFD after 3 days, and stop the FN after 30, until they are confirmed', async () => {
    const device = setUp()
    await device.fiscalize()
    await device.done(closing(1))
    device.clock.setWallBy(3 * DAY_MS - 1)
    expect((await stateOf(device)).fnFlags).toEqual([])
    device.clock.setWallBy(1)
    expect((await stateOf(device)).fnFlags).toEqual(['ofd_silent'])
    device.clock.setWallBy(27 * DAY_MS - 1)
    expect((await stateOf(device)).trouble).toBeNull()
    device.clock.setWallBy(1)
    expect((await stateOf(device)).trouble).toBe('fn_unsent_too_long')
    expect(await device.ask()).toEqual({ kind: 'refused', isLasting: false, reason: TOO_LONG })
    expect(await device.perform(opening())).toMatchObject({ kind: 'refused', isLasting: false })
    const { fnNumber, lastFdNumber } = await stateOf(device)
    await device.kkt().confirmThrough(fnNumber, lastFdNumber)
    expect(await stateOf(device)).toMatchObject({ trouble: null, fnFlags: [] })
    await device.fiscalize()
  })

  test('count as older with unsent_for_days, and an FN without any as it is', async () => {
    const device = setUp()
    device.kkt().faults.configure({ unsent_for_days: 31 })
    expect(await stateOf(device)).toMatchObject({ trouble: null, fnFlags: [] })
    await device.fiscalize()
    expect(await stateOf(device)).toMatchObject({
      trouble: 'fn_unsent_too_long',
      unsent: { count: 2, sinceMs: device.clock.wallMs() - 31 * DAY_MS },
    })
  })
})

describe('clock_ahead_seconds', () => {
  test('dates documents so much later, and each of them no later than that', async () => {
    const device = setUp()
    device.kkt().faults.configure({ clock_ahead_seconds: 3600 })
    expect((await stateOf(device)).clockMs).toBe(device.clock.wallMs() + HOUR_MS)
    for (let n = 0; n < 3; n++)
      expect(await device.fiscalize()).toMatchObject({ fiscalDatetime: '2026-01-31T16:00:00+03:00' })
  })

  test('ends at once where no document was made, and else the clock runs on from its last one', async () => {
    const device = setUp()
    device.kkt().faults.configure({ clock_ahead_seconds: 3600 })
    device.kkt().faults.reset()
    expect((await device.fiscalize()).fiscalDatetime).toBe('2026-01-31T15:00:00+03:00')
    device.kkt().faults.configure({ clock_ahead_seconds: 3600 })
    await device.fiscalize()
    device.kkt().faults.reset()
    expect((await stateOf(device)).clockMs).toBe(device.clock.wallMs() + HOUR_MS)
    await device.clock.advance(60_000)
    expect((await device.fiscalize()).fiscalDatetime).toBe('2026-01-31T16:01:00+03:00')
  })
})
