import { expect, test } from 'bun:test'
import { csvLine, csvMoney, csvText } from './csv.ts'

test('a text that would end a column is quoted', () => {
  expect(csvLine(['a', 'b;c', 'say "d"', 'e\r\nf', '', 'g,h'])).toBe('a;"b;c";"say ""d""";"e\r\nf";;g,h\r\n')
})

test.each(['=1+1', '+79123456789', '-2', '@SUM(A1)', '\t=1', ' =1', '\r=1', '\n+1', '＝1', '\u00a0@x'])(
  'Excel takes %j for a text',
  (text) => expect(csvText(text)).toBe(`'${text}`),
)

test('a number that Excel would round is a text', () => {
  expect([csvText('9999078900000961'), csvText('770123456789')]).toEqual(["'9999078900000961", '770123456789'])
})

test.each(['POS-001', 'Иванова А. А.', 'a=b', ''])('%j stays as it is', (text) => expect(csvText(text)).toBe(text))

test('kopecks are told with a comma', () => {
  expect([0, 5, 154_980, 4_294_967_295_00].map(csvMoney)).toEqual(['0,00', '0,05', '1549,80', '4294967295,00'])
})
