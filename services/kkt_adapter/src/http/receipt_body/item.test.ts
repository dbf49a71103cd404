import { describe, expect, test } from 'bun:test'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from '../../domain/item.ts'
import { MARKING_STATUSES } from '../../domain/marking.ts'
import { VATS } from '../../domain/vat.ts'
import { item, receipt, refusals, refusedAt } from '../../testing/receipt_bodies.ts'
import { receiptBody } from '../receipt_schema.ts'

const refusedOf = (fields: Record<string, unknown>) => refusedAt(receipt([item(fields)]))
const readOf = (fields: Record<string, unknown>) => receiptBody.parse(receipt([item(fields)])).items[0]

/** An item without `vat_rate`. */
const { vat_rate: _rate, ...bare } = item()

describe('the VAT rate', () => {
  test('has two names, and one meaning', () => {
    const pairs: [number | null, string][] = [
      [null, 'none'],
      [0, 'vat0'],
      [5, 'vat5'],
      [7, 'vat7'],
      [10, 'vat10'],
      [20, 'vat20'],
      [22, 'vat22'],
    ]
    for (const [vat_rate, vat] of pairs) {
      const [numbered, named] = [item({ vat_rate }), { ...bare, vat }].map((one) => receiptBody.parse(receipt([one])))
      expect(JSON.stringify(numbered)).toBe(JSON.stringify(named))
    }
  })

  test.each(VATS)('%s is read as it is', (vat) => {
    expect(receiptBody.parse(receipt([{ ...bare, vat }])).items).toMatchObject([{ vat }])
  })

  test('is said once, in one of the two forms', () => {
    expect(refusals(receipt([item({ vat: 'vat22' })]))).toMatchObject([{ at: 'items/0/vat' }])
    expect(refusals(receipt([bare]))).toMatchObject([{ at: 'items/0/vat_rate', message: 'is missing' }])
    for (const vat of ['vat18', 'VAT22', '', null, 22]) {
      expect(refusedAt(receipt([{ ...bare, vat }]))).toEqual(['items/0/vat'])
    }
  })
})

/** Each optional field: its name inside, values that are taken as they are, and others that are refused. */
const FIELDS: Readonly<Record<string, { inside?: string; taken: readonly unknown[]; refused: readonly unknown[] }>> = {
  payment_method: { inside: 'paymentMethod', taken: PAYMENT_METHODS, refused: ['full', '', null, 4] },
  payment_object: {
    inside: 'paymentObject',
    taken: PAYMENT_OBJECTS.filter((object) => !object.endsWith('with_marking')),
    refused: ['goods', '', null, 1],
  },
  measure: { taken: MEASURES, refused: ['pieces', '', null, 0] },
  country: { taken: ['643', '001'], refused: ['RUS', '64', '6430', 643, null] },
  declaration: { taken: ['10702030/131120/0013754', 'x'.repeat(32)], refused: ['x'.repeat(33), '', 'a\nb', 1] },
  attribute: { taken: ['ID 17', 'я'.repeat(64)], refused: ['я'.repeat(65), '', null] },
  supplier: {
    taken: [
      { name: 'ООО «Линза»', inn: '7701234567' },
      { phones: ['+7 (495) 123-45-67'] },
      { inn: '770123456789' },
      {},
    ],
    refused: [
      { inn: '770123456' },
      { inn: 7701234567 },
      { name: 'x'.repeat(240) },
      { phones: [] },
      { phone: '1' },
      null,
    ],
  },
  sector: {
    taken: [[{ body: '030', date: '2023-11-21', number: '1944', value: 'UUID=1&Time=2' }]],
    refused: [
      [],
      [{ body: '30', date: '2023-11-21', number: '1944', value: 'x' }],
      [{ body: '030', date: '21.11.2023', number: '1944', value: 'x' }],
      [{ body: '030', date: '2023-02-29', number: '1944', value: 'x' }],
      [{ body: '030', date: '2023-11-21', number: '1'.repeat(33), value: 'x' }],
      [{ body: '030', date: '2023-11-21', number: '1944', value: 'x'.repeat(257) }],
      [{ body: '030', date: '2023-11-21', number: '1944' }],
    ],
  },
  agent: {
    taken: [
      { type: 'attorney' },
      { type: 'commission_agent' },
      { type: 'another' },
      { type: 'bank_paying_agent', phones: ['+79991234567'], operation: 'Приём' },
      { type: 'paying_subagent', operation: 'x'.repeat(24) },
    ],
    refused: [
      { type: 'agent' },
      {},
      { type: 'attorney', phones: ['+79991234567'] },
      { type: 'paying_agent', transfer_operator: { name: 'Bank' } },
      { type: 'bank_paying_agent', receiver_phones: ['+79991234567'] },
      { type: 'paying_agent', operation: 'x'.repeat(25) },
      { type: 'paying_agent', phones: ['x'] },
      'attorney',
      null,
    ],
  },
}

describe.each(Object.entries(FIELDS))('%s', (name, { inside = name, taken, refused }) => {
  test('is taken as it is', () => {
    for (const value of taken) {
      const read: [string, unknown][] = Object.entries(readOf({ [name]: value }) ?? {})
      expect(read, JSON.stringify(value)).toContainEqual([inside, value])
    }
  })

  test('is refused at its place', () => {
    for (const value of refused) {
      const places = refusedOf({ [name]: value })
      expect(places.length, JSON.stringify(value)).toBeGreaterThan(0)
      for (const place of places) expect(`${place}/`).toStartWith(`items/0/${name}/`)
    }
  })

  test('is absent where it is not said', () => expect(readOf({})).not.toHaveProperty(inside))
})

test('the fields of an agent are read by its kind', () => {
  const operator = { phones: ['84951234567'], name: 'Bank', address: 'Moscow', inn: '7701234567' }
  expect(readOf({ agent: { type: 'bank_paying_subagent', transfer_operator: operator } })?.agent).toEqual({
    type: 'bank_paying_subagent',
    transferOperator: operator,
  })
  expect(readOf({ agent: { type: 'paying_agent', receiver_phones: ['84951234567'] } })?.agent).toEqual({
    type: 'paying_agent',
    receiverPhones: ['84951234567'],
  })
  expect(refusals(receipt([item({ agent: { type: 'agent' } })]))).toMatchObject([
    { at: 'items/0/agent/type', message: expect.stringMatching(/^must be one of bank_paying_agent, .*another$/) },
  ])
})

test('the excise is money', () => {
  expect(readOf({ excise: 12.5 })).toHaveProperty('exciseKopecks', 1250)
  expect(readOf({ excise: 0 })).toHaveProperty('exciseKopecks', 0)
  expect([-1, 0.001, '1'].flatMap((excise) => refusedOf({ excise }))).toEqual(Array(3).fill('items/0/excise'))
})

describe('a marking code', () => {
  /** With the separators that scanners send, and bytes beyond ASCII. */
  const CODE = Buffer.from(`010460043993125621JgXJ5T\u001d91ABCD\u001d92${'\u00ff'.repeat(8)}`, 'latin1')
  const marking_code = CODE.toString('base64')
  const marked = { marking_code, payment_object: 'commodity_with_marking' }

  test('goes through unharmed', () => {
    const { markingCode = '' } = readOf(marked) ?? {}
    expect(Buffer.from(markingCode, 'base64').equals(CODE)).toBe(true)
  })

  test('has 1 to 256 bytes, in base64 with its padding', () => {
    const ofBytes = (count: number) => refusedOf({ marking_code: Buffer.alloc(count, 1).toString('base64') })
    expect([1, 2, 3, 255, 256].flatMap(ofBytes)).toEqual([])
    expect([0, 257, 258].flatMap(ofBytes)).toEqual(Array(3).fill('items/0/marking_code'))
    for (const wrong of ['MDE', 'MDE=MDE=', 'M===', '****', 'MD\n=', 'MD_-', 7, null]) {
      expect(refusedOf({ marking_code: wrong })).toEqual(['items/0/marking_code'])
    }
  })

  test('brings its status and its fraction', () => {
    for (const marking_status of MARKING_STATUSES) {
      expect(readOf({ ...marked, marking_status })).toHaveProperty('markingStatus', marking_status)
    }
    expect(readOf({ ...marked, fraction: '1/2' })).toHaveProperty('fraction', '1/2')
    for (const fraction of ['2/1', '1/1', '0/2', '1', '1/2/3', '-1/2', 'a/b', 0.5]) {
      expect(refusedOf({ ...marked, fraction })).toEqual(['items/0/fraction'])
    }
    expect(refusedOf({ marking_status: 'piece_sold' })).toEqual(['items/0/marking_status'])
    expect(refusedOf({ fraction: '1/2' })).toEqual(['items/0/fraction'])
  })

  test('must be there where the payment_object says so', () => {
    for (const payment_object of ['commodity_with_marking', 'excise_with_marking']) {
      expect(refusedOf({ payment_object })).toEqual(['items/0/marking_code'])
    }
  })

  test('is of one piece, or of any measure', () => {
    const two = { ...marked, quantity: 2, total: 200 }
    expect(refusedOf(two)).toEqual(['items/0/quantity'])
    expect(refusedOf({ ...two, measure: 'piece' })).toEqual(['items/0/quantity'])
    expect(refusedOf({ ...two, measure: 'kilogram' })).toEqual([])
  })

  test('is only in a sale and a refund', () => {
    const ofType = (type: string) => refusedAt(receipt([item(), item(marked)], { type }))
    expect(['sale', 'refund'].flatMap(ofType)).toEqual([])
    expect(['buy', 'buy_refund'].flatMap(ofType)).toEqual(Array(2).fill('items/1/marking_code'))
  })
})
