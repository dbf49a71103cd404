/** Receipts with the document of the slip that the tests write out by hand. */
import { formatRoubles } from '../domain/money.ts'
import type { FiscalDoc } from '../domain/receipt.ts'
import { receiptBody } from '../http/receipt_schema.ts'
import type { Fiscalised } from '../slip/sections.ts'
import { body } from './app_kit.ts'

/** @param sold the parts of a till's receipt */
export function fiscalised(sold: Record<string, unknown>, changes: Partial<FiscalDoc> = {}): Fiscalised {
  const content = receiptBody.parse(body(sold))
  const { totalKopecks } = content
  const operation = content.type === 'sale' ? 1 : 2
  return {
    content,
    doc: {
      fdNumber: 71,
      fiscalSign: '1494325660',
      fiscalDatetime: '2026-11-22T16:43:06Z',
      fnNumber: '9999078900000961',
      kktNumber: 'KKT-001',
      shiftNumber: 12,
      receiptNumber: 7,
      totalKopecks,
      qrCodeData: `t=20261122T1643&s=${formatRoubles(totalKopecks)}&fn=9999078900000961&i=71&fp=1494325660&n=${operation}`,
      ...changes,
    },
    isMock: false,
  }
}
