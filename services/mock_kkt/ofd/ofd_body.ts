import { wireContent, wireFiscalDoc } from '@kkt/adapter/src/domain/wire_forms.ts'
import type { ArchivedDocument, Register } from '../register.ts'

type Registration = Register['registration']

/** The body by which the OFD gets a document: named by its FN and FD, and a receipt with all that was sold. */
export function ofdBody(document: ArchivedDocument, registration: Registration) {
  const { kind, doc } = document
  const name = { fn_number: doc.fnNumber, fd_number: doc.fdNumber, kind, kkt_id: registration.serialNumber }
  if (document.kind === 'receipt') {
    return { ...name, ...wireContent(document.content), fiscal_doc: wireFiscalDoc(document.doc) }
  }
  return {
    ...name,
    fiscal_doc: { ...wireNumbers(document.doc), ...wireRegistration(registration), ...wireOwn(document) },
  }
}

type Other = Exclude<ArchivedDocument, { kind: 'receipt' }>
type Numbers = Pick<Other['doc'], 'fdNumber' | 'fiscalSign' | 'fiscalDatetime' | 'fnNumber' | 'shiftNumber'>

const wireNumbers = (doc: Numbers) => ({
  fiscal_doc_number: doc.fdNumber,
  fiscal_sign: doc.fiscalSign,
  fiscal_datetime: doc.fiscalDatetime,
  fn_number: doc.fnNumber,
  shift_number: doc.shiftNumber,
})

const wireRegistration = (registration: Registration) => ({
  registration_number: registration.registrationNumber,
  serial_number: registration.serialNumber,
  seller: registration.seller,
  address: registration.address,
  place: registration.place,
  ffd_version: registration.ffdVersion,
  fns_url: registration.fnsUrl,
})

/** The part that only some kinds have. */
function wireOwn({ kind, doc }: Other) {
  const cashier = doc.cashier ?? null
  if (kind !== 'shift_closing' || doc.kind !== 'shift_closing') return { cashier }
  return { cashier, receipt_count: doc.receiptCount, document_count: doc.documentCount }
}
