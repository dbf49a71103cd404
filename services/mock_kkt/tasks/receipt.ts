import type { Correction } from '@kkt/adapter/src/domain/correction.ts'
import type { Cashier, Customer } from '@kkt/adapter/src/domain/customer.ts'
import type { Operation } from '@kkt/adapter/src/domain/operation.ts'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { said } from '@kkt/adapter/src/domain/said.ts'
import { DriverError } from './errors.ts'
import { itemsOf } from './items.ts'
import { paymentsOf, totalOf } from './payments.ts'
import type { SaidCorrection, SaidOperator, SaidReceipt } from './receipt_form.ts'

/** The till of all receipts: the wire names none. */
const TILL = 'web-requests'

/** A cashier who has an INN and no name is printed by the name that registers come with. */
const NAMELESS_CASHIER = 'СИС. АДМИНИСТРАТОР'

const PERSONS_INN = /^\d{12}$/
const ANY_INN = /^(?:\d{10}|\d{12})$/

/** @throws DriverError 172 where nobody is named, 148 for an INN that is not a person's */
export function cashierOf(operator: SaidOperator): Cashier {
  const { name, vatin } = operator ?? {}
  if (!name && !vatin) throw new DriverError(172)
  if (vatin && !PERSONS_INN.test(vatin)) throw new DriverError(148, 'operator.vatin')
  return said({ name: name || NAMELESS_CASHIER, inn: vatin || undefined })
}

/**
 * The content of a receipt that the driver has registered position by position.
 * @throws DriverError when the register would not take it
 */
export function contentOf(receipt: SaidReceipt, operation: Operation): ReceiptContent {
  const cashier = cashierOf(receipt.operator)
  const customer = customerOf(receipt)
  const items = itemsOf(receipt, operation)
  const totalKopecks = totalOf(
    receipt.total,
    items.reduce((sum, item) => sum + item.totalKopecks, 0),
  )
  if (receipt.electronically && customer?.email === undefined && customer?.phone === undefined)
    throw new DriverError(161, 'clientInfo.emailOrPhone')
  return said({
    posId: TILL,
    type: operation,
    items,
    payments: paymentsOf(receipt.payments, totalKopecks, operation),
    totalKopecks,
    taxationSystem: receipt.taxationType,
    cashier,
    customer,
    internet: receipt.internet,
    place: receipt.paymentsPlace,
    address: receipt.paymentsAddress,
    electronic: receipt.electronically,
    attribute: receipt.items.find((one) => one.type === 'additionalAttribute')?.value,
    userAttribute: userAttributeOf(receipt),
    senderEmail: receipt.companyInfo?.email,
  })
}

/** The same of a correction. */
export const correctionOf = (receipt: SaidCorrection, operation: Operation): ReceiptContent => ({
  ...contentOf(receipt, operation),
  correction: reasonOf(receipt),
})

function userAttributeOf({ items }: SaidReceipt): { name: string; value: string } | undefined {
  const attribute = items.find((one) => one.type === 'userAttribute')
  return attribute && { name: attribute.name, value: attribute.value }
}

function customerOf({ clientInfo }: SaidReceipt): Customer | undefined {
  if (clientInfo === undefined) return undefined
  const { emailOrPhone, name, vatin } = clientInfo
  if (vatin && !ANY_INN.test(vatin)) throw new DriverError(148, 'clientInfo.vatin')
  const rest = said({ name, inn: vatin || undefined })
  if (!emailOrPhone) return rest
  return emailOrPhone.includes('@') ? { ...rest, email: emailOrPhone } : { ...rest, phone: emailOrPhone }
}

/** @throws DriverError 161 where the tax office's order has no number */
function reasonOf({
  correctionType,
  correctionBaseDate: date,
  correctionBaseNumber: number,
}: SaidCorrection): Correction {
  if (correctionType === 'self') return said({ type: correctionType, date, number: number || undefined })
  if (!number) throw new DriverError(161, 'correctionBaseNumber')
  return { type: correctionType, date, number }
}
