import { expect, test } from 'bun:test'
import type { KktState, KktTrouble } from '../../domain/kkt.ts'
import { readTime } from './answer_forms.ts'
import { type Finding, findingsOf, type Seen, type Wanted } from './probe_findings.ts'
import type { Registered } from './registration.ts'

const DAY_MS = 86_400_000

const REGISTERED: Registered = {
  kktNumber: 'KKT-001',
  modelName: 'АТОЛ 77Ф',
  serialNumber: '00106900000014',
  firmwareVersion: '5.8.100',
  ffdVersion: '1.2',
  registrationNumber: '0000000001002292',
  fnsUrl: 'www.nalog.gov.ru',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: 'Москва',
  place: 'Магазин',
  taxationSystems: ['osn', 'patent'],
  defaultTaxationSystem: 'osn',
  agents: [],
  isFor: { internet: false, excise: false, gambling: false, lottery: false, marking: true },
  isOffline: false,
  isAutomatic: false,
}

const WANTED: Wanted = { timeZone: 'Europe/Moscow', taxationSystem: null, hasCashier: true, delivery: 'kkt' }

type Change = {
  registered?: Partial<Registered>
  state?: Partial<KktState>
  wanted?: Partial<Wanted>
  /** By the register's clock. */
  time?: string
  nowMs?: number
}

function found({ registered, state, wanted, time = '2026-11-22T16:43:00+03:00', nowMs }: Change = {}): Finding[] {
  const clock = readTime(time)
  if (clock === null) throw new Error(`${time} is no time`)
  const seen: Seen = {
    registered: { ...REGISTERED, ...registered },
    state: {
      kktNumber: 'KKT-001',
      fnNumber: '9999078900000961',
      shiftNumber: 12,
      lastFdNumber: 71,
      trouble: null,
      shift: { kind: 'closed', number: 12 },
      drawerKopecks: null,
      fnValidUntil: '2027-11-21',
      fnDaysLeft: 364,
      fnFlags: [],
      unsent: { count: 0, firstFd: null, sinceMs: null },
      clockMs: clock.instantMs,
      paperSupply: 'present',
      ffdVersion: '1.2',
      registrationNumber: REGISTERED.registrationNumber,
      serialNumber: REGISTERED.serialNumber,
      taxationSystems: REGISTERED.taxationSystems,
      ...state,
    },
    clock,
    fnFfdVersion: '1.2',
    nowMs: nowMs ?? clock.instantMs,
  }
  return findingsOf(seen, { ...WANTED, ...wanted })
}

const about = (what: string, change: Change) =>
  found(change)
    .filter((one) => one.about === what)
    .map(({ state, said }) => [state, said])

test('a register that fits is shown, and nothing is wrong', () => {
  expect(found().map(({ state, about: what, said }) => `${state} ${what}: ${said}`)).toEqual([
    'ok register: АТОЛ 77Ф, serial number 00106900000014, firmware 5.8.100',
    'ok FFD: 1.2, the FN takes 1.2',
    'ok FN: 9999078900000961, its last document is FD 71, its keys end on 2027-11-21 (364 days)',
    "ok registration: 0000000001002292, ООО «Оптика», INN 7701234567: the receipts are this seller's",
    'ok taxation: it is registered with osn, patent, and receipts have osn',
    'ok cashier: the settings name one',
    'ok delivery: the register hands its documents to the OFD by itself',
    'ok unsent: the OFD has all documents',
    'ok shift: closed, the last one was 12',
    "ok time zone: Europe/Moscow, as the register's clock (+03:00)",
    "ok clock: 2026-11-22 16:43:00, 0 s ahead of this machine's",
    'ok ready: it fiscalises',
  ])
})

const AT_MS = Date.parse('2026-11-22T16:43:00+03:00')

test.each<[string, Change, Finding['state'], string]>([
  ['FFD', { registered: { ffdVersion: '1.05' } }, 'note', 'register the KKT again with FFD 1.2'],
  ['FN', { state: { fnDaysLeft: 0 } }, 'wrong', 'replace it'],
  ['taxation', { wanted: { taxationSystem: 'esn' } }, 'wrong', 'set TAXATION_SYSTEM to one of these'],
  ['taxation', { registered: { defaultTaxationSystem: null } }, 'note', 'set TAXATION_SYSTEM'],
  ['cashier', { wanted: { hasCashier: false } }, 'wrong', 'set CASHIER_NAME'],
  ['cashier', { wanted: { hasCashier: false }, registered: { isAutomatic: true } }, 'ok', 'needs none'],
  ['delivery', { registered: { isOffline: true } }, 'wrong', 'register it again with an OFD'],
  ['delivery', { wanted: { delivery: 'http' } }, 'note', 'DELIVERY is http'],
  [
    'unsent',
    { state: { unsent: { count: 3, firstFd: 69, sinceMs: AT_MS - DAY_MS } } },
    'note',
    'the OFD lacks 3 documents, the first since 2026-11-21T13:43',
  ],
  [
    'unsent',
    { state: { unsent: { count: 3, firstFd: 69, sinceMs: AT_MS - 4 * DAY_MS } } },
    'wrong',
    'mend its way to the OFD',
  ],
  [
    'shift',
    { state: { shift: { kind: 'expired', number: 13, openedAtMs: AT_MS - 2 * DAY_MS, expiresAtMs: AT_MS - DAY_MS } } },
    'note',
    'the adapter closes it before it sells',
  ],
  ['clock', { nowMs: AT_MS + 90_000 }, 'note', "90 s behind this machine's: close the shift"],
  ['clock', { nowMs: AT_MS - 301_000 }, 'wrong', "301 s ahead of this machine's: close the shift"],
])('%s that does not fit is told with the remedy (%#)', (what, change, state, said) => {
  expect(about(what, change)).toEqual([[state, expect.stringContaining(said)]])
})

test('a register in another zone is told as that, and not as one whose clock is wrong', () => {
  const change = { time: '2026-11-22T18:43:00+05:00' }
  const [zone] = about('time zone', change)
  expect(zone).toEqual([
    'wrong',
    expect.stringContaining('at +05:00, and KKT_TIMEZONE=Europe/Moscow at +03:00: set KKT_TIMEZONE'),
  ])
  expect(about('clock', change)).toEqual([['ok', expect.any(String)]])
  expect(about('time zone', { ...change, wanted: { timeZone: 'Asia/Yekaterinburg' } })).toEqual([
    ['ok', expect.any(String)],
  ])
})

test('each warning of the FN is told with what to do', () => {
  const [, ...flags] = about('FN', { state: { fnFlags: ['ends_in_30_days', 'nearly_full'] } })
  expect(flags).toEqual([
    ['note', expect.stringContaining('order a new one')],
    ['note', expect.stringContaining('order a new one')],
  ])
})

test.each<[KktTrouble, Finding['state']]>([
  ['paper_out', 'wrong'],
  ['fn_broken', 'wrong'],
  ['busy', 'wrong'],
  ['shift_expired', 'note'],
])('a register that fiscalises nothing because of %s is %s', (trouble, state) => {
  expect(about('ready', { state: { trouble } })).toEqual([[state, expect.stringMatching(/: /)]])
})
