import type { InEach } from '@kkt/platform/language.ts'
import { type Cashier, hasContact } from '../../domain/customer.ts'
import { isFfdFrom } from '../../domain/ffd.ts'
import type { Item, PaymentObject } from '../../domain/item.ts'
import type { Cannot } from '../../domain/kkt_outcome.ts'
import { MICRO } from '../../domain/money.ts'
import { printable } from '../../domain/printable.ts'
import type { ReceiptContent } from '../../domain/receipt.ts'
import type { TaskWork } from '../../domain/task.ts'
import { REFUSALS } from './refusal_words.ts'
import type { Registered } from './registration.ts'
import { ID_ATTRIBUTE } from './task_of_receipt.ts'

const cannot = (pointer: string, reason: InEach<string>): Cannot => ({ pointer, reason })

/**
 * @param content with what the settings filled in
 * @returns the first reason why this KKT cannot make the document, by its registration; null where it has none
 */
export function refusalBy(registered: Registered, content: ReceiptContent): Cannot | null {
  for (const refusal of refusals(registered, content)) return refusal
  return null
}

function* refusals(registered: Registered, content: ReceiptContent): Iterable<Cannot> {
  yield* systemRefusals(registered, content)
  yield* cashierRefusals(registered, content.cashier ?? null)
  yield* formRefusals(registered, content)
  for (const [index, item] of content.items.entries()) {
    for (const { pointer, reason } of itemRefusals(registered, item)) {
      yield cannot(`/items/${index}${pointer}`, reason)
    }
  }
}

function* systemRefusals(registered: Registered, { taxationSystem }: ReceiptContent): Iterable<Cannot> {
  const { taxationSystems, defaultTaxationSystem } = registered
  const isOpen = taxationSystem === undefined
  const isTaken = isOpen ? defaultTaxationSystem !== null : taxationSystems.includes(taxationSystem)
  if (!isTaken) yield cannot('/taxation_system', REFUSALS.system(taxationSystems, isOpen))
}

function* cashierRefusals({ isAutomatic }: Registered, cashier: Cashier | null): Iterable<Cannot> {
  if (cashier === null && isAutomatic !== true) yield cannot('/cashier', REFUSALS.cashier())
}

function* formRefusals({ ffdVersion: has, isFor, isOffline }: Registered, content: ReceiptContent): Iterable<Cannot> {
  // A document with a till's word there would pass for another receipt's.
  const isOwnName = content.userAttribute !== undefined && printable(content.userAttribute.name).trim() === ID_ATTRIBUTE
  if (isOwnName) yield cannot('/user_attribute/name', REFUSALS.ownAttribute(ID_ATTRIBUTE))
  if (content.correction !== undefined && !isFfdFrom(has, '1.1')) yield cannot('/correction', REFUSALS.correction(has))
  if (content.internet === true) {
    if (isFor.internet === false) yield cannot('/internet', REFUSALS.notRegistered())
    if (!hasContact(content.customer)) yield cannot('/customer', REFUSALS.contactOnline())
    if (content.place === undefined) yield cannot('/place', REFUSALS.placeOnline())
  }
  if (content.electronic === true && isOffline === true) yield cannot('/electronic', REFUSALS.electronicOffline())
}

/** The objects of settlement for which a KKT has to be registered. */
const OBJECT_MARKS: Partial<Record<PaymentObject, keyof Registered['isFor']>> = {
  excise: 'excise',
  excise_with_marking: 'excise',
  excise_without_marking: 'excise',
  gambling_bet: 'gambling',
  gambling_prize: 'gambling',
  casino_payment: 'gambling',
  lottery: 'lottery',
  lottery_prize: 'lottery',
}

const isOfMarked = (object: PaymentObject | undefined): boolean => object?.includes('_marking') === true

function* itemRefusals(registered: Registered, item: Item): Iterable<Cannot> {
  const { isFor, agents } = registered
  const mark = item.paymentObject && OBJECT_MARKS[item.paymentObject]
  if (mark !== undefined && isFor[mark] === false) yield cannot('/payment_object', REFUSALS.notRegistered())
  if (item.exciseKopecks !== undefined && isFor.excise === false) yield cannot('/excise', REFUSALS.notRegistered())
  if (item.agent !== undefined && agents !== null && !agents.includes(item.agent.type)) {
    yield cannot('/agent', REFUSALS.notRegistered())
  }
  if (item.fraction !== undefined && (item.measure ?? 'piece') !== 'piece') {
    yield cannot('/fraction', REFUSALS.fractionOfMeasured())
  }
  yield* versionRefusals(registered, item)
  if (item.markingCode !== undefined && isFor.marking === false) yield cannot('/marking_code', REFUSALS.notRegistered())
}

/** The part of an item that FFD 1.2 brought. */
function* versionRefusals({ ffdVersion: has }: Registered, item: Item): Iterable<Cannot> {
  if (isFfdFrom(has, '1.2')) return
  const needs = (pointer: string) => cannot(pointer, REFUSALS.needsFfd12(has))
  if (item.markingCode !== undefined) yield needs('/marking_code')
  if (isOfMarked(item.paymentObject)) yield needs('/payment_object')
  if (item.measure !== undefined && item.measure !== 'piece') yield needs('/measure')
  if (item.sector !== undefined) yield needs('/sector')
  if (item.quantityMicro % (MICRO / 1000) !== 0) yield cannot('/quantity', REFUSALS.fineQuantity(has))
}

/**
 * @param ofTill the cashier of a work that names none
 * @returns why this KKT cannot do a work; null where it can
 */
export function workRefusalBy(registered: Registered, work: TaskWork, ofTill: Cashier | null): Cannot | null {
  if (work.kind === 'copy') return null
  const named = work.kind === 'open_shift' || work.kind === 'close_shift' ? work.cashier : null
  for (const refusal of cashierRefusals(registered, named ?? ofTill)) return refusal
  return null
}

/** A refusal as one sentence of the journal. */
export const cannotInWords = ({ pointer, reason }: Cannot): string => `${pointer} ${reason.en}`
