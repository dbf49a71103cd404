import { describe, expect, test } from 'bun:test'
import { VATS } from '../../kkt_adapter/src/domain/vat.ts'
import { createFormat } from '../kit/format.ts'
import { notesOf, operationOf, paidFacts, quantityOf, rateInWords, settlementFacts } from './sold.ts'
import { receipt } from './testing.ts'
import type { FiscalDoc, Item } from './wire.ts'
import { en } from './words/en.ts'
import { ru } from './words/ru.ts'

const inEnglish = { words: en, format: createFormat('en') }

const doc = (details: Partial<FiscalDoc> = {}): FiscalDoc => ({
  fiscal_doc_number: 12,
  fiscal_sign: '3599235197',
  fiscal_datetime: '2026-11-22T16:43:00+03:00',
  fn_number: '9999322233119332',
  kkt_number: 'KKT-001',
  shift_number: 1,
  receipt_number: 12,
  total: 100,
  ...details,
})

const item = (more: Partial<Item> = {}): Item => ({
  name: 'Frame',
  price: 100,
  quantity: 1,
  total: 100,
  vat: 'vat22',
  ...more,
})

describe('the operation', () => {
  test('is in words, for each and in both languages', () => {
    const types = ['sale', 'refund', 'buy', 'buy_refund'] as const
    expect(types.map((type) => operationOf(receipt({ type }), en))).toEqual([
      'Sale',
      'Refund',
      'Purchase',
      'Refund of a purchase',
    ])
    expect(operationOf(receipt({ type: 'buy_refund' }), ru)).toBe('Возврат расхода')
  })

  test('is a correction by the till’s words, or by the document', () => {
    const correction = { type: 'self', date: '2026-11-01' } as const
    expect(operationOf(receipt({ correction }), en)).toBe('Correction: Sale')
    expect(operationOf(receipt({ type: 'refund', fiscal_doc: doc({ correction: true }) }), ru)).toBe(
      'Коррекция: возврат прихода',
    )
    expect(operationOf(receipt({ fiscal_doc: doc() }), en)).toBe('Sale')
  })
})

test('each rate of VAT has its name', () => {
  expect(VATS.map((vat) => rateInWords(vat, en))).toEqual([
    ...['no VAT', '0 %', '5 %', '7 %', '10 %', '20 %', '22 %'],
    ...['5/105', '7/107', '10/110', '20/120', '22/122'],
  ])
})

test('a quantity has its measure, unless it counts pieces', () => {
  expect(quantityOf(item({ quantity: 2 }), inEnglish)).toBe('2')
  expect(quantityOf(item({ quantity: 0.125, measure: 'meter' }), inEnglish)).toBe('0.125 m')
})

test('an item is noted where it is not as in most sales', () => {
  expect(notesOf(item({ payment_method: 'full_payment', payment_object: 'commodity' }), en)).toEqual([])
  expect(notesOf(item({ payment_method: 'advance', payment_object: 'payment' }), en)).toEqual(['advance · payment'])
  const marked = { marking_code: 'MDEw', marking_status: 'piece_sold', fraction: '1/2' } as const
  const agent = { agent: { type: 'commission_agent' }, supplier: { name: 'ООО «Линза»', inn: '7701234567' } } as const
  expect(notesOf(item({ ...marked, ...agent }), en)).toEqual([
    'Marked: piece sold, part 1/2',
    'commission agent',
    'Supplier: ООО «Линза», INN 7701234567',
  ])
})

describe('the money', () => {
  test('is as the document settles it, with the change and the sums by rate', () => {
    const settled = doc({
      payments: [
        { type: 'cash', amount: 799.5 },
        { type: 'prepaid', amount: 500 },
      ],
      change: 200.5,
      vat_sums: [
        { vat: 'none', sum: 100 },
        { vat: 'vat0', sum: 50 },
        { vat: 'vat122', sum: 18.03 },
      ],
    })
    expect(paidFacts(receipt({ payments: [], fiscal_doc: settled }), inEnglish)).toEqual([
      ['Paid: cash', '₽799.50'],
      ['Paid: prepaid', '₽500.00'],
      ['Cash received', '₽1,000.00'],
      ['Change', '₽200.50'],
      ['Turnover, no VAT', '₽100.00'],
      ['Turnover, 0 %', '₽50.00'],
      ['VAT 22/122 in it', '₽18.03'],
    ])
  })

  test('is as the till said it before there is a document, and with one that tells no details', () => {
    const payments = [{ type: 'card', amount: 100 }] as const
    for (const fiscal_doc of [null, doc()]) {
      expect(paidFacts(receipt({ payments: [...payments], fiscal_doc }), inEnglish)).toEqual([
        ['Paid: card', '₽100.00'],
      ])
    }
  })
})

describe('the settlement', () => {
  test('says nothing of what nobody told', () => {
    expect(settlementFacts(receipt({ fiscal_doc: doc({ cashier: null, place: null }) }), inEnglish)).toEqual([])
  })

  test('has the document’s words before the till’s', () => {
    const said = { cashier: { name: 'Till' }, taxation_system: 'osn', place: 'Till', address: 'Till' } as const
    const signed = doc({ cashier: { name: 'KKT' }, taxation_system: 'patent', place: 'KKT', address: null })
    const terms = (more: Parameters<typeof receipt>[0]) => Object.fromEntries(settlementFacts(receipt(more), inEnglish))
    expect(terms(said)).toEqual({ Cashier: 'Till', 'Taxation system': 'general (OSN)', Place: 'Till', Address: 'Till' })
    expect(terms({ ...said, fiscal_doc: signed })).toEqual({
      Cashier: 'KKT',
      'Taxation system': 'patent',
      Place: 'KKT',
    })
  })

  test('has all that a receipt says of its customer, the internet and a correction', () => {
    const whole = receipt({
      correction: { type: 'instruction', date: '2025-12-30', number: '17-04' },
      cashier: { name: 'Ivanova A. A.', inn: '123456789047' },
      customer: { email: 'a@example.com', name: 'ООО «Покупатель»', inn: '7709876543' },
      internet: true,
      electronic: true,
      attribute: 'Order 12',
      user_attribute: { name: 'Card', value: '17' },
      sender_email: 'shop@example.com',
    })
    expect(settlementFacts(whole, inEnglish)).toEqual([
      ['Corrected', 'by order of the tax office, Dec 30, 2025, № 17-04'],
      ['Cashier', 'Ivanova A. A., INN 123456789047'],
      ['Customer', 'ООО «Покупатель», INN 7709876543'],
      ['Receipt sent to', 'a@example.com'],
      ['Sent from', 'shop@example.com'],
      ['Settled', 'on the internet'],
      ['Paper', 'none: an electronic receipt'],
      ['Additional attribute', 'Order 12'],
      ['Card', '17'],
    ])
    expect(
      settlementFacts(receipt({ customer: { phone: '+79991234567' } }), { words: ru, format: createFormat('ru') }),
    ).toEqual([['Чек отправлен на', '+79991234567']])
  })
})
