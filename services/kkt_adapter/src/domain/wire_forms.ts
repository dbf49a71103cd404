/** Receipts and documents in the wire's field names, money in roubles. Tills and the OFD get the same. */
import { iso } from '@kkt/platform/clock.ts'
import type { Agent } from './agent.ts'
import type { Original } from './correction.ts'
import type { Item } from './item.ts'
import { plannedStatus } from './marking.ts'
import { toRoubles, toUnits } from './money.ts'
import type { Operation } from './operation.ts'
import type { Payment } from './payment.ts'
import type { DocDetails, FiscalDoc, ReceiptContent } from './receipt.ts'
import { said } from './said.ts'
import { rateOfVat } from './vat.ts'

/** A fiscal document. */
export const wireFiscalDoc = (doc: FiscalDoc) => {
  const numbers = {
    fiscal_doc_number: doc.fdNumber,
    fiscal_sign: doc.fiscalSign,
    fiscal_datetime: doc.fiscalDatetime,
    fn_number: doc.fnNumber,
    kkt_number: doc.kktNumber,
    shift_number: doc.shiftNumber,
    receipt_number: doc.receiptNumber,
    total: toRoubles(doc.totalKopecks),
    qr_code_data: doc.qrCodeData,
  }
  return doc.details === undefined ? numbers : Object.assign(numbers, wireDetails(doc.details))
}

const wireDetails = (details: DocDetails) => {
  const ofAll = {
    operation: details.operation,
    registration_number: details.registrationNumber,
    serial_number: details.serialNumber,
    seller: details.seller,
    address: details.address,
    place: details.place,
    taxation_system: details.taxationSystem,
    cashier: details.cashier,
    vat_sums: details.vatSums.map(({ vat, sumKopecks }) => ({ vat, sum: toRoubles(sumKopecks) })),
    payments: wirePayments(details.payments),
    change: toRoubles(details.changeKopecks),
    ffd_version: details.ffdVersion,
    fns_url: details.fnsUrl,
    fiscal_instant: iso(details.instantMs),
  }
  return details.isCorrection ? { ...ofAll, correction: true as const } : ofAll
}

/** The content in the till's form. A rate that `vat_rate` can tell is there in both forms. */
export const wireContent = (content: ReceiptContent) =>
  said({
    type: content.type,
    items: content.items.map((item) => wireItem(item, content.type)),
    payments: wirePayments(content.payments),
    total: toRoubles(content.totalKopecks),
    correction: content.correction,
    corrects: wireOriginal(content.corrects),
    refund_of: wireOriginal(content.refundOf),
    taxation_system: content.taxationSystem,
    cashier: content.cashier,
    customer: content.customer,
    internet: content.internet,
    place: content.place,
    address: content.address,
    electronic: content.electronic,
    attribute: content.attribute,
    user_attribute: content.userAttribute,
    sender_email: content.senderEmail,
  })

const wirePayments = (payments: readonly Payment[]) =>
  payments.map(({ type, amountKopecks }) => ({ type, amount: toRoubles(amountKopecks) }))

/** A marked item shows its planned status, although the till may have left it to the operation. */
const wireItem = (item: Item, operation: Operation) =>
  said({
    name: item.name,
    price: toRoubles(item.priceKopecks),
    quantity: toUnits(item.quantityMicro),
    total: toRoubles(item.totalKopecks),
    vat_rate: rateOfVat(item.vat),
    vat: item.vat,
    payment_method: item.paymentMethod,
    payment_object: item.paymentObject,
    measure: item.measure,
    marking_code: item.markingCode,
    marking_status: item.markingCode === undefined ? undefined : plannedStatus(item, operation),
    fraction: item.fraction,
    agent: item.agent && wireAgent(item.agent),
    supplier: item.supplier,
    excise: item.exciseKopecks === undefined ? undefined : toRoubles(item.exciseKopecks),
    country: item.country,
    declaration: item.declaration,
    attribute: item.attribute,
    sector: item.sector,
  })

/** An agent has different fields by its kind, and each as it was said. */
type WireAgent = {
  type: Agent['type']
  phones?: string[]
  operation?: string
  receiver_phones?: string[]
  transfer_operator?: { phones?: string[]; name?: string; address?: string; inn?: string }
}

function wireAgent(agent: Agent): WireAgent {
  switch (agent.type) {
    case 'bank_paying_agent':
    case 'bank_paying_subagent': {
      const { transferOperator, ...same } = agent
      return said({ ...same, transfer_operator: transferOperator })
    }
    case 'paying_agent':
    case 'paying_subagent': {
      const { receiverPhones, ...same } = agent
      return said({ ...same, receiver_phones: receiverPhones })
    }
    default:
      return agent
  }
}

function wireOriginal(original: Original | undefined) {
  if (original?.receiptId !== undefined) return { receipt_id: original.receiptId }
  return original && { fn: original.fnNumber, fd: original.fdNumber, fpd: original.fiscalSign }
}
