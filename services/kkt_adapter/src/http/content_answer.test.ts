import { expect, test } from 'bun:test'
import { z } from 'zod'
import { ofdDocument } from '../delivery/ofd_document.ts'
import type { DocDetails, ReceiptId } from '../domain/receipt.ts'
import { wireFiscalDoc } from '../domain/wire_forms.ts'
import { startApp } from '../testing/app_kit.ts'
import { fiscalDoc } from '../testing/kit.ts'
import { fiscalDoc as fiscalDocAnswer } from './fiscal_doc_answer.ts'

/** With GS characters between its parts. */
const CODE = Buffer.from('010460043993125621JgXJ5T\u001d918023\u001d92').toString('base64')

/** A refund that says everything that a receipt can say, in the order in which an answer says it. */
const REFUND = {
  pos_id: 'POS-7',
  type: 'refund',
  items: [
    {
      name: 'Линзы',
      price: 149.9,
      quantity: 1.000001,
      total: 149.9,
      vat_rate: 22,
      payment_method: 'credit_payment',
      payment_object: 'excise_with_marking',
      measure: 'kilogram',
      marking_code: CODE,
      marking_status: 'unchanged',
      fraction: '1/2',
      agent: {
        type: 'bank_paying_agent',
        phones: ['+79991234567'],
        operation: 'Приём',
        transfer_operator: { phones: ['84951234567'], name: 'Bank', address: 'Moscow', inn: '7701234567' },
      },
      supplier: { phones: ['+79991234567'], name: 'Поставщик', inn: '770123456789' },
      excise: 12.5,
      country: '643',
      declaration: '10702030/131120/0013754',
      attribute: 'ID 17',
      sector: [{ body: '030', date: '2023-11-21', number: '1944', value: 'UUID=1' }],
    },
    {
      name: 'Аванс',
      price: 0.11,
      quantity: 1,
      total: 0.1,
      vat: 'vat122',
      payment_method: 'advance',
      payment_object: 'payment',
      agent: { type: 'paying_agent', receiver_phones: ['84951234567'] },
    },
  ],
  payments: [
    { type: 'cash', amount: 50 },
    { type: 'card', amount: 50 },
    { type: 'prepaid', amount: 20 },
    { type: 'credit', amount: 20 },
    { type: 'other', amount: 9.5 },
  ],
  total: 149.5,
  refund_of: { fn: '9999078900000961', fd: 71, fpd: '1494325660' },
  taxation_system: 'osn',
  cashier: { name: 'Иванова А. А.', inn: '770123456789' },
  customer: { email: 'anna@example.com', name: 'ООО «Линза»', inn: '7701234567' },
  internet: true,
  place: 'https://optika.example',
  address: 'г. Москва',
  electronic: true,
  user_attribute: { name: 'Карта', value: '17' },
  sender_email: 'shop@example.com',
}

const CORRECTION = {
  pos_id: 'POS-7',
  type: 'buy',
  items: [{ name: 'Scrap', price: 1, quantity: 1, total: 1, vat_rate: null }],
  payments: [{ type: 'cash', amount: 1 }],
  total: 1,
  correction: { type: 'instruction', date: '2025-12-30', number: '17-04' },
  corrects: { receipt_id: '0190f3a4-1b2c-7d3e-8f40-1234567890ab' },
  cashier: { name: 'Петров' },
  customer: { phone: '+79991234567' },
}

/** The rates that an answer adds to those that the till said. */
const RATES = new Map([
  ['Линзы', { vat: 'vat22' }],
  ['Scrap', { vat: 'none' }],
])
const shown = ({ pos_id, items, ...rest }: typeof REFUND | typeof CORRECTION) => ({
  ...rest,
  items: items.map((item) => ({ ...item, ...RATES.get(item.name) })),
})

const idOf = (json: unknown) => z.object({ receipt_id: z.guid() }).parse(json).receipt_id as ReceiptId

test.each([
  ['a refund that says everything', REFUND],
  ['a correction', CORRECTION],
])('%s is shown as its till sent it, and delivered so', async (_what, sent) => {
  const { ask, post, journal } = startApp()
  const id = idOf((await post(sent)).json)
  const view = z.record(z.string(), z.unknown()).parse((await ask('GET', `/v1/kkt/receipt/${id}`)).json)
  const expected = shown(sent)
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, view[name]]))).toEqual(expected)

  const receipt = journal.queries.find(id)
  if (!receipt?.fiscalDoc) throw new Error('It has no document')
  const { fiscalDoc } = receipt
  const { fiscal_doc: _doc, ...delivered } = ofdDocument({ ...receipt, fiscalDoc }, 'KKT-007')
  expect(JSON.parse(JSON.stringify(delivered))).toEqual({
    receipt_id: id,
    pos_id: 'POS-7',
    kkt_id: 'KKT-007',
    ...expected,
  })
})

test('a receipt that says little is shown without the rest, with the cashier of the settings', async () => {
  const { ask, post } = startApp()
  const { json } = await ask('GET', `/v1/kkt/receipt/${idOf((await post()).json)}`)
  const NUMBERS =
    'created_at fiscal_doc last_error ofd_id pos_id printed_at receipt_id retry_count status synced_at untold_fn'
  const CONTENT = 'items payments total type cashier warnings left'
  const view = z.record(z.string(), z.unknown()).parse(json)
  expect(Object.keys(view).sort()).toEqual(`${NUMBERS} ${CONTENT}`.split(' ').sort())
  expect(view['items']).toEqual([{ name: 'Frame', price: 100, quantity: 1, total: 100, vat_rate: 22, vat: 'vat22' }])
})

test('a receipt of gifts only is journaled, printed and shown, with a total of nothing and no payment', async () => {
  const { ask, post } = startApp()
  const gift = { name: 'Cloth', price: 0, quantity: 1, total: 0, vat_rate: 22 }
  const answer = await post({ pos_id: 'POS-7', type: 'sale', items: [gift], payments: [] })
  expect(answer.json).toMatchObject({ status: 'printed' })
  const { json } = await ask('GET', `/v1/kkt/receipt/${idOf(answer.json)}`)
  expect(json).toMatchObject({ status: 'pending', items: [gift], payments: [], total: 0 })
})

test('a marked item shows the planned status that its till left to the operation', async () => {
  const { ask, post } = startApp()
  const piece = { name: 'Frame', price: 100, quantity: 1, total: 100, vat: 'vat22', marking_code: CODE }
  const sold = { pos_id: 'POS-7', type: 'sale', items: [piece], payments: [{ type: 'card', amount: 100 }] }
  const { json } = await ask('GET', `/v1/kkt/receipt/${idOf((await post(sold)).json)}`)
  expect(json).toMatchObject({ items: [{ marking_code: CODE, marking_status: 'piece_sold' }] })
})

const DETAILS: DocDetails = {
  operation: 'buy_refund',
  isCorrection: true,
  registrationNumber: '0000000001002292',
  serialNumber: '0010690000000042',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: null,
  place: 'Shop 3',
  taxationSystem: 'usn_income',
  cashier: { name: 'Ivanova', inn: '770123456789' },
  vatSums: [{ vat: 'vat22', sumKopecks: 1803 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  changeKopecks: 5050,
  ffdVersion: '1.2',
  fnsUrl: 'www.nalog.gov.ru',
  instantMs: Date.UTC(2026, 10, 22, 13, 43),
}

test('a document has its details on the wire, and one of an earlier version has none', () => {
  const plain = wireFiscalDoc(fiscalDoc(7))
  expect(plain).not.toContainAnyKeys(['operation', 'details', 'seller', 'change'])
  const whole = wireFiscalDoc({ ...fiscalDoc(7), details: DETAILS })
  expect<object>(whole).toEqual({
    ...plain,
    operation: 'buy_refund',
    correction: true,
    registration_number: '0000000001002292',
    serial_number: '0010690000000042',
    seller: { name: 'ООО «Оптика»', inn: '7701234567' },
    address: null,
    place: 'Shop 3',
    taxation_system: 'usn_income',
    cashier: { name: 'Ivanova', inn: '770123456789' },
    vat_sums: [{ vat: 'vat22', sum: 18.03 }],
    payments: [{ type: 'cash', amount: 100 }],
    change: 50.5,
    ffd_version: '1.2',
    fns_url: 'www.nalog.gov.ru',
    fiscal_instant: '2026-11-22T13:43:00.000Z',
  })
  expect(wireFiscalDoc({ ...fiscalDoc(7), details: { ...DETAILS, isCorrection: false } })).not.toHaveProperty(
    'correction',
  )
  // The answer's schema takes out what it does not know.
  for (const doc of [plain, whole]) expect(fiscalDocAnswer.parse(doc)).toEqual(doc)
})
