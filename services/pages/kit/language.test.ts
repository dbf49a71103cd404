import { describe, expect, test } from 'bun:test'
import { createFormat } from './format.ts'
import { chooseLanguage, localeIn } from './language.ts'

test.each([
  [['ru-RU', 'en'], 'ru'],
  [['RU'], 'ru'],
  [['en-GB', 'ru'], 'en'],
  [['de', 'ru'], 'ru'],
  [['de', 'fr'], 'en'],
  [[], 'en'],
] as const)('of %p the page speaks %s', (wanted, spoken) => {
  expect(chooseLanguage(wanted)).toBe(spoken)
})

describe('a duration', () => {
  const { duration, brief } = createFormat('en')
  test.each([
    [0, '0 s'],
    [0.004, '0.01 s'],
    [0.25, '0.25 s'],
    [9.6, '10 s'],
    [60, '1 min'],
    [250, '4 min 10 s'],
    [3600, '1 h'],
    [90_061, '1 d 1 h'],
  ])('%p is %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  test.each([
    [50, '50 s'],
    [119, '119 s'],
    [1200, '20 min'],
    [7200, '2 h'],
    [172_800, '2 d'],
  ])('on an axis %p is %s', (seconds, text) => expect(brief(seconds)).toBe(text))
})

describe('a value looks as its reader is used to', () => {
  test('dates go by the reader’s own variety of the language', () => {
    const dateIn = (wanted: string[]) => createFormat('en', localeIn(wanted, 'en')).moment('2026-11-29T12:00:00')
    expect([dateIn(['de', 'en-GB']), dateIn(['en-US'])]).toEqual([
      expect.stringContaining('29 Nov 2026'),
      expect.stringContaining('Nov 29, 2026'),
    ])
    expect(localeIn(['de'], 'en')).toBe('en')
  })

  test('a document’s time is that on its paper, with its zone where that is another one', () => {
    const { momentThere } = createFormat('ru')
    const offsets = ['Z', '+03:00', '+11:00'].map((offset) => momentThere(`2026-11-29T18:00:19${offset}`))
    expect(offsets.filter((text) => !text.startsWith('29 нояб. 2026 г., 18:00:19'))).toEqual([])
    // At most one of them is the zone of this machine.
    expect(offsets.filter((text) => text.includes('(UTC')).length).toBeGreaterThanOrEqual(2)
  })

  test('money has the rouble’s sign', () => {
    expect([createFormat('en').roubles(12_500), createFormat('ru').roubles(12_500)]).toEqual([
      '₽12,500.00',
      expect.stringMatching(/^12\s500,00\s₽$/),
    ])
  })
})
