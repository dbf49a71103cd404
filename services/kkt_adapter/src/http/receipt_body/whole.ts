/** The rules that a receipt as a whole keeps. */
import { hasContact } from '../../domain/customer.ts'
import type { SaidItem } from '../../domain/item.ts'
import { givesChange, type Payment } from '../../domain/payment.ts'
import type { ReceiptFields } from '../receipt_schema.ts'
import { inWords } from './fields.ts'

type Fault = { path: (string | number)[]; message: string }

/** A total may be rounded down by so much. */
const MAX_ROUNDING_KOPECKS = 99

export const itemsKopecks = (items: readonly SaidItem[]): number =>
  items.reduce((sum, { totalKopecks }) => sum + totalKopecks, 0)

/** The places where a receipt's parts contradict each other. */
export function* faultsOf(body: ReceiptFields): Iterable<Fault> {
  yield* sumFaults(body)
  yield* originalFaults(body)
  yield* markedFaults(body)
  if (body.electronic === true && !hasContact(body.customer)) {
    yield { path: ['electronic'], message: inWords((words) => words.electronicToNobody()) }
  }
}

function* sumFaults({ type, items, payments, total }: ReceiptFields): Iterable<Fault> {
  const sumKopecks = itemsKopecks(items)
  const totalKopecks = total ?? sumKopecks
  if (totalKopecks > sumKopecks || totalKopecks < sumKopecks - MAX_ROUNDING_KOPECKS) {
    yield { path: ['total'], message: inWords((words) => words.receiptTotal()) }
    return
  }
  const paidKopecks = paid(payments)
  const cashlessKopecks = paid(payments.filter((payment) => payment.type !== 'cash'))
  if (cashlessKopecks > totalKopecks) {
    yield { path: ['payments'], message: inWords((words) => words.paidBeyondTotal()) }
  } else if (paidKopecks < totalKopecks) {
    yield { path: ['payments'], message: inWords((words) => words.paidTooLittle()) }
  } else if (paidKopecks > totalKopecks && !givesChange(type)) {
    yield { path: ['payments'], message: inWords((words) => words.noChange(type)) }
  }
}

const paid = (payments: readonly Payment[]): number =>
  payments.reduce((sum, { amountKopecks }) => sum + amountKopecks, 0)

function* originalFaults({ type, correction, corrects, refund_of, attribute }: ReceiptFields): Iterable<Fault> {
  if (corrects !== undefined && correction === undefined) {
    yield { path: ['corrects'], message: 'must not be there without correction' }
  }
  if (refund_of !== undefined && correction !== undefined) {
    yield { path: ['refund_of'], message: 'must not be beside correction: name the document in corrects' }
  } else if (refund_of !== undefined && type !== 'refund' && type !== 'buy_refund') {
    yield { path: ['refund_of'], message: 'must not be there but in a refund or buy_refund' }
  }
  if (attribute !== undefined && (corrects !== undefined || refund_of !== undefined)) {
    yield { path: ['attribute'], message: 'must not be beside corrects or refund_of, which take its place' }
  }
}

/** The items that say no rate. */
export function* rateFaults(items: readonly SaidItem[]): Iterable<Fault> {
  for (const [i, { vat }] of items.entries()) {
    if (vat === undefined) yield { path: ['items', i, 'vat_rate'], message: inWords((words) => words.vatMissing()) }
  }
}

/** Marked goods are sold and come back; nothing else is done with them. */
function* markedFaults({ type, items }: ReceiptFields): Iterable<Fault> {
  if (type === 'sale' || type === 'refund') return
  for (const [i, { markingCode }] of items.entries()) {
    if (markingCode === undefined) continue
    yield { path: ['items', i, 'marking_code'], message: 'must not be there but in a sale or refund' }
  }
}
