import { describe, expect, test } from 'bun:test'
import { content, fiscalDoc } from '../testing/kit.ts'
import { differences } from './differences.ts'
import type { DocDetails, FiscalDoc, ReceiptContent } from './receipt.ts'

const DETAILS: DocDetails = {
  operation: 'sale',
  isCorrection: false,
  registrationNumber: '0000000001002292',
  serialNumber: '00106900000001',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: null,
  place: null,
  taxationSystem: 'osn',
  cashier: null,
  vatSums: [{ vat: 'vat22', sumKopecks: 1803 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  changeKopecks: 0,
  ffdVersion: '1.2',
  fnsUrl: 'www.nalog.gov.ru',
  instantMs: 0,
}
const doc = (change: Partial<DocDetails> = {}, head: Partial<FiscalDoc> = {}): FiscalDoc => ({
  ...fiscalDoc(1),
  ...head,
  details: { ...DETAILS, ...change },
})
const sold: ReceiptContent = { ...content(), taxationSystem: 'osn' }
const codes = (signed: FiscalDoc, receipt = sold) => differences(receipt, signed).map(({ code }) => code)

describe('a document', () => {
  test('that agrees with its receipt differs in nothing', () => {
    expect(codes(doc())).toEqual([])
  })

  test("without details, and a KKT's own taxation system, are no difference", () => {
    expect(codes(fiscalDoc(1))).toEqual([])
    expect(codes(doc({ taxationSystem: 'patent' }), content())).toEqual([])
  })

  test.each<[string, FiscalDoc, string, string]>([
    ['in the total', doc({}, { totalKopecks: 10_001 }), 'total_differs', 'signed a total of 100.01'],
    [
      'in the taxation system',
      doc({ taxationSystem: 'patent' }),
      'taxation_system_differs',
      'signed the taxation system patent, and the receipt has osn',
    ],
    [
      'in the tax, by a kopeck',
      doc({ vatSums: [{ vat: 'vat22', sumKopecks: 1804 }] }),
      'vat_sum_differs',
      "signed 18.04 at the rate vat22, and the receipt's items make 18.03",
    ],
    ['in a tax that is missing', doc({ vatSums: [] }), 'vat_sum_differs', 'signed nothing at the rate vat22'],
  ])('that differs %s is told with both sides', (_what, signed, code, words) => {
    const [found, ...others] = differences(sold, signed)
    expect(others).toEqual([])
    expect(found?.code).toBe(code)
    expect(found?.message).toContain(words)
  })

  test('with another rate differs in both rates', () => {
    const told = differences(sold, doc({ vatSums: [{ vat: 'vat20', sumKopecks: 1667 }] }))
    expect(told.map(({ code }) => code)).toEqual(['vat_sum_differs', 'vat_sum_differs'])
    expect(told[1]?.message).toContain("signed 16.67 at the rate vat20, and the receipt's items make nothing")
  })
})
