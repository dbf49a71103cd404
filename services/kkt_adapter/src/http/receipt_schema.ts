import { z } from 'zod'
import { OPERATIONS } from '../domain/operation.ts'
import { readableText } from '../domain/readable_text.ts'
import { type ReceiptContent, type SaidContent, saysRates } from '../domain/receipt.ts'
import { said } from '../domain/said.ts'
import { TAXATION_SYSTEMS } from '../domain/taxation.ts'
import { idempotencyKey } from './idempotency_key.ts'
import { correction, original } from './receipt_body/correction.ts'
import { email, MAX_KOPECKS, oneOf, roubles } from './receipt_body/fields.ts'
import { item } from './receipt_body/item.ts'
import { payment } from './receipt_body/payment.ts'
import { cashier, customer } from './receipt_body/people.ts'
import { faultsOf, itemsKopecks, rateFaults } from './receipt_body/whole.ts'

export const MAX_BODY_BYTES = 256 * 1024
const MAX_ITEMS = 100
const MAX_PAYMENTS = 10
const MAX_PLACE_CHARACTERS = 256
const MAX_ATTRIBUTE_CHARACTERS = 16
const MAX_USER_ATTRIBUTE = { name: 64, value: 256 }

const mustBeId = 'must be 1 to 64 letters, digits, dots, dashes or underscores'
export const posId = z
  .string(mustBeId)
  .regex(/^[A-Za-z0-9._-]{1,64}$/, mustBeId)
  .meta({ description: "The till's name: 1 to 64 of A-Z a-z 0-9 . _ -" })

const text = (maxCharacters: number, description: string) => readableText(maxCharacters).meta({ description })

export const fields = z.strictObject({
  pos_id: posId,
  type: oneOf(
    OPERATIONS,
    'A sale, the return of a sale, a purchase by the shop, or the return of that (tag 1054). With `correction`: a correction of it',
  ),
  items: z.array(item).min(1).max(MAX_ITEMS).meta({ description: 'The things sold (tag 1059)' }),
  payments: z.array(payment).max(MAX_PAYMENTS).meta({
    description:
      'The ways of paying. Together they are the total; in a sale and a buy_refund, cash may be more, and the change is answered. A receipt with a total of 0 needs none',
  }),
  total: roubles(
    "The receipt's sum (tag 1020): that of the items, or 0.99 below it at most. Without it: the items' sum",
    MAX_ITEMS * MAX_KOPECKS,
  ).optional(),
  correction: correction
    .meta({ description: 'Makes the receipt a correction of its `type` (tags 1173 and 1174)' })
    .optional(),
  corrects: original
    .meta({ description: 'The document that is corrected, with `correction` only (tag 1192)' })
    .optional(),
  refund_of: original
    .meta({
      description:
        'The document whose goods come back, in a refund and a buy_refund only (tag 1192). An item may leave its rate, `payment_object` and `measure` to the item of its name there, and the refund its `taxation_system`',
    })
    .optional(),
  taxation_system: oneOf(
    TAXATION_SYSTEMS,
    "One that the KKT is registered with (tag 1055). Without it: that of the original in a refund that names it, or the till's settings",
  ).optional(),
  cashier: cashier.meta({ description: "The cashier. Without it: the till's settings" }).optional(),
  customer: customer.meta({ description: 'The buyer, as far as the receipt names one' }).optional(),
  internet: z
    .boolean('must be true or false')
    .meta({ description: 'The settlement is on the internet (tag 1125)' })
    .optional(),
  place: text(
    MAX_PLACE_CHARACTERS,
    "The place of the settlement; on the internet the site (tag 1187). Without it: the till's settings",
  ).optional(),
  address: text(
    MAX_PLACE_CHARACTERS,
    "The address of the settlement (tag 1009). Without it: the till's settings",
  ).optional(),
  electronic: z
    .boolean('must be true or false')
    .meta({ description: 'No paper: the customer gets the receipt by `email` or `phone`' })
    .optional(),
  attribute: text(
    MAX_ATTRIBUTE_CHARACTERS,
    "The receipt's additional attribute (tag 1192). Not beside `corrects` or `refund_of`, which take its place",
  ).optional(),
  user_attribute: z
    .strictObject({
      name: text(MAX_USER_ATTRIBUTE.name, 'Its name (tag 1085)'),
      value: text(MAX_USER_ATTRIBUTE.value, 'Its value (tag 1086)'),
    })
    .meta({ description: "The user's own attribute of the receipt (tag 1084)" })
    .optional(),
  sender_email: email("The sender of electronic receipts (tag 1117). Without it: the till's settings").optional(),
})

export type ReceiptFields = z.output<typeof fields>

/** A receipt that says all its rates: roubles on the wire, kopecks and millionths inside. */
export const receiptBody = fields.transform((body, context): ReceiptContent => {
  const said = readSaid(body, context)
  if (saysRates(said)) return said
  for (const fault of rateFaults(said.items)) context.addIssue({ code: 'custom', ...fault })
  return z.NEVER
})

/** A receipt, and how it is taken. */
const sale = fields
  .extend({
    force: z
      .boolean('must be true or false')
      .meta({ description: 'An operator takes the refund beyond what is left of its original. It is warned of' })
      .optional(),
  })
  .transform(({ force, ...body }, context) => {
    if (force !== undefined && body.refund_of === undefined) {
      context.addIssue({ code: 'custom', path: ['force'], message: 'must not be there without refund_of' })
    }
    const content = readSaid(body, context)
    // A refund's original says the rates that the till leaves out.
    const faults = body.refund_of === undefined ? rateFaults(content.items) : []
    for (const fault of faults) context.addIssue({ code: 'custom', ...fault })
    return { content, isForced: force ?? false }
  })

/** The body of `POST /v1/kkt/receipt`. As one function it reads in half the time, and leaves what is wrong to `sale`. */
export const saleBody = z.compile(sale, { strict: true })

function readSaid(body: ReceiptFields, context: z.core.$RefinementCtx): SaidContent {
  for (const fault of faultsOf(body)) context.addIssue({ code: 'custom', ...fault })
  return Object.assign(contentOf(body), correctsOf(body))
}

const contentOf = (body: ReceiptFields) =>
  said({
    posId: body.pos_id,
    type: body.type,
    items: body.items,
    payments: body.payments,
    totalKopecks: body.total ?? itemsKopecks(body.items),
    refundOf: body.refund_of,
    taxationSystem: body.taxation_system,
    cashier: body.cashier,
    customer: body.customer,
    internet: body.internet,
    place: body.place,
    address: body.address,
    electronic: body.electronic,
    attribute: body.attribute,
    userAttribute: body.user_attribute,
    senderEmail: body.sender_email,
  })

const correctsOf = ({ correction, corrects }: ReceiptFields) =>
  correction === undefined ? {} : said({ correction, corrects })

export const receiptHeaders = z.object({ 'idempotency-key': idempotencyKey })
