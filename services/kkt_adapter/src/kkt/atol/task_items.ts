import type { Agent, Supplier } from '../../domain/agent.ts'
import { type FfdVersion, isFfdFrom } from '../../domain/ffd.ts'
import type { Item, Sector } from '../../domain/item.ts'
import { plannedStatus } from '../../domain/marking.ts'
import { toRoubles, toUnits } from '../../domain/money.ts'
import type { Operation } from '../../domain/operation.ts'
import { printable } from '../../domain/printable.ts'
import { said } from '../../domain/said.ts'
import { AGENT_NAMES, MARKING_NAMES, MEASURE_NAMES, METHOD_NAMES, OBJECT_NAMES } from './task_names.ts'

/** The driver checks no lengths: a longer text is cut or refused by the KKT, after the receipt has begun. */
const MOST = { name: 128, attribute: 64, declaration: 32, operation: 24, operator: 64, address: 256, supplier: 239 }
const MOST_SECTOR = { number: 32, value: 256 }

/**
 * A text as the FN keeps it, in code page 866: a driver that meets another character prints `?` or refuses the receipt (271).
 * @param most characters: a near form may be longer than the character that it replaces
 */
export const inCodePage = (text: string, most: number): string => printable(text).slice(0, most)

/** `2026-01-02` as the driver takes days. */
export const dottedDay = (day: string): string => day.replaceAll('-', '.')

/**
 * An item of a receipt. `paymentMethod` is always said: without it the driver takes a full prepayment. The KKT computes the tax
 * from the rate.
 */
export const positionOf = (item: Item, operation: Operation, ffd: FfdVersion) =>
  said({
    type: 'position' as const,
    name: inCodePage(item.name, MOST.name),
    price: toRoubles(item.priceKopecks),
    quantity: toUnits(item.quantityMicro),
    amount: toRoubles(item.totalKopecks),
    // Before FFD 1.2 this field is a text of the shop's own. Only pieces, which need none, are taken there.
    measurementUnit: isFfdFrom(ffd, '1.2') ? MEASURE_NAMES[item.measure ?? 'piece'] : undefined,
    paymentMethod: METHOD_NAMES[item.paymentMethod ?? 'full_payment'],
    paymentObject: OBJECT_NAMES[item.paymentObject ?? 'commodity'],
    tax: { type: item.vat },
    imcParams: markingOf(item, operation),
    agentInfo: item.agent && agentOf(item.agent),
    supplierInfo: item.supplier && supplierOf(item.supplier),
    industryInfo: item.sector?.map(sectorOf),
    exciseSum: item.exciseKopecks === undefined ? undefined : toRoubles(item.exciseKopecks),
    countryCode: item.country,
    customsDeclaration: optional(item.declaration, MOST.declaration),
    additionalAttribute: optional(item.attribute, MOST.attribute),
  })

const optional = (text: string | undefined, most: number): string | undefined =>
  text === undefined ? undefined : inCodePage(text, most)

const markingOf = (item: Item, operation: Operation) =>
  item.markingCode === undefined
    ? undefined
    : said({
        imcType: 'auto' as const,
        imc: item.markingCode,
        itemEstimatedStatus: MARKING_NAMES[plannedStatus(item, operation)],
        imcModeProcessing: 0 as const,
        itemFractionalAmount: item.fraction,
      })

/** An agent without details of its own is told by its kind only. */
function agentOf(agent: Agent) {
  const agents = [AGENT_NAMES[agent.type]]
  switch (agent.type) {
    case 'bank_paying_agent':
    case 'bank_paying_subagent':
      return said({
        agents,
        payingAgent: payingAgentOf(agent),
        moneyTransferOperator: agent.transferOperator && operatorOf(agent.transferOperator),
      })
    case 'paying_agent':
    case 'paying_subagent':
      return said({
        agents,
        payingAgent: payingAgentOf(agent),
        receivePaymentsOperator: agent.receiverPhones && { phones: agent.receiverPhones },
      })
    default:
      return { agents }
  }
}

const payingAgentOf = ({ operation, phones }: { operation?: string; phones?: string[] }) =>
  operation === undefined && phones === undefined
    ? undefined
    : said({ operation: optional(operation, MOST.operation), phones })

type TransferOperator = NonNullable<Extract<Agent, { transferOperator?: unknown }>['transferOperator']>

const operatorOf = ({ phones, name, address, inn }: TransferOperator) =>
  said({
    phones,
    name: optional(name, MOST.operator),
    address: optional(address, MOST.address),
    vatin: inn,
  })

const supplierOf = ({ phones, name, inn }: Supplier) =>
  said({ phones, name: optional(name, MOST.supplier), vatin: inn })

const sectorOf = ({ body, date, number, value }: Sector) => ({
  fois: body,
  date: dottedDay(date),
  number: inCodePage(number, MOST_SECTOR.number),
  industryAttribute: inCodePage(value, MOST_SECTOR.value),
})
