import type { Original } from '../domain/correction.ts'
import { PAYMENT_TYPES, type Payment, type PaymentType, settle } from '../domain/payment.ts'
import type { FiscalDoc, Receipt } from '../domain/receipt.ts'
import { VATS, type Vat, vatSums } from '../domain/vat.ts'
import type { Journal } from '../journal/journal.ts'
import { csvLine, csvMoney, csvText } from './csv.ts'
import { receiptId } from './receipt_body/fields.ts'
import type { AdapterWords } from './words/words.ts'

type Reads = Pick<Journal, 'queries' | 'events'>

export function headerLine({ before, vats, payments, behind }: AdapterWords['csv']): string {
  return csvLine([
    ...before,
    ...VATS.map((vat) => vats[vat]),
    ...PAYMENT_TYPES.map((type) => payments[type]),
    ...behind,
  ])
}

/** The line of a fiscal document, in the order of the header. It names no customer. */
export function documentLine(receipt: Receipt, doc: FiscalDoc, reads: Reads): string {
  const { content } = receipt
  const { sums, payments, changeKopecks } = settledOf(receipt, doc)
  const paid = new Map<PaymentType, number>(payments.map(({ type, amountKopecks }) => [type, amountKopecks]))
  return csvLine([
    ...numbersOf(doc),
    csvText(content.posId),
    doc.details?.operation ?? content.type,
    ...correctionOf(receipt, reads),
    ...originalOf(content.refundOf, reads),
    csvText((doc.details === undefined ? content.cashier : doc.details.cashier)?.name ?? ''),
    doc.details?.taxationSystem ?? content.taxationSystem ?? '',
    csvMoney(doc.totalKopecks),
    ...VATS.map((vat) => csvMoney(sums.get(vat) ?? 0)),
    ...PAYMENT_TYPES.map((type) => csvMoney(paid.get(type) ?? 0)),
    csvMoney(changeKopecks),
    receipt.status,
    receipt.id,
  ])
}

const numbersOf = (doc: FiscalDoc): string[] => [
  String(doc.fdNumber),
  csvText(doc.fnNumber),
  doc.fiscalSign,
  String(doc.shiftNumber),
  String(doc.receiptNumber),
  // The FN keeps minutes.
  doc.fiscalDatetime.slice(0, 'yyyy-mm-ddThh:mm'.length).replace('T', ' '),
]

type Settled = { sums: ReadonlyMap<Vat, number>; payments: readonly Payment[]; changeKopecks: number }

/** As the KKT signed it; documents of earlier versions tell only their total. */
function settledOf({ content }: Receipt, { details }: FiscalDoc): Settled {
  const { payments, changeKopecks } = details ?? settle(content.payments, content.totalKopecks, content.type)
  const sums = details?.vatSums ?? vatSums(content.items)
  return { sums: new Map(sums.map(({ vat, sumKopecks }) => [vat, sumKopecks])), payments, changeKopecks }
}

/** The kind of correction, why and of what it is, and the client that asked for it, where the audit log still says it. */
function correctionOf({ id, content: { correction, corrects } }: Receipt, reads: Reads): string[] {
  if (correction === undefined) return ['', '', '', '', '', '']
  return [
    correction.type,
    correction.date,
    csvText(correction.number ?? ''),
    ...originalOf(corrects, reads),
    csvText(reads.events.askedBy(id) ?? ''),
  ]
}

/** The sign and the receipt_id of another document, as far as they are said or known here. */
function originalOf(original: Original | undefined, { queries }: Reads): string[] {
  if (original === undefined) return ['', '']
  if (original.receiptId === undefined)
    return [original.fiscalSign, queries.findByDocument(original.fnNumber, original.fdNumber)?.id ?? '']
  const id = receiptId.safeParse(original.receiptId)
  const sign = id.success ? queries.find(id.data)?.fiscalDoc?.fiscalSign : undefined
  return [sign ?? '', csvText(original.receiptId)]
}
