import { ask } from '../kit/ask.ts'
import { newKey } from './sending.ts'
import type { PrintAnswer } from './wire.ts'

type Sale = { till: string; price: string; count: number }

/** `isPrinted` and `lastId` are of the last one. */
export type Sold = { count: number; isPrinted: boolean; lastId: string }

/** Two of something, so that a slip shows a multiplication. */
const QUANTITY = 2
const VAT = 'vat22'
const CASHIER = { name: 'Ivanova A. A.' }

/** A receipt in a till's form. @param price in roubles, with a dot or a comma */
export function sampleReceipt(till: string, price: string) {
  const kopecks = Math.round(Number(price.replace(',', '.')) * 100)
  const total = (kopecks * QUANTITY) / 100
  return {
    pos_id: till,
    type: 'sale',
    items: [{ name: 'Lens cleaner, 30 ml', price: kopecks / 100, quantity: QUANTITY, total, vat: VAT }],
    cashier: CASHIER,
    payments: [{ type: 'card', amount: total }],
  }
}

/**
 * Posts receipts as a till does.
 * @throws Refused
 */
export async function postReceipts({ till, price, count }: Sale): Promise<Sold> {
  const post = () =>
    ask<PrintAnswer>('/v1/kkt/receipt', {
      method: 'POST',
      body: sampleReceipt(till, price),
      headers: { 'idempotency-key': newKey() },
    })
  const answers = await Promise.all(Array.from({ length: count }, post))
  const last = answers.at(-1)
  return { count, isPrinted: last?.status === 'printed', lastId: last?.receipt_id ?? '' }
}
