import { expect, test } from 'bun:test'
import type { KktTrouble } from '../../domain/kkt.ts'
import {
  AT,
  deviceStatus,
  exchangeStatus,
  FN,
  fnInfo,
  fnStatus,
  registered,
  shiftStatus,
  shiftTotals,
} from '../../testing/atol_answers.ts'
import { drawerAfter } from './drawer.ts'
import { readShiftCounters } from './shift_counters.ts'
import { reportOf, type StateAnswers, stateOf } from './state_of_register.ts'

const told = (more: Partial<StateAnswers> = {}): StateAnswers => ({
  deviceStatus: deviceStatus(),
  shiftStatus: shiftStatus(),
  fnInfo: fnInfo(),
  fnStatus: fnStatus(),
  ofdExchangeStatus: { status: exchangeStatus(), errors: {}, warnings: {} },
  ...more,
})
const counters = readShiftCounters(shiftTotals())
const state = (more: Partial<StateAnswers> = {}) => stateOf(told(more), registered(), counters)

test('the state of a register is put together from its answers', () => {
  expect(state()).toEqual({
    kktNumber: 'KKT-001',
    fnNumber: FN,
    shiftNumber: 12,
    lastFdNumber: 71,
    trouble: null,
    shift: {
      kind: 'opened',
      number: 12,
      openedAtMs: Date.parse('2026-11-22T09:00:00+03:00'),
      expiresAtMs: Date.parse('2026-11-23T09:00:00+03:00'),
    },
    drawerKopecks: 134_980,
    fnValidUntil: '2028-02-22',
    fnDaysLeft: 457,
    fnFlags: [],
    unsent: { count: 2, firstFd: 70, sinceMs: Date.parse('2026-11-22T16:40:00+03:00') },
    clockMs: Date.parse(AT) + 20_000,
    paperSupply: 'present',
    ffdVersion: '1.2',
    registrationNumber: '0000000001002292',
    serialNumber: '00106900000014',
    taxationSystems: ['osn', 'usn_income'],
  })
})

test('the forms of the books and of the driver say the same', () => {
  const { validityDate: _, ...info } = fnInfo().fnInfo
  const ofBooks = {
    shiftStatus: shiftStatus({ expiredTime: undefined, expiredAt: '2026-11-23T09:00:00+03:00' }),
    fnInfo: { fnInfo: { ...info, validity: { validityDate: '2028.02.22' } } },
    ofdExchangeStatus: { ofdExchangeStatus: exchangeStatus(), ofdExchangeErrors: {} },
  }
  expect(state(ofBooks)).toEqual(state())
})

test('nothing unsent has no first document', () => {
  const none = exchangeStatus({ notSentCount: 0, notSentFirstDocDateTime: '1970-01-01T00:00:00+00:00' })
  expect(state({ ofdExchangeStatus: { status: none } })?.unsent).toEqual({ count: 0, firstFd: null, sinceMs: null })
})

test('a register that works without an OFD has sent nothing, though it counts nothing as unsent', () => {
  const nothingCounted = { ofdExchangeStatus: { status: exchangeStatus({ notSentCount: 0 }) } }
  const offline = stateOf(told(nothingCounted), registered({}, { offlineMode: true }), counters)
  expect(offline?.unsent).toEqual({ count: 71, firstFd: 1, sinceMs: null })
})

test('a closed shift tells its number only', () => {
  const closed = shiftStatus({ state: 'closed', number: 0, expiredTime: undefined })
  expect(state({ shiftStatus: closed })).toMatchObject({ shiftNumber: 0, shift: { kind: 'closed', number: 0 } })
})

test('the warnings of the FN are told', () => {
  const all = { memoryOverflow: true, needReplacement: true, ofdTimeout: true, resourceExhausted: true }
  const flags = state({ fnStatus: fnStatus(all) })?.fnFlags
  expect(flags).toEqual(['ends_in_30_days', 'ends_in_3_days', 'nearly_full', 'ofd_silent'])
})

const since = (notSentFirstDocDateTime: string) => ({
  ofdExchangeStatus: { status: exchangeStatus({ notSentFirstDocDateTime }) },
})

test.each<[string, Partial<StateAnswers>, KktTrouble | null]>([
  ['no FN', { deviceStatus: deviceStatus({ fnPresent: false, fnFiscal: false }) }, 'fn_broken'],
  ['a critical error of the FN', { fnStatus: fnStatus({ criticalError: true }) }, 'fn_broken'],
  ['keys that ended yesterday', { fnInfo: fnInfo({ validityDate: '2026-11-21T00:00:00+03:00' }) }, 'fn_expired'],
  ['keys that end today', { fnInfo: fnInfo({ validityDate: '2026-11-22T00:00:00+03:00' }) }, null],
  ['a closed archive', { fnInfo: fnInfo({ livePhase: 'postFiscalMode' }) }, 'fn_expired'],
  ['no registration', { deviceStatus: deviceStatus({ fiscal: false }) }, 'not_registered'],
  ['documents unsent for 30 days', since('2026-10-23T16:43:20+03:00'), null],
  ['documents unsent for more than 30 days', since('2026-10-23T16:43:00+03:00'), 'fn_unsent_too_long'],
  ['an open cover', { deviceStatus: deviceStatus({ coverOpened: true, paperPresent: false }) }, 'cover_open'],
  ['no paper', { deviceStatus: deviceStatus({ paperPresent: false }) }, 'paper_out'],
  ['an expired shift', { shiftStatus: shiftStatus({ state: 'expired' }) }, 'shift_expired'],
  ['a block that it does not explain', { deviceStatus: deviceStatus({ blocked: true }) }, 'busy'],
])('a register with %s', (_, more, trouble) => {
  expect(state(more)?.trouble).toBe(trouble)
})

test('no paper is no supply', () => {
  expect(state({ deviceStatus: deviceStatus({ paperPresent: false }) })?.paperSupply).toBe('out')
})

test.each<[string, Partial<StateAnswers>]>([
  ['an open shift that does not say when it expires', { shiftStatus: shiftStatus({ expiredTime: undefined }) }],
  ['a clock without an offset', { deviceStatus: deviceStatus({ currentDateTime: '2026-11-22T16:43:20' }) }],
  ['an FN without its end', { fnInfo: fnInfo({ validityDate: 'soon' }) }],
  ['a status of another form', { fnStatus: {} }],
  ['no exchange status', { ofdExchangeStatus: null }],
])('answers with %s do not fit', (_, more) => {
  expect(state(more)).toBeNull()
})

test('a report has the counters of its shift only', () => {
  const now = state()
  if (now === null || counters === null) throw new Error('The answers do not fit')
  const { totals, drawerKopecks } = counters
  expect(reportOf(now, counters)).toEqual({ shift: now.shift, totals, drawerKopecks, clockMs: now.clockMs })
  expect(reportOf(now, { ...counters, shiftNumber: 11 })).toBeNull()
})

test('cash put in or taken out tells the drawer', () => {
  expect(drawerAfter({ counters: { cashSum: 1345.07 } })).toBe(134_507)
  expect(drawerAfter(null)).toBeNull()
})
