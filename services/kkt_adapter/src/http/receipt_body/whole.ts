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
export function faultsOf(body: ReceiptFields): Fault[] {
  const faults: Fault[] = []
  addSumFault(faults, body)
  addOriginalFaults(faults, body)
  addMarkedFaults(faults, body)
  if (body.electronic === true && !hasContact(body.customer)) {
    faults.push({ path: ['electronic'], message: inWords((words) => words.electronicToNobody()) })
  }
  return faults
}

function addSumFault(faults: Fault[], { type, items, payments, total }: ReceiptFields): void {
  const sumKopecks = itemsKopecks(items)
  const totalKopecks = total ?? sumKopecks
  if (totalKopecks > sumKopecks || totalKopecks < sumKopecks - MAX_ROUNDING_KOPECKS) {
    faults.push({ path: ['total'], message: inWords((words) => words.receiptTotal()) })
    return
  }
  const paidKopecks = paid(payments)
  const cashlessKopecks = paid(payments.filter((payment) => payment.type !== 'cash'))
  if (cashlessKopecks > totalKopecks) {
    faults.push({ path: ['payments'], message: inWords((words) => words.paidBeyondTotal()) })
  } else if (paidKopecks < totalKopecks) {
    faults.push({ path: ['payments'], message: inWords((words) => words.paidTooLittle()) })
  } else if (paidKopecks > totalKopecks && !givesChange(type)) {
    faults.push({ path: ['payments'], message: inWords((words) => words.noChange(type)) })
  }
}

const paid = (payments: readonly Payment[]): number =>
  payments.reduce((sum, { amountKopecks }) => sum + amountKopecks, 0)

function addOriginalFaults(faults: Fault[], { type, correction, corrects, refund_of, attribute }: ReceiptFields): void {
  if (corrects !== undefined && correction === undefined) {
    faults.push({ path: ['corrects'], message: 'must not be there without correction' })
  }
  if (refund_of !== undefined && correction !== undefined) {
    faults.push({ path: ['refund_of'], message: 'must not be beside correction: name the document in corrects' })
  } else if (refund_of !== undefined && type !== 'refund' && type !== 'buy_refund') {
    faults.push({ path: ['refund_of'], message: 'must not be there but in a refund or buy_refund' })
  }
  if (attribute !== undefined && (corrects !== undefined || refund_of !== undefined)) {
    faults.push({ path: ['attribute'], message: 'must not be beside corrects or refund_of, which take its place' })
  }
}

/** The items that say no rate. */
export const rateFaults = (items: readonly SaidItem[]): Fault[] =>
  items.flatMap(({ vat }, i) =>
    vat === undefined ? [{ path: ['items', i, 'vat_rate'], message: inWords((words) => words.vatMissing()) }] : [],
  )

/** Marked goods are sold and come back; nothing else is done with them. */
function addMarkedFaults(faults: Fault[], { type, items }: ReceiptFields): void {
  if (type === 'sale' || type === 'refund') return
  for (const [i, { markingCode }] of items.entries()) {
    if (markingCode === undefined) continue
    faults.push({ path: ['items', i, 'marking_code'], message: 'must not be there but in a sale or refund' })
  }
}
