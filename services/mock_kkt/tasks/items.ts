import type { Agent, Supplier, TransferOperator } from '@kkt/adapter/src/domain/agent.ts'
import type { Item } from '@kkt/adapter/src/domain/item.ts'
import type { Marking } from '@kkt/adapter/src/domain/marking.ts'
import { isTotalOf } from '@kkt/adapter/src/domain/money.ts'
import type { Operation } from '@kkt/adapter/src/domain/operation.ts'
import { said } from '@kkt/adapter/src/domain/said.ts'
import { rateOf, taxOf, type Vat } from '@kkt/adapter/src/domain/vat.ts'
import { DriverError } from './errors.ts'
import type { SaidVat } from './names.ts'
import type { Position, SaidAgent, SaidReceipt, SaidSupplier } from './receipt_form.ts'
import { kopecks, MAX_ITEM_KOPECKS, millionths } from './sums.ts'

/** The most positions that a receipt takes. */
const MAX_POSITIONS = 100

/** A tax that is said may be off by the rounding of a kopeck. */
const TAX_OFF_KOPECKS = 1

// Control characters have no place on paper, nor in code page 866.
const CONTROL = /\p{Cc}/u

/** The positions of a receipt. Agent and supplier of the receipt hold for positions that say none. */
export function itemsOf(receipt: SaidReceipt, operation: Operation): Item[] {
  const positions = receipt.items.flatMap((one, i) => (one.type === 'position' ? [{ one, path: `items[${i}]` }] : []))
  if (positions.length === 0 || positions.length > MAX_POSITIONS) throw new DriverError(110)
  const items = positions.map(({ one, path }) => {
    const { agentInfo = receipt.agentInfo, supplierInfo = receipt.supplierInfo } = one
    return itemOf({ ...one, agentInfo, supplierInfo }, operation, path)
  })
  if (items.reduce((sum, { totalKopecks }) => sum + totalKopecks, 0) > Number.MAX_SAFE_INTEGER)
    throw new DriverError(63)
  checkEighteen(positions.map(({ one }) => one.tax?.type))
  return items
}

function itemOf(position: Position, operation: Operation, path: string): Item {
  const { name = '', exciseSum } = position
  if (CONTROL.test(name)) throw new DriverError(271, `${path}.name`)
  const priceKopecks = kopecks(position.price, 16, `${path}.price`)
  const quantityMicro = millionths(position.quantity, `${path}.quantity`)
  const totalKopecks = kopecks(position.amount, 16, `${path}.amount`)
  if (priceKopecks > MAX_ITEM_KOPECKS || totalKopecks > MAX_ITEM_KOPECKS) throw new DriverError(61, path)
  if (!isTotalOf(totalKopecks, priceKopecks, quantityMicro)) throw new DriverError(16, `${path}.amount`)
  const fields = said({
    name,
    priceKopecks,
    quantityMicro,
    totalKopecks,
    vat: vatOf(position, totalKopecks, path),
    // The driver's own word where the client says none.
    paymentMethod: position.paymentMethod ?? 'full_prepayment',
    paymentObject: position.paymentObject,
    measure: position.measurementUnit,
    agent: agentOf(position.agentInfo, path),
    supplier: supplierOf(position.supplierInfo),
    exciseKopecks: exciseSum === undefined ? undefined : kopecks(exciseSum, 16, `${path}.exciseSum`),
    country: position.countryCode,
    declaration: position.customsDeclaration,
    attribute: position.additionalAttribute,
    sector: position.industryInfo?.map(({ fois, date, number, industryAttribute }) => ({
      body: fois,
      date,
      number,
      value: industryAttribute,
    })),
  })
  return { ...fields, ...markingOf(position, operation, path) }
}

/** The rate. A position that says none is without VAT. A tax that is said, and is not 0, must be that of the rate. */
function vatOf({ tax }: Position, totalKopecks: number, path: string): Vat {
  const { type = 'none', sum } = tax ?? {}
  // Rates of 18 % are told of once the whole receipt is known.
  if (type === 'vat18' || type === 'vat118') return 'none'
  if (sum === undefined || sum === 0) return type
  const sumKopecks = kopecks(sum, 243, `${path}.tax.sum`)
  if (sumKopecks > totalKopecks) throw new DriverError(128, `${path}.tax.sum`)
  const rate = rateOf(type)
  const isTurnover = rate.kind === 'none' || rate.percent === 0
  const isRight = !isTurnover && Math.abs(taxOf(totalKopecks, type) - sumKopecks) <= TAX_OFF_KOPECKS
  if (!isRight) throw new DriverError(243, `${path}.tax.sum`)
  return type
}

/** Rates of 18 % are over, and were never right beside those of 20 %. */
function checkEighteen(types: readonly (SaidVat | undefined)[]): void {
  const has = (...some: SaidVat[]) => some.some((one) => types.includes(one))
  if (!has('vat18', 'vat118')) return
  throw new DriverError(has('vat20', 'vat120') ? 219 : 144, 'НДС 18%')
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A marked good is sold and comes back. A whole piece has a code of its own. */
function markingOf({ imcParams, measurementUnit, quantity }: Position, operation: Operation, path: string): Marking {
  if (imcParams === undefined) return {}
  const { imc, itemEstimatedStatus, itemFractionalAmount } = imcParams
  if (imc === '' || !BASE64.test(imc)) throw new DriverError(409, `${path}.imcParams.imc`)
  if (operation === 'buy' || operation === 'buy_refund') throw new DriverError(195, `${path}.imcParams`)
  const isPiece = (measurementUnit ?? 'piece') === 'piece'
  if (isPiece && quantity !== 1) throw new DriverError(17, `${path}.quantity`)
  if (!isPiece && itemFractionalAmount !== undefined)
    throw new DriverError(195, `${path}.imcParams.itemFractionalAmount`)
  return said({ markingCode: imc, markingStatus: itemEstimatedStatus, fraction: itemFractionalAmount })
}

/** An FN item has one kind of agent here: the first. Data that the kind does not have are an error. */
function agentOf(info: SaidAgent, path: string): Agent | undefined {
  const type = info?.agents?.[0]
  const { payingAgent, receivePaymentsOperator, moneyTransferOperator } = info ?? {}
  const isSaid = (...data: unknown[]) => data.some((one) => one !== undefined)
  const denied = () => new DriverError(167, `${path}.agentInfo`)
  switch (type) {
    case undefined:
      if (isSaid(payingAgent, receivePaymentsOperator, moneyTransferOperator)) throw denied()
      return undefined
    case 'bank_paying_agent':
    case 'bank_paying_subagent':
      if (isSaid(receivePaymentsOperator)) throw denied()
      return said({ type, ...payingOf(payingAgent), transferOperator: operatorOf(moneyTransferOperator) })
    case 'paying_agent':
    case 'paying_subagent':
      if (isSaid(moneyTransferOperator)) throw denied()
      return said({ type, ...payingOf(payingAgent), receiverPhones: receivePaymentsOperator?.phones })
    default:
      if (isSaid(payingAgent, receivePaymentsOperator, moneyTransferOperator)) throw denied()
      return { type }
  }
}

type Said<Name extends keyof NonNullable<SaidAgent>> = NonNullable<SaidAgent>[Name]

const payingOf = (agent: Said<'payingAgent'>) => ({ phones: agent?.phones, operation: agent?.operation })

const operatorOf = (operator: Said<'moneyTransferOperator'>): TransferOperator | undefined =>
  operator && said({ phones: operator.phones, name: operator.name, address: operator.address, inn: operator.vatin })

const supplierOf = (supplier: SaidSupplier): Supplier | undefined =>
  supplier && said({ phones: supplier.phones, name: supplier.name, inn: supplier.vatin })
