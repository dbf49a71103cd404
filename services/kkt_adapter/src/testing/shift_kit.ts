import { noTotals, type ShiftDocument, type ShiftDocumentKind } from '../domain/shift.ts'

/** A document of a shift, as a KKT gives it. */
export function shiftDoc(
  kind: ShiftDocumentKind,
  fdNumber: number,
  shiftNumber: number,
  fnNumber = '9999000000000001',
): ShiftDocument {
  const common = {
    fdNumber,
    fiscalSign: String(3_000_000_000 + fdNumber),
    fiscalDatetime: '2026-01-31T12:00:00Z',
    instantMs: Date.parse('2026-01-31T12:00:00Z'),
    fnNumber,
    kktNumber: 'KKT-001',
    shiftNumber,
    registrationNumber: '0000000000012345',
    serialNumber: 'TEST0000000001',
    seller: { name: 'ООО «Пример»', inn: '7707083893' },
    address: 'г. Москва, ул. Примерная, д. 1',
    place: 'Магазин',
    cashier: null,
    ffdVersion: '1.2' as const,
    fnsUrl: 'www.nalog.gov.ru',
    fnFlags: [],
    unsent: { count: 0, firstFd: null, sinceMs: null },
  }
  if (kind === 'shift_opening') return { ...common, kind }
  return { ...common, kind, receiptCount: 0, documentCount: 2, totals: noTotals(), drawerKopecks: null }
}
