/** Slips written by hand, after the printed slip that the law and the KKTs of this country have. */
import { describe, expect, test } from 'bun:test'
import { fiscalised } from '../testing/slips.ts'
import { slipText } from './text.ts'

const sale = fiscalised({
  type: 'sale',
  items: [
    { name: 'Очки для чтения +1.5', price: 1250, quantity: 1, total: 1250, vat_rate: 22 },
    { name: 'Раствор для линз, 360 мл', price: 420.5, quantity: 2, total: 841, vat_rate: 10 },
    { name: 'Салфетка в подарок', price: 0, quantity: 1, total: 0, vat_rate: null },
    { name: 'Цепочка для очков, метр', price: 333.33, quantity: 0.125, total: 41.67, vat_rate: 0 },
  ],
  payments: [
    { type: 'card', amount: 1500 },
    { type: 'cash', amount: 132.67 },
    { type: 'card', amount: 500 },
  ],
})

const NAME = 'Прогрессивные фотохромные очковые линзы с мультипокрытием и индексом 1.67, левая и правая'
const refund = fiscalised({
  type: 'refund',
  items: [{ name: NAME, price: 99_999.9, quantity: 1, total: 99_999.9, vat_rate: null }],
  payments: [{ type: 'other', amount: 99_999.9 }],
})

const SALE_48 = `
             КАССОВЫЙ ЧЕК / ПРИХОД
СМЕНА 12 ЧЕК 7                    22.11.26 16:43
------------------------------------------------
Очки для чтения +1.5
  1 × 1250.00                           =1250.00
  НДС 22%
Раствор для линз, 360 мл
  2 × 420.50                             =841.00
  НДС 10%
Салфетка в подарок
  1 × 0.00                                 =0.00
  БЕЗ НДС
Цепочка для очков, метр
  0.125 × 333.33                          =41.67
  НДС 0%
------------------------------------------------
ИТОГ                                    =2132.67
НАЛИЧНЫМИ                                =132.67
БЕЗНАЛИЧНЫМИ                            =2000.00
СУММА С НДС 0%                            =41.67
------------------------------------------------
КАССА KKT-001
ФН 9999078900000961  ФД 71  ФП 1494325660
------------------------------------------------
t=20261122T1643&s=2132.67&fn=9999078900000961&
i=71&fp=1494325660&n=1
`

const SALE_32 = `
     КАССОВЫЙ ЧЕК / ПРИХОД
СМЕНА 12 ЧЕК 7    22.11.26 16:43
--------------------------------
Очки для чтения +1.5
  1 × 1250.00           =1250.00
  НДС 22%
Раствор для линз, 360 мл
  2 × 420.50             =841.00
  НДС 10%
Салфетка в подарок
  1 × 0.00                 =0.00
  БЕЗ НДС
Цепочка для очков, метр
  0.125 × 333.33          =41.67
  НДС 0%
--------------------------------
ИТОГ                    =2132.67
НАЛИЧНЫМИ                =132.67
БЕЗНАЛИЧНЫМИ            =2000.00
СУММА С НДС 0%            =41.67
--------------------------------
КАССА KKT-001
ФН 9999078900000961  ФД 71
ФП 1494325660
--------------------------------
t=20261122T1643&s=2132.67&
fn=9999078900000961&i=71&
fp=1494325660&n=1
`

const REFUND_48 = `
         КАССОВЫЙ ЧЕК / ВОЗВРАТ ПРИХОДА
СМЕНА 12 ЧЕК 7                    22.11.26 16:43
------------------------------------------------
Прогрессивные фотохромные очковые линзы с
мультипокрытием и индексом 1.67, левая и правая
  1 × 99999.90                         =99999.90
  БЕЗ НДС
------------------------------------------------
ИТОГ                                   =99999.90
ИНАЯ ФОРМА ОПЛАТЫ                      =99999.90
СУММА БЕЗ НДС                          =99999.90
------------------------------------------------
КАССА KKT-001
ФН 9999078900000961  ФД 71  ФП 1494325660
------------------------------------------------
t=20261122T1643&s=99999.90&fn=9999078900000961&
i=71&fp=1494325660&n=2
`

const REFUND_32 = `
 КАССОВЫЙ ЧЕК / ВОЗВРАТ ПРИХОДА
СМЕНА 12 ЧЕК 7    22.11.26 16:43
--------------------------------
Прогрессивные фотохромные
очковые линзы с мультипокрытием
и индексом 1.67, левая и правая
  1 × 99999.90         =99999.90
  БЕЗ НДС
--------------------------------
ИТОГ                   =99999.90
ИНАЯ ФОРМА ОПЛАТЫ      =99999.90
СУММА БЕЗ НДС          =99999.90
--------------------------------
КАССА KKT-001
ФН 9999078900000961  ФД 71
ФП 1494325660
--------------------------------
t=20261122T1643&s=99999.90&
fn=9999078900000961&i=71&
fp=1494325660&n=2
`

describe('a slip in text', () => {
  test.each([
    ['a sale of several items, paid in two ways, on 80 mm paper', sale, 48, SALE_48],
    ['the same on 58 mm paper', sale, 32, SALE_32],
    ['a refund of an item with a long name, on 80 mm paper', refund, 48, REFUND_48],
    ['the same on 58 mm paper', refund, 32, REFUND_32],
  ] as const)('%s', (_what, receipt, width, written) => {
    expect(slipText(receipt, width)).toBe(written.slice(1))
  })

  test('of a mock KKT begins and ends by saying that it is no fiscal receipt', () => {
    const notice = '   НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ\n'
    const rule = '--------------------------------\n'
    expect(slipText({ ...sale, isMock: true }, 32)).toBe(notice + rule + SALE_32.slice(1) + rule + notice)
  })

  test('has the time in the zone in which the document has it', () => {
    const receipt = fiscalised({}, { fiscalDatetime: '2026-12-01T01:05:00+03:00' })
    expect(slipText(receipt, 48)).toContain(' 01.12.26 01:05\n')
  })

  test('gives the time a line of its own where the numbers leave no room for it', () => {
    const close = fiscalised({}, { shiftNumber: 1234, receiptNumber: 56 })
    expect(slipText(close, 32)).toContain('\nСМЕНА 1234 ЧЕК 56 22.11.26 16:43\n')
    const full = fiscalised({}, { shiftNumber: 1234, receiptNumber: 567 })
    expect(slipText(full, 32)).toContain('\nСМЕНА 1234 ЧЕК 567\n                  22.11.26 16:43\n')
  })

  test('cuts a word only if it is longer than a line', () => {
    const name = 'Сверхдлинноназванномультифокальныелинзы сферические'
    const receipt = fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    expect(slipText(receipt, 32)).toContain('\nСверхдлинноназванномультифокальн\nыелинзы сферические\n  1 × 100.00')
  })

  test('counts a letter with its marks once, and a wide character twice', () => {
    const named = (name: string) =>
      slipText(fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] }), 32)
    const accented = 'а\u0301'.repeat(16)
    expect(named(`${accented} ${accented}`)).toContain(`\n${accented}\n${accented}\n`)
    expect(named(`${accented.repeat(2)}`)).toContain(`\n${accented.repeat(2)}\n`)
    expect(named('👓'.repeat(17))).toContain(`\n${'👓'.repeat(16)}\n👓\n`)
  })

  test('keeps together what a no-break space joins, and takes any other space for one', () => {
    const name = 'Линзы\u2028 дневные для очков и оправ, \u00a0 5\u00a0шт.'
    const receipt = fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    expect(slipText(receipt, 32)).toContain('\nЛинзы дневные для очков и оправ,\n5\u00a0шт.\n')
  })
})
