/**
 * The right form of a receipt's document, separate on purpose: the adapter's schema would accept the adapter's own
 * mistakes. Loose throughout: an OFD keeps fields that it does not know. Rules about several fields are in `judge/`.
 */
import { z } from 'zod'
import { MAX_ITEMS, MAX_PAYMENTS, OPERATIONS } from './judge/document.ts'
import { PAYMENT_TAGS } from './judge/totals.ts'
import { RATES } from './judge/vat.ts'
import {
  AGENT_TYPES,
  FFD_VERSIONS,
  MARKING_STATUSES,
  MEASURES,
  PAYMENT_METHODS,
  PAYMENT_OBJECTS,
  TAXATION_SYSTEMS,
} from './receipt_words.ts'
import { type RegisterDocument, registerNumbers } from './register_document.ts'

const isWholeKopecks = (roubles: number) => Math.round(roubles * 100) / 100 === roubles

const money = (description: string) =>
  z
    .number()
    .nonnegative()
    .refine(isWholeKopecks, 'takes at most 2 decimals')
    .meta({ description: `${description}, in roubles` })
const ordinal = (description: string) => z.int().positive().meta({ description })
/** Measured in characters, not in UTF-16 units: a text may hold characters that take two units each. */
const text = (most: number, description: string) =>
  z
    .string()
    .regex(new RegExp(`^.{1,${most}}$`, 'su'), `takes 1 to ${most} characters`)
    .meta({ description, minLength: 1, maxLength: most, pattern: undefined })
const digits = (pattern: RegExp, takes: string, description: string) =>
  z.string().regex(pattern, `takes ${takes}`).meta({ description })
const inn = (description: string) => digits(/^(\d{10}|\d{12})$/, '10 or 12 digits', description)
const phones = (description: string) =>
  z.array(text(19, 'A phone number')).max(MAX_PAYMENTS).optional().meta({ description })
const oneOf = (names: readonly string[], description: string) => z.enum([...names]).meta({ description })

const namesOf = (table: object) => Object.keys(table)
const vat = oneOf(namesOf(RATES), 'The rate of VAT. Those with 1 before the percent are inverted: 20/120')
const operation = oneOf(namesOf(OPERATIONS), 'The operation')
const taxationSystem = oneOf(TAXATION_SYSTEMS, 'The taxation system')

const payment = z
  .looseObject({
    type: oneOf(namesOf(PAYMENT_TAGS), 'The way of paying'),
    amount: money('The sum paid in this way'),
  })
  .meta({ id: 'Payment' })
/** A receipt of gifts has none. */
const payments = z.array(payment).max(MAX_PAYMENTS)

const cashier = z.looseObject({
  name: text(64, 'Surname and post'),
  inn: digits(/^\d{12}$/, '12 digits', 'The INN of the person').optional(),
})

const agent = z.looseObject({
  type: oneOf(AGENT_TYPES, 'The kind of agent'),
  phones: phones("The agent's phones"),
  operation: text(24, "The agent's operation").optional(),
  receiver_phones: phones("The receiving operator's phones"),
  transfer_operator: z
    .looseObject({
      phones: phones("The transfer operator's phones"),
      name: text(64, 'The name').optional(),
      address: text(256, 'The address').optional(),
      inn: inn('The INN').optional(),
    })
    .optional()
    .meta({ description: 'The operator of the transfer' }),
})

const item = z
  .looseObject({
    name: text(128, 'The name on the receipt'),
    price: money('The price of one unit'),
    quantity: z.number().positive().meta({ description: 'In units of its measure' }),
    total: money("The item's sum"),
    vat: vat.optional(),
    vat_rate: z
      .literal([0, 5, 7, 10, 20, 22])
      .nullable()
      .optional()
      .meta({ description: 'The rate in percent, where it is not inverted. Null: without VAT' }),
    payment_method: oneOf(PAYMENT_METHODS, 'The way of settlement').optional(),
    payment_object: oneOf(PAYMENT_OBJECTS, 'The subject of settlement').optional(),
    measure: oneOf(MEASURES, 'The measure of its quantity').optional(),
    marking_code: z
      .string()
      .regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'takes base64')
      .min(1)
      .max(344)
      .optional()
      .meta({ description: 'The code on marked goods, at most 256 bytes, in base64' }),
    marking_status: oneOf(MARKING_STATUSES, 'The planned status of marked goods').optional(),
    fraction: digits(/^\d{1,10}\/\d{1,10}$/, 'a fraction such as 1/2', 'The part of a marked piece').optional(),
    agent: agent.optional().meta({ description: 'The agent who sells it' }),
    supplier: z
      .looseObject({ phones: phones('Phones'), name: text(256, 'The name').optional(), inn: inn('The INN').optional() })
      .optional()
      .meta({ description: 'The supplier behind the agent' }),
    excise: money('The excise').optional(),
    country: digits(/^\d{3}$/, '3 digits', "The country's code").optional(),
    declaration: text(32, 'The number of the customs declaration').optional(),
    attribute: text(64, 'A further attribute').optional(),
    sector: z
      .array(
        z.looseObject({
          body: digits(/^\d{3}$/, '3 digits', 'The body that wants it'),
          date: text(10, "The date of the body's act"),
          number: text(32, "The number of the body's act"),
          value: text(256, 'The value'),
        }),
      )
      .max(MAX_PAYMENTS)
      .optional()
      .meta({ description: "A sector's attributes" }),
  })
  .meta({ id: 'Item' })

const fiscalDoc = z
  .looseObject({
    fiscal_doc_number: ordinal("The document's number (FD), counted by the FN"),
    fiscal_sign: digits(/^\d{1,10}$/, '1 to 10 digits', "The FN's signature of the document (FPD)"),
    fiscal_datetime: z.iso.datetime({ offset: true }).meta({ description: "By the KKT's clock" }),
    fn_number: digits(/^\d{16}$/, '16 digits', 'The number of the fiscal memory'),
    kkt_number: text(64, 'The number of the cash register'),
    shift_number: ordinal('The number of the shift'),
    receipt_number: ordinal('Counted within the shift'),
    total: money("The receipt's sum"),
    qr_code_data: text(256, "The text of the receipt's QR code"),
    operation: operation.optional(),
    correction: z.boolean().optional().meta({ description: 'Whether it is a correction' }),
    registration_number: digits(/^\d{16}$/, '16 digits', "The cash register's registration").optional(),
    serial_number: text(20, "The cash register's serial number").optional(),
    seller: z
      .looseObject({ name: text(256, 'The name'), inn: inn('The INN') })
      .optional()
      .meta({ description: 'The seller' }),
    address: text(256, 'The address').nullable().optional().meta({ description: 'The address. Null without one' }),
    place: text(256, 'The place, or the site').nullable().optional().meta({ description: 'The place, or the site' }),
    taxation_system: taxationSystem.optional(),
    cashier: cashier.nullable().optional().meta({ description: 'The cashier' }),
    vat_sums: z
      .array(z.looseObject({ vat, sum: money('The sum of the tax, or the turnover without one') }))
      .max(namesOf(RATES).length)
      .optional()
      .meta({ description: 'One for each rate' }),
    payments: z.array(payment).max(MAX_PAYMENTS).optional().meta({ description: 'Settled, the change taken off' }),
    change: money('The change').optional(),
    ffd_version: oneOf(FFD_VERSIONS, 'The version of the format (FFD)').optional(),
    fns_url: text(256, 'The site of the tax service').optional(),
    fiscal_instant: z.iso.datetime().optional().meta({ description: 'The same time in UTC' }),
    test: z.boolean().optional().meta({ description: 'Whether it is of a cash register for tests' }),
  })
  .meta({ id: 'FiscalDocument' })

/** The document that this one answers to, by its id or by its numbers. */
const original = z.looseObject({
  receipt_id: text(128, "The receipt's id").optional(),
  fn: digits(/^\d{16}$/, '16 digits', 'The number of the fiscal memory').optional(),
  fd: ordinal("The document's number").optional(),
  fpd: digits(/^\d{1,10}$/, '1 to 10 digits', 'The fiscal sign').optional(),
})

export const receipt = z.looseObject({
  receipt_id: z.uuid().meta({ description: "The receipt's id. A receipt that is sent again gets its first answer" }),
  pos_id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .meta({ description: "The till's name" }),
  kkt_id: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .meta({ description: "The cash register's name" }),
  type: operation,
  items: z.array(item).min(1).max(MAX_ITEMS).meta({ description: 'The things sold' }),
  payments: payments.meta({ description: 'The ways of paying' }),
  total: money("The receipt's sum"),
  correction: z
    .looseObject({
      type: oneOf(['self', 'instruction'], 'On one’s own, or by order of the tax office'),
      date: z.iso.date().meta({ description: 'The date of the settlement' }),
      number: text(32, 'The number of the order').optional(),
    })
    .optional()
    .meta({ description: 'Makes it a correction of its operation' }),
  corrects: original.optional().meta({ description: 'The document that it corrects' }),
  refund_of: original.optional().meta({ description: 'The document whose goods come back' }),
  taxation_system: taxationSystem.optional(),
  cashier: cashier.optional().meta({ description: 'The cashier' }),
  customer: z
    .looseObject({
      email: text(64, 'The e-mail address').optional(),
      phone: text(64, 'The phone number').optional(),
      name: text(256, 'The name').optional(),
      inn: inn('The INN').optional(),
    })
    .optional()
    .meta({ description: 'The customer' }),
  internet: z.boolean().optional().meta({ description: 'Whether it is a settlement on the internet' }),
  electronic: z.boolean().optional().meta({ description: 'Whether the customer wants no paper' }),
  place: text(256, 'The place, or the site').optional(),
  address: text(256, 'The address').optional(),
  attribute: text(16, 'A further attribute').optional(),
  user_attribute: z
    .looseObject({ name: text(64, 'Its name'), value: text(256, 'Its value') })
    .optional()
    .meta({ description: "The user's own attribute" }),
  sender_email: text(64, "The sender's e-mail address").optional(),
  fiscal_doc: fiscalDoc.meta({ description: 'The document as the FN made it' }),
})

/** A cash register knows neither a till nor an id of the receipt. */
const ofARegister = {
  ...registerNumbers.shape,
  kkt_id: text(64, "The cash register's name").optional(),
}
const registerReceipt = receipt.omit({ receipt_id: true, pos_id: true, kkt_id: true }).extend(ofARegister)
/** A registration, a shift's opening or closing, a report: the numbers only. */
const registerOther = z.looseObject({
  ...ofARegister,
  fiscal_doc: fiscalDoc
    .pick({ fiscal_doc_number: true, fiscal_sign: true, fiscal_datetime: true, fn_number: true })
    .meta({ description: 'The document as the FN made it' }),
})

/** The right form of a document. */
export function formOf(register: RegisterDocument | null) {
  if (!register) return receipt
  return register.kind === 'receipt' ? registerReceipt : registerOther
}

/** All that a cash register sends. */
export const registerDocument = z.union([registerReceipt, registerOther])
