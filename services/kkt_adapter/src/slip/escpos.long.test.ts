import { describe, expect, test } from 'bun:test'
import { Paper } from '@kkt/platform/testing/escpos_reader.ts'
import { fiscalised } from '../testing/slips.ts'
import { SALE, WRITTEN } from '../testing/written_slips.ts'
import type { Fiscalised } from './blocks.ts'
import { slipBytes } from './escpos.ts'
import { WIDTHS, type Width } from './layout.ts'
import { receiptSlip } from './sections.ts'
import { slipText } from './text.ts'

const paperOf = async (receipt: Fiscalised, width: Width) => new Paper(await slipBytes(receiptSlip(receipt), width))

/** The lines above the code, in the characters that the printer has. */
const aboveCode = (text: string) =>
  text.slice(0, text.indexOf('\nt=')).replaceAll('×', 'x').replaceAll(/[«»]/g, '"').split('\n')

describe('a slip in ESC/POS', () => {
  test.each(WRITTEN)('has the lines that are written by hand: $what', async ({ receipt, width, text }) => {
    const { lines } = await paperOf(receipt, width)
    expect(lines.slice(0, lines.indexOf('', 1))).toEqual(aboveCode(text))
  })

  test.each(WIDTHS)(
    'has the QR code as a picture that fits paper of %d columns, and is cut at its end',
    async (width) => {
      const { codes, widestDots, lines, cuts } = await paperOf(SALE, width)
      expect(codes).toEqual([SALE.doc.qrCodeData])
      // Font A is 12 dots wide. A code is 20 mm wide at least, of 8 dots each.
      expect(widestDots).toBeWithin(160, 12 * width + 1)
      expect(cuts).toBe(1)
      // The knife is above the head.
      expect(lines.slice(-4)).toEqual(['', '', '', ''])
    },
  )

  test('prints a code whole that is higher than one command can say', async () => {
    const long = fiscalised({}, { qrCodeData: `t=20261122T1643&s=100.00&fn=9999078900000961&${'i=71&'.repeat(20)}` })
    const { codes, widestDots } = await paperOf(long, 32)
    expect(codes).toEqual([long.doc.qrCodeData])
    expect(widestDots).toBeWithin(256, 32 * 12 + 1)
  })

  test('has the title and the total in bold, and of a mock KKT that it is no fiscal receipt', async () => {
    const { strong } = await paperOf({ ...SALE, isMock: true }, 32)
    expect(strong.map((line) => line.trim())).toEqual([
      'НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ',
      'КАССОВЫЙ ЧЕК / ПРИХОД',
      'ИТОГ                    =2132.67',
      'НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ',
    ])
  })

  test('says with near characters what the code page lacks, and no line is longer for it', async () => {
    const name = 'Оправа «½» — 30 ₽, 👓 Ё № ° · №5 '.repeat(3)
    const receipt = fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    const { lines } = await paperOf(receipt, 32)
    expect(lines.join(' ')).toContain('Оправа "1/2" - 30 р, ? Ё № ° · №5')
    expect(Math.max(...lines.map(({ length }) => length))).toBe(32)
    expect(slipText(receiptSlip(receipt), 32)).toContain('👓')
  })
})
