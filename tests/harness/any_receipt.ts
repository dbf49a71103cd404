/** Any receipt that the law and the adapter take, drawn by a seed: every operation, way of paying and optional field. */
import type { Body, SentItem } from './wire_content.ts'

/** Gives a whole number from 0 to below its argument. */
export type Draw = (limit: number) => number

type Operation = Body['type']
type Payment = Body['payments'][number]

const one = <const T>(draw: Draw, values: readonly [T, ...T[]]): T => values[draw(values.length)] ?? values[0]
/** Whether it comes up, which it does once in so many draws. */
const isOne = (draw: Draw, of: number): boolean => draw(of) === 0
const some = <T extends object>(draw: Draw, of: number, fields: () => T): Partial<T> =>
  isOne(draw, of) ? fields() : {}

const OPERATIONS = ['sale', 'sale', 'sale', 'sale', 'refund', 'refund', 'buy', 'buy_refund'] as const
/** One receipt in so many is of a taxation system with which the mock KKT is not registered: it refuses it for good. */
const UNREGISTERED = 25
const UNREGISTERED_SYSTEM = 'esn'
const NAMES = [
  'Очки для чтения +1.5',
  'Lens cleaner, 30 ml',
  'Оправа №5 «Ёлка»',
  'Футляр за 100 ₽ 👓',
  'Линза − 2,25',
] as const
const PHONE = '+7 495 123-45-67'

/**
 * Rates that new business may have on any day since 2026; half of them is in the older form. The rates of other years are
 * lawful where money comes back, and in corrections of that time.
 */
const RATES: readonly [Partial<SentItem>, ...Partial<SentItem>[]] = [
  { vat_rate: 22 },
  { vat_rate: 10 },
  { vat_rate: 5 },
  { vat_rate: 7 },
  { vat_rate: 0 },
  { vat_rate: null },
  { vat: 'none' },
  { vat: 'vat0' },
  { vat: 'vat10' },
  { vat: 'vat22' },
  { vat: 'vat105', payment_method: 'advance' },
  { vat: 'vat107', payment_method: 'prepayment' },
  { vat: 'vat110', payment_method: 'full_prepayment' },
  // Probably a mistake, of which the till is warned.
  { vat: 'vat122' },
]
const EARLIER_RATES: readonly [Partial<SentItem>, ...Partial<SentItem>[]] = [
  { vat_rate: 20 },
  { vat: 'vat20' },
  { vat: 'vat120', payment_method: 'advance' },
]
/** A loan is paid off at the rate of its goods. */
const LOAN = { vat: 'vat20', payment_method: 'credit_payment' }
const METHODS = ['full_payment', 'partial_payment', 'credit', 'full_prepayment'] as const
const OBJECTS = ['commodity', 'service', 'job', 'payment', 'excise', 'agent_commission', 'deposit'] as const
const MEASURES = ['piece', 'kilogram', 'liter', 'hour', 'square_meter', 'other'] as const

type Circumstances = { type: Operation; isCorrection: boolean; isGift: boolean }

const MICRO = 1_000_000
const QUANTITIES = [MICRO, MICRO, MICRO, 2 * MICRO, MICRO / 2, 1_234_567, 333_333] as const

/** Price times quantity, down or up to a whole kopeck. */
function totalKopecks(priceKopecks: number, quantityMicro: number, draw: Draw): number {
  const product = BigInt(priceKopecks) * BigInt(quantityMicro)
  const down = product / BigInt(MICRO)
  return Number(down) + (down * BigInt(MICRO) < product && isOne(draw, 2) ? 1 : 0)
}

function rates({ type, isCorrection }: Circumstances, draw: Draw): Partial<SentItem> {
  const isOfEarlier = type !== 'sale' && type !== 'buy'
  if ((isOfEarlier || isCorrection) && isOne(draw, 3)) return one(draw, EARLIER_RATES)
  return type === 'sale' && isOne(draw, 12) ? LOAN : one(draw, RATES)
}

/** Marked goods, which only a sale and its refund may have. The code holds a GS character, so it is sent in base64. */
function marked(draw: Draw): Partial<SentItem> {
  const code = `010460043993125621JgXJ5.T\u001d93${String(draw(10_000)).padStart(4, '0')}`
  return {
    payment_object: one(draw, ['commodity_with_marking', 'excise_with_marking']),
    marking_code: Buffer.from(code).toString('base64'),
    ...some(draw, 4, () => ({ marking_status: 'unchanged' })),
    ...some(draw, 4, () => ({ fraction: '1/2' })),
  }
}

const agentOf = (draw: Draw): Partial<SentItem> => ({
  agent: one<NonNullable<SentItem['agent']>>(draw, [
    { type: 'attorney' },
    { type: 'paying_agent', phones: [PHONE], operation: 'Приём платежа', receiver_phones: ['88001234567'] },
    {
      type: 'bank_paying_agent',
      phones: [PHONE],
      transfer_operator: { phones: [PHONE], name: 'Банк', address: 'Москва', inn: '7700000009' },
    },
  ]),
  supplier: { phones: [PHONE], name: 'ООО «Поставщик»', inn: '7700000009' },
})

const rareFields = (draw: Draw): Partial<SentItem> => ({
  ...some(draw, 3, () => agentOf(draw)),
  ...some(draw, 3, () => ({ excise: draw(10_000) / 100 })),
  ...some(draw, 3, () => ({ country: '643', declaration: '10702070/010126/0000001' })),
  ...some(draw, 3, () => ({ attribute: 'Партия 7' })),
  ...some(draw, 3, () => ({ sector: [{ body: '030', date: '2026-01-15', number: '1944', value: 'UUID=1&Time=2' }] })),
})

function anyItem(circumstances: Circumstances, draw: Draw): SentItem {
  const { type, isGift } = circumstances
  const isMarked = (type === 'sale' || type === 'refund') && isOne(draw, 6)
  const priceKopecks = isGift ? 0 : 1 + draw(isOne(draw, 10) ? 50_000_000 : 300_000)
  const quantityMicro = isMarked ? MICRO : one(draw, QUANTITIES)
  return {
    name: one(draw, NAMES),
    price: priceKopecks / 100,
    quantity: quantityMicro / MICRO,
    total: totalKopecks(priceKopecks, quantityMicro, draw) / 100,
    ...some(draw, 4, () => ({ payment_method: one(draw, METHODS) })),
    ...rates(circumstances, draw),
    ...some(draw, 3, () => ({ payment_object: one(draw, OBJECTS) })),
    ...some(draw, 3, () => ({ measure: one(draw, MEASURES) })),
    ...(isMarked ? marked(draw) : {}),
    ...some(draw, 4, () => rareFields(draw)),
  }
}

const MOST_PAYMENTS = 3

/** Payments in any ways that settle the sum. Where the customer pays, cash may be more, and change is given. */
function paid(due: number, type: Operation, draw: Draw): Payment[] {
  const payments: Payment[] = []
  let left = due
  for (let i = draw(MOST_PAYMENTS); i > 0 && left > 1; i -= 1) {
    const amount = 1 + draw(left - 1)
    left -= amount
    payments.push({ type: one(draw, ['card', 'cash', 'prepaid', 'credit', 'other']), amount: amount / 100 })
  }
  if (left === 0) return payments
  const change = (type === 'sale' || type === 'buy_refund') && isOne(draw, 3) ? draw(500_000) : 0
  return [
    ...payments,
    {
      type: change > 0 ? 'cash' : one(draw, ['cash', 'card', 'prepaid', 'credit', 'other']),
      amount: (left + change) / 100,
    },
  ]
}

/** A document of another KKT, by its numbers. */
const elsewhere = (draw: Draw) => ({
  fn: '9999078900000961',
  fd: 1 + draw(1_000_000),
  fpd: String(draw(2 ** 32)),
})

type Origin = Pick<Body, 'correction' | 'corrects' | 'refund_of' | 'attribute'>

function origin(type: Operation, isCorrection: boolean, draw: Draw): Origin {
  const own = some(draw, 5, () => ({ attribute: `Заказ ${draw(1000)}` }))
  if (isCorrection) {
    const date = '2026-01-15'
    const correction: Body['correction'] = isOne(draw, 2)
      ? { type: 'self', date }
      : { type: 'instruction', date, number: 'ЖН-17/2' }
    return isOne(draw, 2) ? { correction, corrects: elsewhere(draw) } : { correction, ...own }
  }
  const isRefund = type === 'refund' || type === 'buy_refund'
  return isRefund && isOne(draw, 2) ? { refund_of: elsewhere(draw) } : own
}

type People = Pick<Body, 'cashier' | 'customer' | 'internet' | 'electronic' | 'place'>

function people(draw: Draw): People {
  const cashier: Pick<Body, 'cashier'> = some(draw, 4, () => ({
    cashier: isOne(draw, 2) ? { name: 'Сидорова С. С.' } : { name: 'Автомат', inn: '500100732259' },
  }))
  if (!isOne(draw, 3)) return cashier
  const contact = isOne(draw, 2) ? { email: 'buyer@mail.example' } : { phone: PHONE }
  const company = some(draw, 3, () => ({ name: 'ООО «Покупатель»', inn: '7700000009' }))
  return {
    ...cashier,
    customer: { ...contact, ...company },
    ...some(draw, 2, () => ({ electronic: true })),
    ...some(draw, 4, () => ({ internet: true, place: 'https://shop.example' })),
  }
}

const setting = (draw: Draw): Pick<Body, 'taxation_system' | 'place' | 'address' | 'sender_email'> => ({
  ...some(draw, 5, () => ({ taxation_system: one(draw, ['osn', 'usn_income', 'usn_income_outcome', 'patent']) })),
  ...some(draw, 8, () => ({ place: 'Прилавок 2', address: 'Москва, Тверская, 1' })),
  ...some(draw, 8, () => ({ sender_email: 'till@shop.example' })),
  ...some(draw, UNREGISTERED, () => ({ taxation_system: UNREGISTERED_SYSTEM })),
})

const MOST_ITEMS = 4
const MOST_ROUNDED_OFF = 99

/**
 * A receipt that the adapter takes on any day since 2026. The mock KKT refuses some for good, by `isRefusedByKkt`. The OFD
 * finds nothing in them where the till's settings name a cashier.
 * @param draw the same draws give the same receipt
 */
export function anyReceipt(posId: string, draw: Draw): Body {
  const type = one(draw, OPERATIONS)
  const circumstances = { type, isCorrection: isOne(draw, 6), isGift: isOne(draw, 12) }
  const items = Array.from({ length: 1 + draw(MOST_ITEMS) }, () => anyItem(circumstances, draw))
  const sum = items.reduce((kopecks, { total }) => kopecks + Math.round(total * 100), 0)
  const due = isOne(draw, 6) ? Math.max(0, sum - draw(1 + MOST_ROUNDED_OFF)) : sum
  return {
    pos_id: posId,
    type,
    items,
    payments: paid(due, type, draw),
    ...(due === sum ? some(draw, 6, () => ({ total: due / 100 })) : { total: due / 100 }),
    ...setting(draw),
    ...people(draw),
    ...origin(type, circumstances.isCorrection, draw),
    ...some(draw, 8, () => ({ user_attribute: { name: 'Карта', value: String(draw(10_000)) } })),
  }
}

/** The same where the KKT is a register of ATOL: it takes a part of a marked good by pieces alone, and is registered with all systems. */
export function anyRegisteredReceipt(posId: string, draw: Draw): Body {
  const { items, ...receipt } = anyReceipt(posId, draw)
  return { ...receipt, items: items.map(byPieces) }
}

/** A till's settings may name another measure where the receipt names none. */
const byPieces = ({ fraction, ...item }: SentItem): SentItem =>
  fraction === undefined || item.measure !== 'piece' ? item : { ...item, fraction }

/** Whether the mock KKT is not registered for such a receipt. */
export const isRefusedByKkt = ({ taxation_system }: Pick<Body, 'taxation_system'>): boolean =>
  taxation_system === UNREGISTERED_SYSTEM
