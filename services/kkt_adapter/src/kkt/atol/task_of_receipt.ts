import type { Original } from '../../domain/correction.ts'
import type { Cashier, Customer } from '../../domain/customer.ts'
import { toRoubles } from '../../domain/money.ts'
import type { Payment } from '../../domain/payment.ts'
import type { ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import { said } from '../../domain/said.ts'
import type { Registered } from './registration.ts'
import { dottedDay, inCodePage, positionOf } from './task_items.ts'
import { CORRECTION_NAMES, OPERATION_NAMES, PAYMENT_NAMES, TAXATION_NAMES } from './task_names.ts'

const MOST = { cashier: 64, text: 256, orderNumber: 32, attribute: 16 }
/** The characters of tags 1085 and 1086. */
export const MOST_OF_USER = { name: 64, value: 256 }

/** The name (1085) under which tag 1084 carries a receipt's id. */
export const ID_ATTRIBUTE = 'receipt_id'

/**
 * The facts that a receipt's task takes from elsewhere. `signOf`: the fiscal sign of a receipt's document; null where it is not
 * known.
 */
export type TaskFacts = {
  registered: Pick<Registered, 'ffdVersion' | 'defaultTaxationSystem'>
  signOf: (receiptId: string) => string | null
}

/**
 * The task that makes a receipt's document: of FFD 1.1 on, a correction has all that a receipt has. It is one of those that
 * `refusalBy` lets through.
 */
export function taskOfReceipt(id: ReceiptId, content: ReceiptContent, facts: TaskFacts) {
  const { type, correction } = content
  if (correction === undefined) return { type: OPERATION_NAMES[type], ...partsOf(id, content, facts) }
  return said({
    type: CORRECTION_NAMES[type],
    ...partsOf(id, content, facts),
    correctionType: correction.type,
    correctionBaseDate: dottedDay(correction.date),
    correctionBaseNumber: correction.number === undefined ? undefined : inCodePage(correction.number, MOST.orderNumber),
  })
}

function partsOf(id: ReceiptId, content: ReceiptContent, { registered, signOf }: TaskFacts) {
  const system = content.taxationSystem ?? registered.defaultTaxationSystem
  const { ffdVersion } = registered
  return said({
    taxationType: system === null ? undefined : TAXATION_NAMES[system],
    operator: operatorOf(content.cashier ?? null),
    electronically: content.electronic ?? false,
    ignoreNonFiscalPrintErrors: false,
    internet: content.internet,
    paymentsPlace: optional(content.place),
    paymentsAddress: optional(content.address),
    clientInfo: content.customer && clientOf(content.customer),
    companyInfo: content.senderEmail === undefined ? undefined : { email: content.senderEmail },
    items: [
      ...content.items.map((item) => positionOf(item, content.type, ffdVersion)),
      ...attributesOf(id, content, signOf),
    ],
    payments: paymentsOf(content.payments),
    total: toRoubles(content.totalKopecks),
    // The KKT has to check a code before the receipt; without this it would be printed as not checked.
    validateMarkingCodes: content.items.some(({ markingCode }) => markingCode !== undefined),
  })
}

const optional = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : inCodePage(text, MOST.text)

export const operatorOf = (cashier: Cashier | null) =>
  cashier === null ? undefined : said({ name: inCodePage(cashier.name, MOST.cashier), vatin: cashier.inn })

function clientOf({ email, phone, name, inn }: Customer) {
  const client = said({ emailOrPhone: email ?? phone, name: optional(name), vatin: inn })
  return Object.keys(client).length === 0 ? undefined : client
}

/** As they were handed over: the KKT gives the change. The driver skips a payment of nothing, and wants one. */
const paymentsOf = (payments: readonly Payment[]) =>
  payments.length === 0
    ? [{ type: PAYMENT_NAMES.cash, sum: 0 }]
    : payments.map(({ type, amountKopecks }) => ({ type: PAYMENT_NAMES[type], sum: toRoubles(amountKopecks) }))

/**
 * Tags 1192 and 1084 of the receipt. The tax service says what 1192 may hold, so only the sign of the document that this one
 * answers to and the till's own word go there. 1084 is the shop's own: where the till leaves it free it carries the receipt's
 * id, by which the document is found again in the FN.
 */
function attributesOf(id: ReceiptId, content: ReceiptContent, signOf: TaskFacts['signOf']) {
  const additional = signIn(content.corrects ?? content.refundOf, signOf) ?? content.attribute
  const { name, value } = content.userAttribute ?? { name: ID_ATTRIBUTE, value: id }
  const ofUser = {
    type: 'userAttribute' as const,
    name: inCodePage(name, MOST_OF_USER.name),
    value: inCodePage(value, MOST_OF_USER.value),
    print: true,
  }
  if (additional === undefined) return [ofUser]
  const value1192 = inCodePage(additional, MOST.attribute)
  return [ofUser, { type: 'additionalAttribute' as const, value: value1192, print: true }]
}

function signIn(original: Original | undefined, signOf: TaskFacts['signOf']): string | undefined {
  if (original === undefined) return undefined
  return original.receiptId === undefined ? original.fiscalSign : (signOf(original.receiptId) ?? undefined)
}
