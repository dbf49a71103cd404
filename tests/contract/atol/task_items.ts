import { z } from 'zod'
import { AGENTS, MEASURES, namesOf, PAYMENT_METHODS, PAYMENT_OBJECTS, VATS } from './words.ts'

/** Parts of a driver's tasks, with the lengths of the tags, which ATOL's driver does not check. */

const hasDecimals = (number: number, decimals: number) =>
  Math.abs(number * 10 ** decimals - Math.round(number * 10 ** decimals)) < 1e-4

/** Roubles. */
export const money = z
  .number()
  .nonnegative()
  .max(42_949_672.95)
  .refine((sum) => hasDecimals(sum, 2), 'whole kopecks')

/** The exact sum of roubles. */
export const roublesOf = (sums: readonly number[]): number =>
  sums.reduce((kopecks, sum) => kopecks + Math.round(sum * 100), 0) / 100

export const isoDay = z.string().regex(/^\d{4}\.\d\d\.\d\d$/, 'yyyy.MM.dd')

const inn = z.string().regex(/^(\d{10}|\d{12})$/)
const phones = z.array(z.string().min(1).max(19)).min(1)

export const cashier = z.strictObject({
  name: z.string().min(1).max(64),
  vatin: z
    .string()
    .regex(/^\d{12}$/)
    .optional(),
})

const imcParams = z.strictObject({
  imcType: z.string().min(1),
  /** The whole code in base64, at most 256 bytes of it. */
  imc: z.base64().min(1).max(344),
  itemEstimatedStatus: z.enum([
    'itemPieceSold',
    'itemDryForSale',
    'itemPieceReturn',
    'itemDryReturn',
    'itemPieceForSale',
    'itemDrySold',
    'itemStatusUnchanged',
  ]),
  imcModeProcessing: z.literal(0),
  itemFractionalAmount: z
    .string()
    .regex(/^\d+\/\d+$/)
    .optional(),
  itemInfoCheckResult: z.looseObject({}).optional(),
})

const agentInfo = z.strictObject({
  agents: z.array(z.enum(AGENTS)).min(1),
  payingAgent: z
    .strictObject({ operation: z.string().min(1).max(24).optional(), phones: phones.optional() })
    .optional(),
  receivePaymentsOperator: z.strictObject({ phones }).optional(),
  moneyTransferOperator: z
    .strictObject({
      phones: phones.optional(),
      name: z.string().min(1).max(64).optional(),
      address: z.string().min(1).max(256).optional(),
      vatin: inn.optional(),
    })
    .optional(),
})

const supplierInfo = z.strictObject({
  phones: phones.optional(),
  name: z.string().min(1).max(256).optional(),
  vatin: inn.optional(),
})

const industryInfo = z.strictObject({
  fois: z.string().regex(/^\d{3}$/),
  date: isoDay,
  number: z.string().min(1).max(32),
  industryAttribute: z.string().min(1).max(256),
})

const numbersOf = (words: Readonly<Record<string, number>>) =>
  z.string().refine((text) => Object.values(words).map(String).includes(text), 'a number of the tag, as a string')

export const position = z
  .strictObject({
    type: z.literal('position'),
    name: z.string().min(1).max(128),
    price: money,
    quantity: z
      .number()
      .positive()
      .refine((quantity) => hasDecimals(quantity, 6), 'at most six decimals'),
    amount: money,
    measurementUnit: z.enum(namesOf(MEASURES)),
    /** Left out it is taken for a full prepayment. */
    paymentMethod: z.union([z.enum(namesOf(PAYMENT_METHODS)), numbersOf(PAYMENT_METHODS)]),
    paymentObject: z.union([z.enum(namesOf(PAYMENT_OBJECTS)), numbersOf(PAYMENT_OBJECTS)]),
    tax: z.strictObject({ type: z.enum(namesOf(VATS)), sum: money.optional() }),
    infoDiscountAmount: money.optional(),
    department: z.int().positive().optional(),
    imcParams: imcParams.optional(),
    agentInfo: agentInfo.optional(),
    supplierInfo: supplierInfo.optional(),
    industryInfo: z.array(industryInfo).min(1).optional(),
    productCodes: z.looseObject({}).optional(),
    additionalAttribute: z.string().min(1).max(64).optional(),
    exciseSum: money.optional(),
    countryCode: z
      .string()
      .regex(/^\d{3}$/)
      .optional(),
    customsDeclaration: z.string().min(1).max(32).optional(),
  })
  .refine(
    ({ price, quantity, amount }) => Math.abs(price * quantity - amount) <= 0.0151,
    'the amount is price by quantity, give or take a kopeck',
  )
  .refine(
    ({ paymentObject, quantity, measurementUnit }) =>
      !['commodityWithMarking', 'exciseWithMarking', '33', '31'].includes(paymentObject) ||
      measurementUnit !== 'piece' ||
      quantity === 1,
    'one piece a marking code',
  )

export const textLines = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  alignment: z.enum(['left', 'center', 'right']).optional(),
  font: z.int().nonnegative().optional(),
  doubleWidth: z.boolean().optional(),
  doubleHeight: z.boolean().optional(),
})
