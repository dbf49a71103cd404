import { z } from 'zod'
import { decimalToUnits, multiply } from '../domain/money.ts'
import { readableText } from '../domain/readable_text.ts'
import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { vatOfRate } from '../domain/vat.ts'
import { idempotencyKey } from './idempotency_key.ts'

export const MAX_BODY_BYTES = 256 * 1024
const MAX_ITEMS = 100
const MAX_PAYMENTS = 10
const MAX_NAME_CHARACTERS = 128
/** The limit of a price, of an item's total and of a payment: 2^32 - 1. Their sum may be larger and stays exact. */
const MAX_KOPECKS = 4_294_967_295
const MAX_QUANTITY_MILLI = 99_999_999
const VAT_RATES = [0, 5, 7, 10, 20, 22]
const IN_ROUBLES = 'in roubles, with 2 decimals at most'

/** A JSON number that converts exactly into units: kopecks or thousandths. */
const decimal = (places: number, { least, most }: { least: 0 | 1; most: number }, description: string) => {
  const max = (most / 10 ** places).toFixed(places)
  const must = `must be a number ${least === 0 ? 'not below' : 'above'} 0, at most ${max}, with ${places} decimals at most`
  const published = { description, [least === 0 ? 'minimum' : 'exclusiveMinimum']: 0, maximum: Number(max) }
  return z
    .number(must)
    .transform((value, context) => {
      const units = decimalToUnits(value, places)
      if (units !== undefined && units >= least && units <= most) return units
      context.addIssue(must)
      return z.NEVER
    })
    .meta(published)
}

/** A gift has the price 0 and is on the receipt. */
const price = (description: string) => decimal(2, { least: 0, most: MAX_KOPECKS }, `${description}, ${IN_ROUBLES}`)
const amount = decimal(2, { least: 1, most: MAX_KOPECKS }, `The sum paid in this way, ${IN_ROUBLES}`)

const mustBeId = 'must be 1 to 64 letters, digits, dots, dashes or underscores'
export const posId = z
  .string(mustBeId)
  .regex(/^[A-Za-z0-9._-]{1,64}$/, mustBeId)
  .meta({ description: "The till's name: 1 to 64 of A-Z a-z 0-9 . _ -" })

const mustBeRate = `must be one of ${VAT_RATES.join(', ')} or null`

const item = z
  .strictObject({
    name: readableText(MAX_NAME_CHARACTERS).meta({
      description: 'The name on the receipt. No control character, and one character that is visible',
    }),
    price: price('The price of one unit'),
    quantity: decimal(3, { least: 1, most: MAX_QUANTITY_MILLI }, 'In units of the thing sold, with 3 decimals at most'),
    total: price('`price` times `quantity`, rounded half up to the kopeck'),
    vat_rate: z
      .number(mustBeRate)
      .nullable()
      .transform((rate, context) => {
        const vat = vatOfRate(rate)
        if (vat !== undefined) return vat
        context.addIssue(mustBeRate)
        return z.NEVER
      })
      .meta({ description: 'In percent, included in the price. Null: without VAT', enum: [...VAT_RATES, null] }),
  })
  .refine(({ price, quantity, total }) => multiply(price, quantity * 1000) === total, {
    path: ['total'],
    message: 'must be price times quantity, rounded half up to the kopeck',
  })
  .meta({ id: 'Item' })

const payment = z
  .strictObject({ type: z.enum(['cash', 'card', 'other']).meta({ description: 'The way of paying' }), amount })
  .meta({ id: 'Payment' })

/** The body of `POST /v1/kkt/receipt`: roubles on the wire, kopecks and millionths inside. */
export const receiptBody = z
  .strictObject({
    pos_id: posId,
    type: z.enum(['sale', 'refund']).meta({ description: 'A sale, or the return of a sale' }),
    items: z.array(item).min(1).max(MAX_ITEMS).meta({ description: 'The things sold. One of them is not free' }),
    payments: z
      .array(payment)
      .min(1)
      .max(MAX_PAYMENTS)
      .meta({ description: "The ways of paying. Together they are the sum of the items' totals" }),
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
      items: body.items.map(({ name, price, quantity, total, vat_rate: vat }) => ({
        name,
        priceKopecks: price,
        quantityMicro: quantity * 1000,
        totalKopecks: total,
        vat,
      })),
      payments: body.payments.map(({ type, amount }) => ({ type, amountKopecks: amount })),
      totalKopecks,
    }
  })

export const receiptHeaders = z.object({ 'idempotency-key': idempotencyKey })

export const receiptId = z
  .guid('must be a receipt_id, which is a UUID')
  .transform((id) => id.toLowerCase() as ReceiptId)
  .meta({ description: "The receipt's id, a UUID, as an answer gave it" })
