/** A shift's documents, as a KKT tells them. */
import { addTo, noTotals, type ShiftDocument, type ShiftDocumentKind, type ShiftTotals } from '../domain/shift.ts'

const OPENED_AT = '2026-11-22T09:00:00+03:00'
const CLOSED_AT = '2026-11-22T21:30:00+03:00'

const ofShift = (at: string) => ({
  fnNumber: '9999078900000961',
  kktNumber: 'KKT-001',
  shiftNumber: 12,
  registrationNumber: '0000000001002292',
  serialNumber: '00106900000001',
  seller: { name: 'ООО "ОПТИКА"', inn: '7701234567' },
  address: 'г. Москва, ул. Лесная, д. 1',
  place: 'Магазин № 3',
  cashier: null,
  ffdVersion: '1.2' as const,
  fnsUrl: 'www.nalog.gov.ru',
  fnFlags: [],
  unsent: { count: 0, firstFd: null, sinceMs: null },
  fiscalDatetime: at,
  instantMs: Date.parse(at),
})

type Opening = Extract<ShiftDocument, { kind: 'shift_opening' }>
type Closing = Extract<ShiftDocument, { kind: 'shift_closing' }>

export const openingDocument = (changes: Partial<Opening> = {}): Opening => ({
  ...ofShift(OPENED_AT),
  kind: 'shift_opening',
  fdNumber: 64,
  fiscalSign: '812004417',
  ...changes,
})

export const closingDocument = (totals: ShiftTotals, changes: Partial<Closing> = {}): Closing => ({
  ...ofShift(CLOSED_AT),
  kind: 'shift_closing',
  fdNumber: 72,
  fiscalSign: '2130706433',
  receiptCount: 7,
  documentCount: 9,
  totals,
  drawerKopecks: 1_154_990,
  ...changes,
})

/** A document of a shift without receipts, in the FN of the tests' receipts. */
export function shiftDoc(
  kind: ShiftDocumentKind,
  fdNumber: number,
  shiftNumber: number,
  fnNumber = '9999000000000001',
): ShiftDocument {
  const [fiscalSign, fiscalDatetime] = [String(3_000_000_000 + fdNumber), '2026-01-31T12:00:00Z']
  const instantMs = Date.parse(fiscalDatetime)
  const of = { fdNumber, shiftNumber, fnNumber, fiscalSign, fiscalDatetime, instantMs }
  if (kind === 'shift_opening') return openingDocument(of)
  return closingDocument(noTotals(), { ...of, receiptCount: 0, documentCount: 2, drawerKopecks: null })
}

/** Four sales, a refund in cash, two corrections, and cash put in and taken out. */
export function busyShift(): ShiftTotals {
  const totals = noTotals()
  addTo(totals.receipts.sale, 1_054_990, [
    ['cash', 54_990],
    ['card', 1_000_000],
  ])
  addTo(totals.receipts.sale, 500_000, [
    ['prepaid', 122_000],
    ['credit', 378_000],
  ])
  addTo(totals.receipts.sale, 125_000, [['cash', 125_000]])
  addTo(totals.receipts.sale, 1, [['other', 1]])
  addTo(totals.receipts.refund, 25_000, [['cash', 25_000]])
  addTo(totals.corrections.sale, 10_000, [['cash', 10_000]])
  addTo(totals.corrections.refund, 10_000, [['cash', 10_000]])
  totals.cashIn = { count: 1, sumKopecks: 1_000_000 }
  totals.cashOut = { count: 2, sumKopecks: 300_050 }
  return totals
}
