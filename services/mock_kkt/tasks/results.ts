/** The results of tasks, as the driver wraps them. Money in roubles. */
import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import type { FiscalDoc } from '@kkt/adapter/src/domain/receipt.ts'
import type { ShiftDocument } from '@kkt/adapter/src/domain/shift.ts'
import type { Registration } from '../device/registration.ts'
import type { ArchivedDocument, PlainDocument } from '../register.ts'

/** A document of any kind that a task makes. */
export type AnyDocument = FiscalDoc | ShiftDocument | PlainDocument

/** `recovered`: the task was blocked, and the document was found in the FN afterwards. */
export type DocumentWarnings = { notPrinted: boolean; recovered?: true }

export const documentResult = (doc: AnyDocument, registration: Registration, warnings: DocumentWarnings) => ({
  fiscalParams: { ...commonParams(doc, registration), ...ownParams(doc) },
  warnings,
})

const commonParams = (doc: AnyDocument, { registrationNumber, fnsUrl }: Registration) => ({
  fiscalDocumentNumber: doc.fdNumber,
  fiscalDocumentSign: doc.fiscalSign,
  fiscalDocumentDateTime: doc.fiscalDatetime,
  shiftNumber: doc.shiftNumber,
  fnNumber: doc.fnNumber,
  registrationNumber,
  fnsUrl,
})

function ownParams(doc: AnyDocument) {
  if ('receiptNumber' in doc) return { fiscalReceiptNumber: doc.receiptNumber, total: toRoubles(doc.totalKopecks) }
  if ('kind' in doc && doc.kind === 'shift_closing') return { receiptsCount: doc.receiptCount }
  return {}
}

/** A document's kind in the driver's words. */
export function documentWord(archived: ArchivedDocument): string {
  switch (archived.kind) {
    case 'receipt':
      return archived.content.correction === undefined ? 'receipt' : 'receiptCorrection'
    case 'shift_opening':
      return 'openShift'
    case 'shift_closing':
      return 'closeShift'
    case 'registration':
      return 'registration'
    case 'ofd_report':
      return 'ofdExchangeStatus'
  }
}
