import { describe, expect, test } from 'bun:test'
import { PAYMENT_METHODS, type PaymentMethod } from './item.ts'
import { OPERATIONS, type Operation } from './operation.ts'
import type { ReceiptContent } from './receipt.ts'
import { TAXATION_SYSTEMS, type TaxationSystem } from './taxation.ts'
import { VATS, type Vat } from './vat.ts'
import { vatVerdicts } from './vat_verdicts.ts'

type Sold = {
  vat: Vat
  operation?: Operation
  method?: PaymentMethod
  /** The day of the settlement that the receipt corrects. */
  corrects?: string
  taxationSystem?: TaxationSystem
}

function content({ vat, operation = 'sale', method, corrects, taxationSystem }: Sold): ReceiptContent {
  const item = { name: 'Frame', priceKopecks: 100, quantityMicro: 1_000_000, totalKopecks: 100, vat }
  return {
    posId: 'POS-001',
    type: operation,
    items: [method === undefined ? item : { ...item, paymentMethod: method }],
    payments: [{ type: 'cash', amountKopecks: 100 }],
    totalKopecks: 100,
    ...(taxationSystem && { taxationSystem }),
    ...(corrects && { correction: { type: 'self', date: corrects } }),
  }
}

const verdictsOf = (sold: Sold, date: string) =>
  vatVerdicts(content(sold), date).map(({ kind, code }) => `${kind} ${code}`)
const ofTheDay = (sold: Sold, date: string) =>
  verdictsOf(sold, date).filter((verdict) => /ended|too_early/.test(verdict))

/** The days around each change of the law: the rates that there were not yet, and those that had ended. */
const DAYS: Readonly<Record<string, { early: string; ended: string }>> = {
  '2018-12-31': { early: 'vat5 vat7 vat20 vat22 vat105 vat107 vat120 vat122', ended: '' },
  '2019-01-01': { early: 'vat5 vat7 vat22 vat105 vat107 vat122', ended: '' },
  '2024-12-31': { early: 'vat5 vat7 vat22 vat105 vat107 vat122', ended: '' },
  '2025-01-01': { early: 'vat22 vat122', ended: '' },
  '2025-12-31': { early: 'vat22 vat122', ended: '' },
  '2026-01-01': { early: '', ended: 'vat20 vat120' },
  '2026-11-29': { early: '', ended: 'vat20 vat120' },
}

/** The verdicts on a rate by the law of a day. `mayBeEnded`: the money comes back, or pays a loan off. */
function expected(kind: 'refused' | 'unusual', vat: Vat, date: string, mayBeEnded: boolean): string[] {
  const { early = '', ended = '' } = DAYS[date] ?? {}
  if (early.split(' ').includes(vat)) return [`${kind} vat_rate_too_early`]
  return ended.split(' ').includes(vat) && !mayBeEnded ? [`${kind} vat_rate_ended`] : []
}

describe.each(Object.keys(DAYS))('on %s', (date) => {
  describe.each(OPERATIONS)('%s', (operation) => {
    const comesBack = operation === 'refund' || operation === 'buy_refund'
    test.each(PAYMENT_METHODS)('with %s, each rate is judged by the day', (method) => {
      const mayBeEnded = comesBack || method === 'credit_payment'
      for (const vat of VATS) {
        const kind = operation === 'sale' ? 'refused' : 'unusual'
        expect(ofTheDay({ vat, operation, method }, date), vat).toEqual(expected(kind, vat, date, mayBeEnded))
      }
    })

    test('a correction is judged by the day of its settlement, and never refused', () => {
      for (const vat of VATS) {
        const found = ofTheDay({ vat, operation, corrects: date }, '2026-11-29')
        expect(found, vat).toEqual(expected('unusual', vat, date, comesBack))
      }
    })
  })
})

test('goods without a payment_method are paid in full', () => {
  for (const vat of VATS) {
    const [silent, said] = [{ vat }, { vat, method: 'full_payment' }] as const
    expect(verdictsOf(silent, '2026-11-29')).toEqual(verdictsOf(said, '2026-11-29'))
  }
})

test('a refusal names the place, the rate, its day, the last day and the rule', () => {
  const [verdict] = vatVerdicts(content({ vat: 'vat20' }), '2026-01-01')
  expect(verdict).toMatchObject({ kind: 'refused', pointer: '/items/0/vat' })
  for (const named of ['vat20', 'on 2026-01-01', 'ended on 2026-01-01', 'АБ-4-20/11248@', 'refunds']) {
    expect(verdict?.message).toContain(named)
  }
  const [early] = vatVerdicts(content({ vat: 'vat5' }), '2024-12-31')
  for (const named of ['vat5', '2024-12-31', 'from 2025-01-01', '1038@']) expect(early?.message).toContain(named)
})

test('the place is that of the item', () => {
  const [first, second] = [content({ vat: 'vat22' }), content({ vat: 'vat20' })]
  const both = { ...first, items: [...first.items, ...second.items] }
  expect(vatVerdicts(both, '2026-01-01').map(({ pointer }) => pointer)).toEqual(['/items/1/vat'])
})

describe('the way of settlement', () => {
  const BEFORE_THE_GOODS = ['full_prepayment', 'prepayment', 'advance']
  test.each(PAYMENT_METHODS)('%s has the rates that belong to it', (method) => {
    const odd = VATS.filter((vat) => /inverted|plain/.test(verdictsOf({ vat, method }, '2026-11-29').join()))
    const inverted: Vat[] = ['vat105', 'vat107', 'vat110', 'vat120', 'vat122']
    const plain: Vat[] = ['vat5', 'vat7', 'vat10', 'vat20', 'vat22']
    expect(odd).toEqual(BEFORE_THE_GOODS.includes(method) ? plain : inverted)
  })
})

describe('the taxation system', () => {
  const oddUnder = (taxationSystem: TaxationSystem) =>
    VATS.filter((vat) => /usn|patent/.test(verdictsOf({ vat, taxationSystem }, '2025-06-01').join()))

  test('5 and 7 % are warned of outside of УСН', () => {
    const found = TAXATION_SYSTEMS.map((system) => [system, oddUnder(system).join(' ')])
    const ofUsn = 'vat5 vat7 vat105 vat107'
    expect(Object.fromEntries(found)).toEqual({
      osn: ofUsn,
      usn_income: '',
      usn_income_outcome: '',
      esn: ofUsn,
      patent: VATS.filter((vat) => vat !== 'none').join(' '),
    })
  })

  test('nothing is said where the system is not known', () => {
    expect(verdictsOf({ vat: 'vat5' }, '2025-06-01')).toEqual([])
  })
})

test('nothing but the day of a sale refuses', () => {
  const kinds = new Set<string>()
  for (const vat of VATS) {
    for (const method of PAYMENT_METHODS) {
      for (const taxationSystem of TAXATION_SYSTEMS) {
        for (const verdict of vatVerdicts(content({ vat, method, taxationSystem }), '2025-06-01')) {
          if (verdict.kind === 'refused') kinds.add(verdict.code)
        }
      }
    }
  }
  expect([...kinds]).toEqual(['vat_rate_too_early'])
})
