import { z } from 'zod'
import { decimalToUnits, multiply } from '../domain/money.ts'
import { readableText } from '../domain/readable_text.ts'
import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { idempotencyKey } from './idempotency_key.ts'

export const MAX_BODY_BYTES = 256 * 1024
const MAX_ITEMS = 100
const MAX_PAYMENTS = 10
const MAX_NAME_CHARACTERS = 128
/** The limit of a price, of an item's total and of a payment: 2^32 - 1. Their sum may be larger and stays exact. */
const MAX_KOPECKS = 4_294_967_295
const MAX_QUANTITY_MILLI = 99_999_999
const VAT_RATES = [0, 5, 7, 10, 20, 22]

/** A JSON number that converts exactly into units: kopecks or thousandths. */
const decimal = (places: number, { least, most }: { least: 0 | 1; most: number }) => {
  const max = (most / 10 ** places).toFixed(places)
  const must = `must be a number ${least === 0 ? 'not below' : 'above'} 0, at most ${max}, with ${places} decimals at most`
  return z.number(must).transform((value, context) => {
    const units = decimalToUnits(value, places)
    if (units !== undefined && units >= least && units <= most) return units
    context.addIssue(must)
    return z.NEVER
  })
}

/** A gift has the price 0 and is on the receipt. */
const price = decimal(2, { least: 0, most: MAX_KOPECKS })
const amount = decimal(2, { least: 1, most: MAX_KOPECKS })

const mustBeId = 'must be 1 to 64 letters, digits, dots, dashes or underscores'
export const posId = z.string(mustBeId).regex(/^[A-Za-z0-9._-]{1,64}$/, mustBeId)

const mustBeRate = `must be one of ${VAT_RATES.join(', ')} or null`

const item = z
  .strictObject({
    name: readableText(MAX_NAME_CHARACTERS),
    price,
    quantity: decimal(3, { least: 1, most: MAX_QUANTITY_MILLI }),
    total: price,
    vat_rate: z
      .number(mustBeRate)
      .nullable()
      .refine((rate) => rate === null || VAT_RATES.includes(rate), mustBeRate),
  })
  .refine(({ price, quantity, total }) => multiply(price, quantity) === total, {
    path: ['total'],
    message: 'must be price times quantity, rounded half up to the kopeck',
  })

const payment = z.strictObject({ type: z.enum(['cash', 'card', 'other']), amount })

/** The body of `POST /v1/kkt/receipt`: roubles on the wire, kopecks and thousandths inside. */
export const receiptBody = z
  .strictObject({
    pos_id: posId,
    type: z.enum(['sale', 'refund']),
    items: z.array(item).min(1).max(MAX_ITEMS),
    payments: z.array(payment).min(1).max(MAX_PAYMENTS),
  })
  .transform((body, context): ReceiptContent => {
    const totalKopecks = body.items.reduce((sum, { total }) => sum + total, 0)
    const paidKopecks = body.payments.reduce((sum, { amount }) => sum + amount, 0)
    if (totalKopecks === 0) {
      context.addIssue({ code: 'custom', path: ['items'], message: 'must include an item that is not free' })
    } else if (totalKopecks !== paidKopecks) {
      context.addIssue({ code: 'custom', path: ['payments'], message: "must add up to the sum of the items' totals" })
    }
    return {
      posId: body.pos_id,
      type: body.type,
      items: body.items.map(({ name, price, quantity, total, vat_rate }) => ({
        name,
        priceKopecks: price,
        quantityMilli: quantity,
        totalKopecks: total,
        vatRate: vat_rate,
      })),
      payments: body.payments.map(({ type, amount }) => ({ type, amountKopecks: amount })),
      totalKopecks,
    }
  })

export const receiptHeaders = z.object({ 'idempotency-key': idempotencyKey })

export const receiptId = z
  .guid('must be a receipt_id, which is a UUID')
  .transform((id) => id.toLowerCase() as ReceiptId)
