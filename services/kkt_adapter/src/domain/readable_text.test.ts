import { expect, test } from 'bun:test'
import { readableText } from './readable_text.ts'

const MAX = 128
const text = readableText(MAX)

test.each([
  'x',
  ' x ',
  '7',
  '%',
  'Оправа «Ray-Ban» № 5',
  '👓',
  '👓'.repeat(MAX),
  'x'.repeat(MAX),
  '<script>',
  "'; DROP TABLE",
  'שלום \u200fעולם',
  'क्षि',
  '👩\u200d🔬',
])('%j is taken, as it is', (taken) => {
  expect(text.parse(taken)).toBe(taken)
})

test.each([
  '',
  'x'.repeat(MAX + 1),
  '👓'.repeat(MAX + 1),
  'a\nb',
  'a\u0000',
  '\u007f',
  '\u0085',
  '\ud800',
  'a\udc53',
  1,
  null,
])('%j is refused', (refused) => {
  expect(text.safeParse(refused).success).toBe(false)
})

test.each([
  ['blanks', ' '],
  ['a no-break space', '\u00a0'],
  ['an ideographic space', '\u3000'],
  ['zero-width marks', '\u200b\u200d\ufeff'],
  ['bidirectional marks', '\u200e\u202e \u2066\u2069'],
  ['a soft hyphen', '\u00ad'],
  ['a Hangul filler', '\u3164'],
  ['an empty Braille cell', '\u2800'],
  ['a variation selector', '\ufe0f'],
])('text of nothing but %s is refused', (_what, invisible) => {
  expect(text.safeParse(invisible).success).toBe(false)
})

test('the same letters are the same text, composed or not', () => {
  const decomposed = 'Йод, cafe\u0301'.normalize('NFD')
  expect(decomposed).not.toBe(decomposed.normalize('NFC'))
  expect(text.parse(decomposed)).toBe(text.parse(decomposed.normalize('NFC')))
})

test('characters are counted as they are composed', () => {
  expect(text.parse('й'.repeat(MAX).normalize('NFD'))).toHaveLength(MAX)
})
