import { describe, expect, test } from 'bun:test'
import { receiptBody } from '../../http/receipt_schema.ts'
import { deviceInfo, ID, registered, registrationInfo } from '../../testing/atol_answers.ts'
import { item, receipt } from '../../testing/receipt_bodies.ts'
import { refusalBy, workRefusalBy } from './capabilities.ts'
import { readRegistered } from './registration.ts'

const CASHIER = { name: 'Иванова А. А.' }
const contentOf = (body: object) => receiptBody.parse({ cashier: CASHIER, ...body })
type Fields = Record<string, unknown>
const sale = (more: Fields = {}, ofReceipt: Fields = {}) => contentOf(receipt([item(more)], ofReceipt))
const CODE = { marking_code: 'MDEwNDYwMDQz', payment_object: 'commodity_with_marking' }
const self = { type: 'self', date: '2026-01-02' }
const online = { internet: true, customer: { email: 'a@b.c' }, place: 'https://shop.example' }

describe('a registration', () => {
  test('is read without the spaces that pad its numbers', () => {
    expect(registered()).toEqual({
      kktNumber: 'KKT-001',
      modelName: 'АТОЛ 77Ф',
      serialNumber: '00106900000014',
      firmwareVersion: '5.17.1',
      ffdVersion: '1.2',
      registrationNumber: '0000000001002292',
      fnsUrl: 'www.nalog.gov.ru',
      seller: { name: 'ООО "ОПТИКА"', inn: '7701234567' },
      address: 'г. Москва, ул. Лесная, д. 1',
      place: 'Магазин № 3',
      taxationSystems: ['osn', 'usn_income'],
      defaultTaxationSystem: 'osn',
      agents: ['attorney', 'paying_agent'],
      isFor: { internet: true, excise: true, gambling: false, lottery: false, marking: true },
      isOffline: false,
      isAutomatic: false,
    })
  })
  test('may name systems of earlier years, and no default', () => {
    const old = registered({ taxationTypes: ['envd', 'patent'] }, { defaultTaxationType: 'none' })
    expect([old.taxationSystems, old.defaultTaxationSystem]).toEqual([['patent'], 'patent'])
    expect(registered({}, { defaultTaxationType: 'none' }).defaultTaxationSystem).toBeNull()
  })
  test('that does not fit is none', () => {
    expect(readRegistered({ deviceInfo: deviceInfo(), registrationInfo: {} }, 'KKT-001')).toBeNull()
    const ffd4 = deviceInfo({ ffdVersion: '4' })
    expect(readRegistered({ deviceInfo: ffd4, registrationInfo: registrationInfo() }, 'KKT-001')).toBeNull()
  })
})

test('a KKT takes all that it is registered for', () => {
  const contents = [
    sale(),
    sale(CODE),
    sale({ agent: { type: 'attorney' } }),
    sale({ payment_object: 'excise', excise: 1 }),
    sale({ measure: 'kilogram', quantity: 1.000001 }),
    sale({}, online),
    sale({}, { taxation_system: 'usn_income' }),
    sale({}, { type: 'refund', correction: self }),
    sale({}, { electronic: true, customer: { email: 'a@b.c' } }),
  ]
  expect(contents.map((content) => refusalBy(registered(), content))).toEqual(contents.map(() => null))
})

/** A KKT of an earlier format. */
const of = (ffdVersion: string) => registered({}, {}, { ffdVersion })

type Refused = [string, string, RegExp, ReturnType<typeof registered>, ReturnType<typeof sale>]

const expectRefused = (...[, pointer, reason, kkt, content]: Refused) =>
  expect(refusalBy(kkt, content)).toEqual({
    pointer,
    reason: { en: expect.stringMatching(reason), ru: expect.stringMatching(/[а-я]/) },
  })

describe('a KKT refuses by the name of the field, with what to do:', () => {
  test.each<Refused>([
    [
      'an attribute under the name of its own, by which documents are found again',
      '/user_attribute/name',
      /must not be receipt_id/,
      registered(),
      sale({}, { user_attribute: { name: 'receipt_id ', value: ID } }),
    ],
    [
      'a taxation system that it is not registered with',
      '/taxation_system',
      /must be one of osn, usn_income, with which/,
      registered(),
      sale({}, { taxation_system: 'patent' }),
    ],
    [
      'no taxation system where it has no default',
      '/taxation_system',
      /one of osn, usn_income.*or set TAXATION_SYSTEM/,
      registered({}, { defaultTaxationType: 'none' }),
      sale(),
    ],
    ['no cashier', '/cashier', /set CASHIER_NAME/, registered(), receiptBody.parse(receipt())],
    ['a marking code', '/items/0/marking_code', /not registered/, registered({}, { marking: false }), sale(CODE)],
  ])('%s', expectRefused)
})

describe('a KKT of an earlier format refuses by the name of the field:', () => {
  test.each<Refused>([
    [
      'a marking code before FFD 1.2',
      '/items/0/marking_code',
      /needs FFD 1.2, and the KKT is registered with FFD 1.1/,
      of('1.1'),
      sale(CODE),
    ],
    [
      'marked goods before FFD 1.2',
      '/items/0/payment_object',
      /needs FFD 1.2/,
      of('1.1'),
      sale({ payment_object: 'commodity_without_marking' }),
    ],
    ['a measure before FFD 1.2', '/items/0/measure', /needs FFD 1.2/, of('1.05'), sale({ measure: 'kilogram' })],
    [
      'more than 3 decimals before FFD 1.2',
      '/items/0/quantity',
      /needs FFD 1.2/,
      of('1.1'),
      sale({ quantity: 0.3333, price: 3, total: 1 }),
    ],
    [
      'an attribute of a sector before FFD 1.2',
      '/items/0/sector',
      /needs FFD 1.2/,
      of('1.1'),
      sale({ sector: [{ body: '030', date: '2026-01-15', number: '1', value: 'a' }] }),
    ],
    [
      'a correction before FFD 1.1',
      '/correction',
      /needs FFD 1.1.*by a refund and a new receipt/,
      of('1.05'),
      sale({}, { type: 'refund', correction: self }),
    ],
  ])('%s', expectRefused)
})

describe('a KKT refuses by the name of the field what it is not registered for:', () => {
  test.each<Refused>([
    [
      'an agent of a kind that it is not registered for',
      '/items/0/agent',
      /not registered/,
      registered(),
      sale({ agent: { type: 'commission_agent' } }),
    ],
    ['the internet', '/internet', /not registered/, registered({}, { internet: false }), sale({}, online)],
    [
      'the internet without a contact',
      '/customer',
      /an email or a phone/,
      registered(),
      sale({}, { ...online, customer: undefined }),
    ],
    ['the internet without a site', '/place', /site/, registered(), sale({}, { ...online, place: undefined })],
    [
      'an electronic receipt without an OFD',
      '/electronic',
      /without an OFD/,
      registered({}, { offlineMode: true }),
      sale({}, { electronic: true, customer: { email: 'a@b.c' } }),
    ],
    [
      'excise goods',
      '/items/0/payment_object',
      /not registered/,
      registered({}, { excise: false }),
      sale({ payment_object: 'excise' }),
    ],
    ['an excise', '/items/0/excise', /not registered/, registered({}, { excise: false }), sale({ excise: 1 })],
    [
      'a part of a package that is not counted in pieces',
      '/items/0/fraction',
      /counted in pieces/,
      registered(),
      sale({ ...CODE, fraction: '1/2', measure: 'liter' }),
    ],
    ['a bet', '/items/0/payment_object', /not registered/, registered(), sale({ payment_object: 'gambling_bet' })],
    ['a lottery', '/items/0/payment_object', /not registered/, registered(), sale({ payment_object: 'lottery' })],
  ])('%s', expectRefused)
})

test('a registration that does not tell a mark refuses nothing for it', () => {
  const silent = registered({ agents: undefined }, { internet: undefined, marking: undefined, excise: null })
  for (const content of [sale(CODE), sale({ agent: { type: 'attorney' } }), sale({}, online), sale({ excise: 1 })])
    expect(refusalBy(silent, content)).toBeNull()
})

test('a registration that names no agent refuses them before FFD 1.2 only', () => {
  const agent = sale({ agent: { type: 'attorney' } })
  expect(refusalBy(registered({ agents: ['none'] }), agent)).toBeNull()
  const earlier = registered({ agents: [] }, {}, { ffdVersion: '1.1' })
  expect(refusalBy(earlier, agent)).toMatchObject({ pointer: '/items/0/agent' })
})

test('a work needs a cashier, but a copy, and on a device that has none', () => {
  const automatic = registered({}, { autoMode: true })
  expect(workRefusalBy(registered(), { kind: 'x_report' }, null)).toMatchObject({ pointer: '/cashier' })
  expect(workRefusalBy(registered(), { kind: 'open_shift', cashier: null }, null)).not.toBeNull()
  expect(workRefusalBy(registered(), { kind: 'open_shift', cashier: CASHIER }, null)).toBeNull()
  expect(workRefusalBy(registered(), { kind: 'x_report' }, CASHIER)).toBeNull()
  expect(workRefusalBy(registered(), { kind: 'copy', receiptId: ID }, null)).toBeNull()
  expect(workRefusalBy(automatic, { kind: 'x_report' }, null)).toBeNull()
})
