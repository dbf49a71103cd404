import { describe, expect, test } from 'bun:test'
import { content } from '../testing/kit.ts'
import { OPERATIONS } from './operation.ts'
import { reversalOf, rightReceipt } from './put_right.ts'
import type { ReceiptContent } from './receipt.ts'

const WHY = { type: 'self', date: '2025-12-30' } as const
const OF = { fnNumber: '9999078900001234', fdNumber: 71, fiscalSign: '1494325660' }

const sold = (overrides: object = {}): ReceiptContent => ({ ...content(), ...overrides })

describe('the reversal of a wrong receipt', () => {
  test('is a correction of the opposite operation', () => {
    const reversed = OPERATIONS.map((type) => reversalOf(sold({ type }), WHY, OF).type)
    expect(reversed).toEqual(['refund', 'sale', 'buy_refund', 'buy'])
    expect(reversalOf(sold(), WHY, OF)).toMatchObject({ correction: WHY, corrects: OF })
  })

  test('has the items as they were, with a rate that has ended', () => {
    const [item] = sold().items
    const wrong = sold({ items: [{ ...item, vat: 'vat20' }], cashier: { name: 'Иванова А. А.' }, place: 'Shop 3' })
    expect<unknown>(reversalOf(wrong, WHY, OF)).toEqual({ ...wrong, type: 'refund', correction: WHY, corrects: OF })
  })

  test('takes back what was settled: the change that was given is taken off the cash', () => {
    const payments = [
      { type: 'cash', amountKopecks: 6000 },
      { type: 'card', amountKopecks: 4500 },
      { type: 'cash', amountKopecks: 1000 },
    ]
    expect(reversalOf(sold({ payments }), WHY, OF).payments).toEqual([
      { type: 'cash', amountKopecks: 5500 },
      { type: 'card', amountKopecks: 4500 },
    ])
  })

  test('leaves the planned status of marked goods to its own operation', () => {
    const [item] = sold().items
    const marked = { ...item, markingCode: 'MDEw', markingStatus: 'piece_sold' }
    expect<unknown>(reversalOf(sold({ items: [marked, item] }), WHY, OF).items).toEqual([
      { ...item, markingCode: 'MDEw' },
      item,
    ])
  })

  test('names the wrong document in place of all that stood in tag 1192, also where that was a correction', () => {
    const wrong = [
      sold({ attribute: 'a' }),
      sold({ refundOf: { receiptId: 'r' }, type: 'refund' }),
      sold({ correction: { type: 'instruction', date: '2025-01-31', number: '7' }, corrects: { ...OF, fdNumber: 8 } }),
    ]
    for (const one of wrong) {
      const { corrects, correction, attribute, refundOf } = reversalOf(one, WHY, OF)
      expect<unknown>({ corrects, correction, attribute, refundOf }).toEqual({ corrects: OF, correction: WHY })
    }
  })
})

describe('the right receipt', () => {
  test('is a correction of its own operation, of the wrong document', () => {
    expect<unknown>(rightReceipt(sold(), WHY, OF)).toEqual({ ...sold(), correction: WHY, corrects: OF })
  })

  test('of a settlement that was never fiscalised corrects no document, and keeps its attribute', () => {
    expect<unknown>(rightReceipt(sold({ attribute: 'a' }), WHY, null)).toEqual({
      ...sold({ attribute: 'a' }),
      correction: WHY,
    })
  })
})
