import { expect, test } from 'bun:test'
import { content } from '../testing/kit.ts'
import { fiscalised } from '../testing/slips.ts'
import { documentOf } from './told_document.ts'

test('a document that a person tells has the QR code that the KKT would have printed', () => {
  const { doc, receipt } = { doc: fiscalised({}).doc, receipt: content('POS-001', fiscalised({}).doc.totalKopecks) }
  const { fnNumber, kktNumber, qrCodeData: _made, details: _not, totalKopecks: _sum, ...told } = doc
  const { details: _details, ...known } = doc
  expect(documentOf(told, receipt, { fnNumber, kktNumber })).toEqual(known)
})
