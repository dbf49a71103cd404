import { toRoubles, toUnits } from './money.ts'
import type { FiscalDoc, ReceiptContent } from './receipt.ts'
import { rateOfVat } from './vat.ts'

/** A fiscal document in the wire's field names, money in roubles. Tills and the OFD get the same. */
export const wireFiscalDoc = (doc: FiscalDoc) => ({
  fiscal_doc_number: doc.fdNumber,
  fiscal_sign: doc.fiscalSign,
  fiscal_datetime: doc.fiscalDatetime,
  fn_number: doc.fnNumber,
  kkt_number: doc.kktNumber,
  shift_number: doc.shiftNumber,
  receipt_number: doc.receiptNumber,
  total: toRoubles(doc.totalKopecks),
  qr_code_data: doc.qrCodeData,
})

/** The goods and payments in the till's form. Tills and the OFD get the same. */
export const wireContent = ({ type, items, payments, totalKopecks }: ReceiptContent) => ({
  type,
  items: items.map((item) => ({
    name: item.name,
    price: toRoubles(item.priceKopecks),
    quantity: toUnits(item.quantityMicro),
    total: toRoubles(item.totalKopecks),
    vat_rate: rateOfVat(item.vat) ?? null,
  })),
  payments: payments.map((payment) => ({ type: payment.type, amount: toRoubles(payment.amountKopecks) })),
  total: toRoubles(totalKopecks),
})
