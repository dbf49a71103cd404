import type { Agent, Supplier, TransferOperator } from '@kkt/adapter/src/domain/agent.ts'
import type { Item } from '@kkt/adapter/src/domain/item.ts'
import { printable } from '@kkt/adapter/src/domain/printable.ts'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import type { Registration } from './registration.ts'

/** The most that an FN takes as one document. */
export const MAX_DOCUMENT_BYTES = 32 * 1024

/**
 * A content whose text is no longer makes no larger document, so it is not measured: a character is printed as six at most
 * (`㎯` as `rad/s2`), and an item, which takes 66 bytes beside its texts, has at least 78 characters.
 */
export const SURELY_SMALL_CHARACTERS = 4000

/** A document is a tree of tags. Each has two bytes of its number and two of its length before its value. */
const TAG_BYTES = 4
/** Money is a number of at most 6 bytes, a quantity one of 8 with its decimals, a code one byte, a date or a count 4. */
const MONEY = TAG_BYTES + 6
const QUANTITY = TAG_BYTES + 8
const CODE = TAG_BYTES + 1
const NUMBER = TAG_BYTES + 4
/** An INN is padded to 12 digits. */
const INN = TAG_BYTES + 12
const DATE = TAG_BYTES + 10

/** Price, quantity, sum and tax; rate, way and subject of settlement, and measure. */
const EVERY_ITEM = TAG_BYTES + 3 * MONEY + QUANTITY + 4 * CODE

/**
 * The numbers of the FN, of the KKT (20 bytes) and of the document, its time and sign, the operation and the system, the
 * INN of the seller, the total, five payments, and the sums of twelve rates.
 */
const EVERY_RECEIPT = 2 * (TAG_BYTES + 20) + 4 * NUMBER + 4 * CODE + INN + 19 * MONEY

/** A character is one byte in code page 866. */
const text = (value: string | undefined): number => (value === undefined ? 0 : TAG_BYTES + printable(value).length)
const texts = (values: readonly string[] = []): number => values.reduce((sum, value) => sum + text(value), 0)
const ifSaid = (value: unknown, bytes: number): number => (value === undefined ? 0 : bytes)

/** The size of the document that an FN would keep of a receipt, in bytes. */
export function documentBytes(content: ReceiptContent, registration: Registration): number {
  const { cashier, customer, correction, userAttribute } = content
  let bytes = EVERY_RECEIPT + text(registration.seller.name) + text(registration.fnsUrl)
  bytes += text(content.address ?? registration.address) + text(content.place ?? registration.place)
  bytes += text(cashier?.name) + ifSaid(cashier?.inn, INN)
  bytes += text(customer?.email ?? customer?.phone) + text(customer?.name) + ifSaid(customer?.inn, INN)
  bytes += ifSaid(correction, CODE + TAG_BYTES + NUMBER) + text(correction?.number)
  bytes += ifSaid(userAttribute, TAG_BYTES) + text(userAttribute?.name) + text(userAttribute?.value)
  bytes += text(content.attribute) + text(content.senderEmail) + ifSaid(content.internet, CODE)
  for (const item of content.items) bytes += itemBytes(item)
  return bytes
}

function itemBytes(item: Item): number {
  const { markingCode, fraction, agent, supplier, sector } = item
  let bytes = EVERY_ITEM + text(item.name) + text(item.declaration) + text(item.attribute)
  bytes += ifSaid(item.exciseKopecks, MONEY) + ifSaid(item.country, TAG_BYTES + 3)
  if (markingCode !== undefined) bytes += TAG_BYTES + Buffer.byteLength(markingCode, 'base64') + 2 * CODE
  if (fraction !== undefined) bytes += TAG_BYTES + text(fraction) + QUANTITY
  if (agent !== undefined) bytes += agentBytes(agent)
  if (supplier !== undefined) bytes += supplierBytes(supplier)
  for (const { body, number, value } of sector ?? [])
    bytes += TAG_BYTES + text(body) + DATE + text(number) + text(value)
  return bytes
}

function agentBytes(agent: Agent): number {
  if (!('phones' in agent || 'operation' in agent || 'transferOperator' in agent || 'receiverPhones' in agent))
    return CODE
  const own = TAG_BYTES + texts(agent.phones) + text(agent.operation)
  const others = 'transferOperator' in agent ? operatorBytes(agent.transferOperator) : 0
  return CODE + own + others + ('receiverPhones' in agent ? texts(agent.receiverPhones) : 0)
}

const operatorBytes = ({ phones, name, address, inn }: TransferOperator = {}): number =>
  texts(phones) + text(name) + text(address) + ifSaid(inn, INN)

const supplierBytes = ({ phones, name, inn }: Supplier): number =>
  TAG_BYTES + texts(phones) + text(name) + ifSaid(inn, INN)
