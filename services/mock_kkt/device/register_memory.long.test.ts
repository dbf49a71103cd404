/** The register's FN, its clock, its troubles, and its memory in a file. */
import { describe, expect, test } from 'bun:test'
import { content, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { Register, RegisterTrouble } from '../register.ts'
import { CASHIER, HOUR_MS, made, openAt, refused, setUp } from '../testing/registers.ts'
import type { KktFaultsChange } from './faults.ts'

test('a restart with a file keeps the FN, the shift, the drawer, the clock, the faults and the unsent documents', () => {
  const [clock, path] = [new TestClock(), temporaryFile('kkt.db')]
  const before = openAt({ clock, path })
  before.setClock(clock.wallMs() + HOUR_MS)
  before.receipt({ ...content(), cashier: CASHIER }, 'a')
  before.moveCash(5000)
  before.setFaults({ paper_near_end: true })
  const [state, documents] = [before.state(), before.documentsAfter(0, 10)]
  before.close()
  const after = openAt({ clock, path })
  expect(after.state()).toEqual(state)
  expect(state).toMatchObject({ lastFdNumber: 3, drawerKopecks: 15_000, paper: 'near_end', unsent: { count: 3 } })
  expect(after.documentsAfter(0, 10)).toEqual(documents)
  expect(after.registration).toEqual(before.registration)
  expect(made(after.receipt(content(), 'b'))).toMatchObject({ fdNumber: 4, receiptNumber: 2 })
})

test('a restart with other taxation systems registers it with these, under the same numbers', () => {
  const path = temporaryFile('kkt.db')
  const before = openAt({ path, taxationSystems: ['osn'] })
  before.close()
  const after = openAt({ path, taxationSystems: ['patent'] })
  expect(after.registration).toEqual({ ...before.registration, taxationSystems: ['patent'] })
  expect(after.receipt({ ...content(), taxationSystem: 'osn' }, 'a')).toEqual(refused('taxation_not_registered'))
})

test('a new FN counts its documents from 1, in a closed shift, and the drawer keeps its cash', () => {
  const { register } = setUp()
  const sold = made(register.receipt(content(), 'a'))
  register.setFaults({ fn_full: true, paper_near_end: true })
  const { oldFnNumber, newFnNumber } = register.replaceFn()
  expect(oldFnNumber).toBe(sold.fnNumber)
  expect(register.state()).toMatchObject({
    fnNumber: newFnNumber,
    lastFdNumber: 1,
    shift: { kind: 'closed', number: 0 },
    drawerKopecks: 10_000,
    unsent: { count: 1, firstFd: 1 },
    paper: 'near_end',
    trouble: null,
  })
  expect(register.document(3)).toBeNull()
})

describe('the clock', () => {
  test('tells its time in the zone of the register, to the second', () => {
    const { clock, register } = setUp({ timeZone: 'Asia/Yekaterinburg' })
    clock.setWallBy(6_500)
    expect(register.state()).toMatchObject({ clockMs: clock.wallMs(), clockText: '2026-01-31T17:00:06+05:00' })
  })

  test('is set while the shift is closed, runs on from there, and dates documents', async () => {
    const { clock, register } = setUp()
    register.openShift(null)
    expect(register.setClock(clock.wallMs() + HOUR_MS)).toEqual(refused('shift_open'))
    const { fnNumber, fdNumber } = made(register.closeShift(null))
    register.confirmThrough(fnNumber, fdNumber)
    expect(register.setClock(clock.wallMs() + 400 * 24 * HOUR_MS)).toEqual({ kind: 'set' })
    await clock.advance(5000)
    expect(register.state().clockText).toBe('2027-03-07T15:00:05+03:00')
    expect(made(register.receipt(content(), 'a')).fiscalDatetime).toBe('2027-03-07T15:00:00+03:00')
    expect(register.state().clockText).toBe('2027-03-07T15:00:05+03:00')
  })

  test('is not set to before the last document', () => {
    const { clock, register } = setUp()
    expect(register.setClock(clock.wallMs() - HOUR_MS)).toEqual(refused('clock_behind'))
    expect(register.setClock(clock.wallMs())).toEqual({ kind: 'set' })
  })

  test.each<KktFaultsChange>([{ clock_ahead_seconds: 7200 }, { clock_behind_seconds: 7200 }])(
    'that a fault holds off is right again when it is set: %p',
    (fault) => {
      const { clock, register } = setUp()
      register.setFaults(fault)
      expect(Math.abs(register.state().clockMs - clock.wallMs())).toBe(2 * HOUR_MS)
      expect(register.setClock(clock.wallMs())).toEqual({ kind: 'set' })
      expect(register.state()).toMatchObject({ clockMs: clock.wallMs(), trouble: null })
      expect(register.faults.current()).toMatchObject({ clock_ahead_seconds: 0, clock_behind_seconds: 0 })
    },
  )
})

const ACTS: [string, (register: Register) => { kind: string }][] = [
  ['receipt', (register) => register.receipt(content(), 'a')],
  ['opening', (register) => register.openShift(null)],
  ['report', (register) => register.ofdReport(null)],
]

describe.each<[RegisterTrouble, KktFaultsChange]>([
  ['cover_open', { cover_open: true }],
  ['printer_fault', { printer_fault: true }],
  ['clock_behind', { clock_behind_seconds: 3600 }],
  ['fn_full', { fn_full: true }],
  ['fn_expired', { fn_expired: true }],
  ['fn_broken', { fn_broken: true }],
  ['not_registered', { not_registered: true }],
])('in the trouble %s', (trouble, fault) => {
  test.each(ACTS)('no %s is made, and the state tells why', (_what, act) => {
    const { register } = setUp()
    register.setFaults(fault)
    expect(register.state().trouble).toBe(trouble)
    expect(act(register)).toEqual(refused(trouble))
    expect(register.state()).toMatchObject({ lastFdNumber: 1, shift: { kind: 'closed', number: 0 } })
    register.faults.reset()
    expect(act(register)).toMatchObject({ kind: 'made' })
  })
})

test('the OFD’s silence of 30 days stops documents until it has them', () => {
  const { register } = setUp()
  const { fnNumber } = made(register.receipt(content(), 'a'))
  register.setFaults({ unsent_for_days: 30 })
  expect(register.receipt(content(), 'b')).toEqual(refused('fn_unsent_too_long'))
  register.confirmThrough(fnNumber, 3)
  expect(register.receipt(content(), 'b')).toMatchObject({ kind: 'made' })
})

test('a busy register turns so many acts away, and looking at it does not make it free', () => {
  const { register } = setUp()
  register.setFaults({ busy: 3 })
  expect(register.state().trouble).toBe('busy')
  expect(register.state().trouble).toBe('busy')
  expect(register.receipt(content(), 'a')).toEqual(refused('busy'))
  expect(register.moveCash(100)).toEqual(refused('busy'))
  expect(register.openShift(null)).toEqual(refused('busy'))
  expect(register.receipt(content(), 'a')).toMatchObject({ kind: 'made' })
})

test.each(['cover_open', 'printer_fault'] as const)('moves no cash in the trouble %s', (trouble) => {
  const { register } = setUp()
  register.setFaults({ [trouble]: true })
  expect(register.moveCash(100)).toEqual(refused(trouble))
})
