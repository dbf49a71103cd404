/** The form of a receipt's task. Money and quantities are still the numbers of the wire. */
import { z } from 'zod'
import {
  AGENT_WORDS,
  CORRECTION_WORDS,
  MARKING_STATUS_WORDS,
  MEASURE_WORDS,
  PAYMENT_METHOD_WORDS,
  PAYMENT_OBJECT_WORDS,
  PAYMENT_WORDS,
  TAXATION_WORDS,
  VAT_WORDS,
} from './names.ts'
import { day, maybe, oneOf } from './reading.ts'

const text = maybe(z.string())
const phones = maybe(z.array(z.string()))

export const operatorForm = maybe(z.object({ name: text, vatin: text }))

const agentForm = maybe(
  z.object({
    agents: maybe(z.array(oneOf(AGENT_WORDS))),
    payingAgent: maybe(z.object({ operation: text, phones })),
    receivePaymentsOperator: maybe(z.object({ phones })),
    moneyTransferOperator: maybe(z.object({ phones, name: text, address: text, vatin: text })),
  }),
)

const supplierForm = maybe(z.object({ phones, name: text, vatin: text }))

const markingForm = z.object({
  imc: z.string(),
  imcType: text,
  itemEstimatedStatus: maybe(oneOf(MARKING_STATUS_WORDS)),
  itemFractionalAmount: text,
})

const industryForm = z.object({ fois: z.string(), date: day, number: z.string(), industryAttribute: z.string() })

const taxForm = z.object({ type: oneOf(VAT_WORDS), sum: maybe(z.number()) })

/** A measure by its word, or by its number in the table 2108. */
const measureForm = z.union([z.int().transform(String), z.string()]).pipe(oneOf(MEASURE_WORDS))

const position = z.object({
  type: z.literal('position'),
  name: text,
  price: z.number(),
  quantity: z.number(),
  amount: z.number(),
  measurementUnit: maybe(measureForm),
  paymentMethod: maybe(oneOf(PAYMENT_METHOD_WORDS)),
  paymentObject: maybe(oneOf(PAYMENT_OBJECT_WORDS)),
  tax: maybe(taxForm),
  imcParams: maybe(markingForm),
  agentInfo: agentForm,
  supplierInfo: supplierForm,
  industryInfo: maybe(z.array(industryForm)),
  additionalAttribute: text,
  exciseSum: maybe(z.number()),
  countryCode: text,
  customsDeclaration: text,
})

const userAttribute = z.object({ type: z.literal('userAttribute'), name: z.string(), value: z.string() })
const additionalAttribute = z.object({ type: z.literal('additionalAttribute'), value: z.string() })
/** An element that is only printed. */
const printed = z.object({ type: z.enum(['text', 'barcode', 'pictureFromMemory', 'pixels']) })

const element = z.discriminatedUnion('type', [position, userAttribute, additionalAttribute, printed])

const payment = z.object({ type: oneOf(PAYMENT_WORDS), sum: z.number() })

export const receiptForm = z.object({
  operator: operatorForm,
  taxationType: maybe(oneOf(TAXATION_WORDS)),
  electronically: maybe(z.boolean()),
  internet: maybe(z.boolean()),
  paymentsPlace: text,
  paymentsAddress: text,
  clientInfo: maybe(z.object({ emailOrPhone: text, name: text, vatin: text })),
  companyInfo: maybe(z.object({ email: text })),
  agentInfo: agentForm,
  supplierInfo: supplierForm,
  items: z.array(element),
  payments: z.array(payment),
  taxes: maybe(z.array(z.object({ type: oneOf(VAT_WORDS), sum: maybe(z.number()) }))),
  total: maybe(z.number()),
})

/** A correction says beside it why it is made. */
export const correctionForm = receiptForm.extend({
  correctionType: oneOf(CORRECTION_WORDS),
  correctionBaseDate: day,
  correctionBaseNumber: text,
})

export type SaidReceipt = z.output<typeof receiptForm>
export type SaidCorrection = z.output<typeof correctionForm>
export type Position = z.output<typeof position>
export type SaidAgent = z.output<typeof agentForm>
export type SaidSupplier = z.output<typeof supplierForm>
export type SaidPayment = z.output<typeof payment>
export type SaidOperator = z.output<typeof operatorForm>
