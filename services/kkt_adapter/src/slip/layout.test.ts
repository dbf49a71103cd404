import { expect, test } from 'bun:test'
import type { Block } from './blocks.ts'
import { layOut } from './layout.ts'

const linesOf = (block: Block) => layOut([[block]], 32).flatMap((blocks) => blocks.flatMap(({ lines }) => lines))

test('each line of an indented text is indented, and none is longer for it', () => {
  const text = 'ПРЕДОПЛАТА / ТОВАР НДС 22/122% ЗА ВСЁ'
  expect(linesOf({ kind: 'text', text, indent: 2 })).toEqual(['  ПРЕДОПЛАТА / ТОВАР НДС 22/122%', '  ЗА ВСЁ'])
  expect(linesOf({ kind: 'text', text, indent: 3 })).toEqual(['   ПРЕДОПЛАТА / ТОВАР НДС', '   22/122% ЗА ВСЁ'])
})

test('the value of a long label is at the end of its last line', () => {
  const label = 'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС) ЗА ТОВАР'
  expect(linesOf({ kind: 'pair', label, value: '=1250.00', indent: 2 })).toEqual([
    '  ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС)',
    '  ЗА ТОВАР              =1250.00',
  ])
})

test('the value has a line of its own below a label that leaves no room for it', () => {
  const label = 'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС) И ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)'
  expect(linesOf({ kind: 'pair', label, value: '=1250.00' })).toEqual([
    'ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА (АВАНС) И',
    'ПОСЛЕДУЮЩАЯ ОПЛАТА (КРЕДИТ)',
    '                        =1250.00',
  ])
})

test('a title of several lines is centred line by line', () => {
  expect(linesOf({ kind: 'centred', text: 'КАССОВЫЙ ЧЕК КОРРЕКЦИИ / ВОЗВРАТ ПРИХОДА' })).toEqual([
    'КАССОВЫЙ ЧЕК КОРРЕКЦИИ / ВОЗВРАТ',
    '            ПРИХОДА',
  ])
})

test('facts are side by side as far as they fit, and a fact is not broken', () => {
  const facts = ['РН ККТ 0000000001002292', 'ЗН ККТ 00106900000001', 'ФД 71']
  expect(linesOf({ kind: 'facts', facts })).toEqual(['РН ККТ 0000000001002292', 'ЗН ККТ 00106900000001  ФД 71'])
})

test('a fact that is longer than a line is broken at its words, and the next begins behind it', () => {
  const facts = ['ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ / ИНЫЕ ПЛАТЕЖИ И ВЗНОСЫ', 'БЕЗ НДС']
  expect(linesOf({ kind: 'facts', facts, indent: 2 })).toEqual([
    '  ЧАСТИЧНЫЙ РАСЧЕТ И КРЕДИТ /',
    '  ИНЫЕ ПЛАТЕЖИ И ВЗНОСЫ  БЕЗ НДС',
  ])
})
