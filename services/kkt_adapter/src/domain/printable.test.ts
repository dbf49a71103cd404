import { describe, expect, test } from 'bun:test'
import { SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { content } from '../testing/kit.ts'
import { isPrintable, printable, printWarnings } from './printable.ts'
import type { ReceiptContent } from './receipt.ts'

describe('a text as a KKT prints it', () => {
  test.each([
    ['as it is', 'Оправа №5, «1.67»'.replace(/[«»]/g, '"'), 'Оправа №5, "1.67"'],
    ['with ё and Ё', 'Ёлка и ёж', 'Ёлка и ёж'],
    ['with quotation marks', '«Оптика» “A” „B” ‘c’', '"Оптика" "A" "B" \'c\''],
    ['with dashes', 'а – б — в − г', 'а - б - в - г'],
    ['with a rouble sign', '100 ₽', '100 р'],
    ['with signs that have no near one', '5 € ©', '5 ? ?'],
    ['with an emoji', 'Очки 😎!', 'Очки ?!'],
    ['with an emoji of several parts', '👩‍🔬', '??'],
    ['with a letter with a mark', 'Café Škoda', 'Cafe Skoda'],
    ['with a Russian letter that is not composed', 'Йод'.normalize('NFD'), 'Йод'],
    ['with a stress mark', 'за\u0301мок', 'замок'],
    ['with a fraction and a ligature', '½ ﬁn', '1/2 fin'],
    ['with a times sign', '2 × 3', '2 x 3'],
    ['with a narrow space, and a no-break space', 'а\u202fб\u00a0в', 'а б\u00a0в'],
    ['with a line separator', 'а\u2028б', 'а б'],
    ['with an invisible joiner', 'а\u200dб', 'аб'],
    ['with Chinese', '眼镜', '??'],
  ])('%s', (_what, text, printed) => {
    expect(printable(text)).toBe(printed)
  })

  test(`has only characters of the code page, and is the same when it is printed again (SEED=${SEED})`, () => {
    // The library's own strings of all characters cost a second, for its tables.
    const anyCharacter = fc.oneof(fc.integer({ min: 0x20, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
    const anyText = fc
      .array(anyCharacter, { maxLength: 24 })
      .map((codePoints) => String.fromCodePoint(...codePoints))
      .filter((text) => !/\p{Cc}/u.test(text))
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isPrintable(printable(text))).toBe(true)
        expect(printable(printable(text))).toBe(printable(text))
      }),
      { seed: SEED },
    )
  })

  test('has every character of ASCII and of the upper half', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte).subarray(0x20)
    const all = new TextDecoder('ibm866').decode(bytes).replace('\u007f', '')
    expect(all).toHaveLength(223)
    expect(printable(all)).toBe(all)
  })
})

describe('the warning', () => {
  const named = (...names: string[]): ReceiptContent => ({
    ...content(),
    items: names.flatMap((name) => content().items.map((item) => ({ ...item, name }))),
  })

  test('is none for texts that are printed as they are', () => {
    expect(printWarnings({ ...named('Оправа "A" №5'), cashier: { name: 'Иванова А. А.' } })).toEqual([])
  })

  test('names the places by the fields of the wire, and not the texts', () => {
    const sold = { ...named('Оправа', 'Линза 😎'), userAttribute: { name: 'a', value: '₽' }, cashier: { name: '«И»' } }
    const [warning, ...others] = printWarnings(sold)
    expect(others).toEqual([])
    expect(warning?.code).toBe('not_printable')
    expect(warning?.message).toContain('of /items/1/name, /user_attribute/value, /cashier/name:')
    expect(warning?.message).not.toMatch(/😎|Линза|«И»/)
  })

  test('names five places, and counts the rest', () => {
    const [warning] = printWarnings(named(...Array.from({ length: 7 }, () => '₽')))
    expect(warning?.message).toContain('/items/4/name and 2 more:')
  })
})
