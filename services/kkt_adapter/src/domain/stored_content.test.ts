import { describe, expect, test } from 'bun:test'
import type { ReceiptContent } from './receipt.ts'
import { contentText, isSameContent, readContent } from './stored_content.ts'

/** As versions before FFD 1.2's fields kept a content. */
const EARLIER =
  '{"posId":"POS-7","type":"refund","items":[{"name":"Cord","priceKopecks":9999,"quantityMilli":1505,"totalKopecks":15048,"vatRate":10},{"name":"Cloth","priceKopecks":0,"quantityMilli":1000,"totalKopecks":0,"vatRate":null}],"payments":[{"type":"other","amountKopecks":15048}],"totalKopecks":15048}'

const CONTENT: ReceiptContent = {
  posId: 'POS-7',
  type: 'refund',
  items: [
    { name: 'Cord', priceKopecks: 9999, quantityMicro: 1_505_000, totalKopecks: 15_048, vat: 'vat10' },
    { name: 'Cloth', priceKopecks: 0, quantityMicro: 1_000_000, totalKopecks: 0, vat: 'none' },
  ],
  payments: [{ type: 'other', amountKopecks: 15_048 }],
  totalKopecks: 15_048,
}

test('what earlier versions kept is read as the same content', () => {
  expect(readContent(EARLIER)).toEqual(CONTENT)
  expect(contentText(readContent(EARLIER))).toBe(contentText(CONTENT))
})

test('what is kept is read as it was, with every field', () => {
  const whole: ReceiptContent = { ...CONTENT, taxationSystem: 'osn', cashier: { name: 'Ivanova' }, electronic: true }
  expect(readContent(contentText(whole))).toEqual(whole)
})

test('each rate of earlier versions is read', () => {
  const vatOf = (rate: number | null) => readContent(EARLIER.replace('"vatRate":10', `"vatRate":${rate}`)).items[0]?.vat
  expect([null, 0, 5, 7, 10, 20, 22].map(vatOf)).toEqual(['none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat20', 'vat22'])
  expect(() => vatOf(18)).toThrow('a VAT rate of 18 %')
})

describe('a body that comes again', () => {
  const text = contentText(CONTENT)

  test('is the same in the kept form of either version', () => {
    expect([text, EARLIER].map((kept) => isSameContent(kept, text))).toEqual([true, true])
  })

  test('is another one where anything differs', () => {
    const other = contentText({ ...CONTENT, posId: 'POS-8' })
    expect([text, EARLIER].map((kept) => isSameContent(kept, other))).toEqual([false, false])
    const more = contentText({ ...CONTENT, place: 'Shop 3' })
    expect([text, EARLIER].map((kept) => isSameContent(kept, more))).toEqual([false, false])
  })

  test('is the same where earlier versions kept its letters otherwise', () => {
    const named = (name: string) => contentText({ ...CONTENT, posId: name })
    expect(isSameContent(named('Йод'.normalize('NFD')), named('Йод'.normalize('NFC')))).toBe(true)
  })
})
