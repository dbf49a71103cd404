import { expect, test } from 'bun:test'
import { counted, type Language, languageOf } from './language.ts'

test.each<[string | null, Language]>([
  [null, 'en'],
  ['', 'en'],
  ['ru', 'ru'],
  ['ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7', 'ru'],
  ['en-US,en;q=0.9,ru;q=0.8', 'en'],
  ['RU-ru', 'ru'],
  ['de, ru;q=0.1', 'ru'],
  ['de', 'en'],
  ['en;q=0.5, ru;q=0.6', 'ru'],
  ['en;q=0.6, ru;q=0.5', 'en'],
  ['en, ru', 'en'],
  ['ru, en', 'ru'],
  ['en-GB;q=0.2, ru;q=0.3, en;q=0.4', 'en'],
  ['*', 'en'],
  ['*;q=0.5, ru;q=0.4', 'en'],
  ['*;q=0.5, ru', 'ru'],
  ['en;q=0, *', 'ru'],
  ['ru;q=0', 'en'],
  ['ru;q=0, en;q=0', 'en'],
  ['*;q=0', 'en'],
  ['fr, *;q=0.1', 'en'],
  ['ru ; q=0.8 ,\ten ; q=0.7', 'ru'],
  ['en;Q=0.1, ru;q=1.000', 'ru'],
  ['ru;q=2, en;q=0.1', 'en'],
  ['ru;q=0.1234, en;q=0.1', 'en'],
  ['ru;level=1, en;q=0.1', 'en'],
  ['rus', 'en'],
  ['ru_RU', 'en'],
  [',,ru,,', 'ru'],
  ['русский', 'en'],
  ['x'.repeat(10_000), 'en'],
])('by Accept-Language %p an answer is in %s', (accepted, language) => {
  expect(languageOf(accepted)).toBe(language)
})

test('a header of any length is read in a time that grows with it', () => {
  // The processor's time, because a busy machine takes none of it.
  const before = process.cpuUsage()
  languageOf(`ru${' \t'.repeat(8_000)};q`)
  languageOf('ru-a'.repeat(4_000))
  languageOf(Array.from({ length: 5_000 }, (_, i) => `x${i}`.slice(0, 8)).join(','))
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(250)
})

test.each([
  [1, '1 чек'],
  [2, '2 чека'],
  [5, '5 чеков'],
  [11, '11 чеков'],
  [21, '21 чек'],
  [104, '104 чека'],
  [111, '111 чеков'],
  [0, '0 чеков'],
])('in Russian %i is counted as %s', (count, text) => {
  expect(counted('ru', count, { one: 'чек', few: 'чека', many: 'чеков', other: 'чека' })).toBe(text)
})

test('in English one is not many', () => {
  const forms = { one: 'receipt', other: 'receipts' }
  expect([counted('en', 1, forms), counted('en', 1200, forms)]).toEqual(['1 receipt', '1,200 receipts'])
})
