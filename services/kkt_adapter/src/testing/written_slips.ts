/** Receipts whose slips are written by hand, after the printed slip that the law and the KKTs of this country have. */
import { readFileSync } from 'node:fs'
import type { Fiscalised } from '../slip/blocks.ts'
import { fiscalised, recordedEarlier } from './slips.ts'

type Fields = Record<string, unknown>

const ofHand = (name: string): string => readFileSync(new URL(`../slip/by_hand/${name}.txt`, import.meta.url), 'utf8')

const item = (name: string, price: number, fields: Fields): Fields => ({
  name,
  price,
  quantity: 1,
  total: price,
  ...fields,
})
const card = (amount: number): Fields => ({ type: 'card', amount })
const cash = (amount: number): Fields => ({ type: 'cash', amount })

const CASHIER = { name: 'Иванова А. А.' }
const sold = (fields: Fields): Fiscalised => fiscalised({ cashier: CASHIER, ...fields })
const answering = (receipt: Fiscalised): Fiscalised => ({ ...receipt, originalSign: '24109209' })

const ORIGINAL = { fn: '9999078900000961', fd: 12, fpd: '24109209' }
const SHOP_OF_THE_WEB = 'https://optika.example'

export const SALE = sold({
  cashier: { ...CASHIER, inn: '123456789047' },
  items: [
    item('Очки для чтения +1.5', 1250, { vat_rate: 22 }),
    item('Раствор для линз, 360 мл', 420.5, { quantity: 2, total: 841, vat_rate: 10 }),
    item('Салфетка в подарок', 0, { vat_rate: null }),
    item('Цепочка для очков', 333.33, { quantity: 0.125, total: 41.67, vat_rate: 0, measure: 'meter' }),
  ],
  payments: [card(1500), cash(132.67), card(500)],
})

const LONG_NAME = 'Прогрессивные фотохромные очковые линзы с мультипокрытием и индексом 1.67, левая и правая'
const REFUND = answering(
  sold({
    type: 'refund',
    refund_of: ORIGINAL,
    items: [item(LONG_NAME, 99_999.9, { vat_rate: 20 })],
    payments: [card(99_999.9)],
  }),
)

const ORDERED_CORRECTION = answering(
  sold({
    correction: { type: 'instruction', date: '2025-10-15', number: '12-34/567' },
    corrects: ORIGINAL,
    items: [item('Оправа', 1200, { vat: 'vat20' })],
    payments: [cash(1200)],
  }),
)

const OWN_CORRECTION = sold({
  type: 'refund',
  correction: { type: 'self', date: '2026-11-01' },
  items: [item('Оправа', 1220, { vat: 'vat22' })],
  payments: [cash(1220)],
})

const MARKED = sold({
  items: [
    item('Линзы контактные, 30 шт.', 610, {
      vat_rate: 22,
      payment_object: 'commodity_with_marking',
      marking_code: btoa('010460043993125621JgXJ5T'),
      fraction: '1/2',
      sector: [{ body: '030', date: '2023-11-21', number: '1944', value: 'UUID=7a5b&Time=1763812980' }],
    }),
    item('Оправа', 1000, { vat_rate: null }),
  ],
  payments: [card(1610)],
})

const ADVANCE = sold({
  items: [item('Аванс', 1220, { vat: 'vat122', payment_method: 'advance', payment_object: 'payment' })],
  payments: [cash(1220)],
})

const OFFSET = sold({
  items: [item('Очки на заказ', 6100, { vat_rate: 22, payment_method: 'partial_payment' })],
  payments: [{ type: 'credit', amount: 4000 }, { type: 'prepaid', amount: 1220 }, card(880)],
})

const CHANGE = sold({
  taxation_system: 'usn_income',
  items: [
    item('Подгонка оправы', 1000, {
      quantity: 1.5,
      total: 1500,
      vat: 'none',
      measure: 'hour',
      payment_object: 'service',
    }),
  ],
  total: 1499.5,
  payments: [cash(1000), card(500), { type: 'other', amount: 200 }],
})

/** A site is an automatic device, and has no cashier. */
const ELECTRONIC = fiscalised({
  electronic: true,
  internet: true,
  place: SHOP_OF_THE_WEB,
  customer: { email: 'ivanov@example.com', name: 'ООО «Покупатель»', inn: '7709876543' },
  sender_email: 'shop@optika.example',
  attribute: 'Заказ 1234',
  user_attribute: { name: 'Карта клиента', value: '17' },
  items: [item('Линзы -2.75', 610, { quantity: 2, total: 1220, vat: 'vat122', payment_method: 'full_prepayment' })],
  payments: [card(1220)],
})

const AGENTS = sold({
  customer: { phone: '+79990001122' },
  items: [
    item('Оправа под заказ', 5000, {
      vat: 'none',
      agent: { type: 'commission_agent' },
      supplier: { name: 'ООО «Линза»', inn: '7701234567', phones: ['+74951234567', '+79991234567'] },
      excise: 12.5,
      country: '643',
      declaration: '10702030/131120/0013754',
      attribute: 'серия 17',
    }),
    item('Перевод', 100, {
      vat: 'none',
      measure: 'other',
      payment_object: 'payment',
      agent: {
        type: 'bank_paying_agent',
        phones: ['+74957654321'],
        operation: 'Перевод',
        transfer_operator: { name: 'АО «Банк»', inn: '7709876543', address: 'г. Москва', phones: ['84950001122'] },
      },
    }),
    item('Телефон', 50, {
      vat: 'none',
      payment_object: 'service',
      agent: { type: 'paying_subagent', receiver_phones: ['84950003344'] },
    }),
  ],
  payments: [card(5150)],
})

/** An earlier version's document tells no sums of tax, no seller and no cashier. */
const EARLIER = recordedEarlier(
  fiscalised({
    items: [
      item('Очки для чтения +1.5', 1250, { vat_rate: 22 }),
      item('Цепочка для очков', 41.67, { vat_rate: 0 }),
      item('Салфетка', 10, { vat_rate: null }),
    ],
    payments: [card(500), cash(801.67)],
  }),
)

type Written = { what: string; receipt: Fiscalised; width: 32 | 48; text: string }

const written = (what: string, receipt: Fiscalised, width: 32 | 48): Written => ({
  what: `${what}, ${width} columns`,
  receipt,
  width,
  text: ofHand(`${what.replaceAll(' ', '_')}_${width}`),
})

export const WRITTEN: readonly Written[] = [
  written('sale', SALE, 48),
  written('sale', SALE, 32),
  written('refund of a long name', REFUND, 48),
  written('refund of a long name', REFUND, 32),
  written('correction', ORDERED_CORRECTION, 48),
  written('own correction of a refund', OWN_CORRECTION, 32),
  written('marked', MARKED, 48),
  written('advance', ADVANCE, 48),
  written('advance offset', OFFSET, 32),
  written('change', CHANGE, 48),
  written('electronic', ELECTRONIC, 48),
  written('agents', AGENTS, 48),
  written('recorded earlier', EARLIER, 48),
]
