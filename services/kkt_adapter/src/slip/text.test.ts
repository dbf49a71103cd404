import { describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { PAYMENT_METHOD_TAGS } from '../domain/item.ts'
import { OPERATION_TAGS } from '../domain/operation.ts'
import { TAXATION_BITS } from '../domain/taxation.ts'
import { rateOf, VATS } from '../domain/vat.ts'
import { fiscalised, recordedEarlier } from '../testing/slips.ts'
import { WRITTEN_SHIFTS } from '../testing/written_shift_slips.ts'
import { SALE, WRITTEN } from '../testing/written_slips.ts'
import type { Fiscalised } from './blocks.ts'
import type { Width } from './layout.ts'
import { receiptSlip } from './sections.ts'
import { slipText } from './text.ts'

const textOf = (receipt: Fiscalised, width: Width) => slipText(receiptSlip(receipt), width)

/** Codes of the till by the tags of the law, and the words for these tags. */
const PRINTED: Readonly<
  Record<string, { field: string; tags: Readonly<Record<string, number>>; words: Readonly<Record<number, string>> }>
> = {
  'the operation': {
    field: 'type',
    tags: OPERATION_TAGS,
    words: { 1: ' / ПРИХОД\n', 2: ' / ВОЗВРАТ ПРИХОДА\n', 3: ' / РАСХОД\n', 4: ' / ВОЗВРАТ РАСХОДА\n' },
  },
  'the taxation system': {
    field: 'taxation_system',
    tags: TAXATION_BITS,
    words: {
      1: '\nСНО: ОСН\n',
      2: '\nСНО: УСН ДОХОД\n',
      4: '\nСНО: УСН ДОХОД - РАСХОД\n',
      16: '\nСНО: ЕСХН\n',
      32: '\nСНО: ПАТЕНТ\n',
    },
  },
  'the way of settlement': {
    field: 'items.payment_method',
    tags: PAYMENT_METHOD_TAGS,
    words: {
      1: '  ПРЕДОПЛАТА 100% / ТОВАР',
      2: '  ПРЕДОПЛАТА / ТОВАР',
      3: '  АВАНС / ТОВАР',
      4: '  ПОЛНЫЙ РАСЧЕТ / ТОВАР',
      5: '  ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ / ТОВАР',
      6: '  ПЕРЕДАЧА В КРЕДИТ / ТОВАР',
      7: '  ОПЛАТА КРЕДИТА / ТОВАР',
    },
  },
}

describe('a slip in text', () => {
  test.each(WRITTEN)('is as it is written by hand: $what', ({ receipt, width, text }) => {
    expect(textOf(receipt, width)).toBe(text)
  })

  test('is compared with each that is written by hand', () => {
    expect(WRITTEN.length + WRITTEN_SHIFTS.length).toBe(readdirSync(new URL('by_hand', import.meta.url)).length)
  })

  test('of a mock KKT begins and ends by saying that it is no fiscal receipt', () => {
    const notice = '   НЕ ЯВЛЯЕТСЯ КАССОВЫМ ЧЕКОМ\n'
    const rule = '--------------------------------\n'
    const real = textOf(SALE, 32)
    expect(textOf({ ...SALE, isMock: true }, 32)).toBe(notice + rule + real + rule + notice)
  })

  test('has the time in the zone in which the document has it', () => {
    const receipt = fiscalised({}, { fiscalDatetime: '2026-12-01T01:05:00+03:00' })
    expect(textOf(receipt, 48)).toContain(' 01.12.26 01:05\n')
  })

  test('gives the time a line of its own where the numbers leave no room for it', () => {
    const close = fiscalised({}, { shiftNumber: 1234, receiptNumber: 56 })
    expect(textOf(close, 32)).toContain('\nСМЕНА 1234 ЧЕК 56 22.11.26 16:43\n')
    const full = fiscalised({}, { shiftNumber: 1234, receiptNumber: 567 })
    expect(textOf(full, 32)).toContain('\nСМЕНА 1234 ЧЕК 567\n                  22.11.26 16:43\n')
  })

  test('cuts a word only if it is longer than a line', () => {
    const name = 'Сверхдлинноназванномультифокальныелинзы сферические'
    const receipt = fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    expect(textOf(receipt, 32)).toContain('\nСверхдлинноназванномультифокальн\nыелинзы сферические\n  1 шт × 100.00')
  })

  test('counts a letter with its marks once, and a wide character twice', () => {
    const named = (name: string) =>
      textOf(fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] }), 32)
    const accented = 'а\u0301'.repeat(16)
    expect(named(`${accented} ${accented}`)).toContain(`\n${accented}\n${accented}\n`)
    expect(named(`${accented.repeat(2)}`)).toContain(`\n${accented.repeat(2)}\n`)
    expect(named('👓'.repeat(17))).toContain(`\n${'👓'.repeat(16)}\n👓\n`)
  })

  test('keeps together what a no-break space joins, and takes any other space for one', () => {
    const name = 'Линзы\u2028 дневные для очков и оправ, \u00a0 5\u00a0шт.'
    const receipt = fiscalised({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    expect(textOf(receipt, 32)).toContain('\nЛинзы дневные для очков и оправ,\n5\u00a0шт.\n')
  })

  test('leaves an item without its tax where the KKT signed another sum, and shows the sum that it signed', () => {
    const items = ['Оправа', 'Линзы'].map((name) => ({ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }))
    const paid = { items, payments: [{ type: 'cash', amount: 200 }] }
    const { details } = fiscalised(paid).doc
    if (details === undefined) throw new Error('the receipt has no details')
    expect(textOf(fiscalised(paid), 48)).toContain('  ПОЛНЫЙ РАСЧЕТ / ТОВАР  НДС 22% 18.03\n')
    // The tax of the whole, where two taxes of items are 36.06.
    const rounded = textOf(
      fiscalised(paid, { details: { ...details, vatSums: [{ vat: 'vat22', sumKopecks: 3607 }] } }),
      48,
    )
    expect(rounded).toContain('  ПОЛНЫЙ РАСЧЕТ / ТОВАР  НДС 22%\n')
    expect(rounded).toMatch(/\nСУММА НДС 22% +=36\.07\n/)
  })

  test("has the KKT's own words where they differ from the till's", () => {
    const receipt = fiscalised({ cashier: { name: 'Иванова' }, address: 'Тверь', taxation_system: 'osn' })
    const { details } = receipt.doc
    if (details === undefined) throw new Error('the receipt has no details')
    const signed = { ...details, cashier: null, address: 'Москва', place: null, taxationSystem: 'patent' as const }
    const text = textOf({ ...receipt, doc: { ...receipt.doc, details: signed } }, 48)
    expect(text).toContain(' Москва\n')
    expect(text).toContain('\nСНО: ПАТЕНТ\n')
    expect(text).not.toMatch(/КАССИР|Тверь|МЕСТО РАСЧЕТОВ/)
  })

  test("has the till's words where the document of an earlier version is silent", () => {
    const words = { cashier: { name: 'Иванова' }, address: 'Тверь', place: 'Магазин', taxation_system: 'patent' }
    const change = { payments: [{ type: 'cash', amount: 150 }] }
    const text = textOf(recordedEarlier(fiscalised({ ...words, ...change })), 32)
    for (const line of ['КАССИР Иванова', 'СНО: ПАТЕНТ', 'СДАЧА                     =50.00']) {
      expect(text).toContain(`\n${line}\n`)
    }
    expect(text).toMatch(/^ +Тверь\n +МЕСТО РАСЧЕТОВ Магазин\n +КАССОВЫЙ ЧЕК/)
  })

  test.each(Object.entries(PRINTED))('prints %s as the law has it, by its tag', (name, { field, tags, words }) => {
    for (const [code, tag] of Object.entries(tags)) {
      const item = { name: 'Оправа', price: 100, quantity: 1, total: 100, vat_rate: 22 }
      const sold = field.startsWith('items.')
        ? { items: [{ ...item, [field.slice('items.'.length)]: code }] }
        : { [field]: code }
      expect(textOf(fiscalised(sold), 48), name).toContain(words[tag] ?? 'no word')
    }
  })

  test.each(VATS)('tells the rate %s of an item and its sum', (vat) => {
    const rate = rateOf(vat)
    const word = {
      none: () => 'БЕЗ НДС',
      plain: (percent: number) => `НДС ${percent}%`,
      inverted: (percent: number) => `НДС ${percent}/${100 + percent}`,
    }[rate.kind](rate.kind === 'none' ? 0 : rate.percent)
    const text = textOf(fiscalised({ items: [{ name: 'Оправа', price: 100, quantity: 1, total: 100, vat }] }), 48)
    expect(text).toContain(`  ПОЛНЫЙ РАСЧЕТ / ТОВАР  ${word}`)
    expect(text).toMatch(new RegExp(`\\nСУММА (?:С )?${word} +=\\d+\\.\\d\\d\\n`))
  })
})
