import { describe, expect, test } from 'bun:test'
import { ofdWords } from './ofd_words.ts'

const SENT = {
  receipt_id: '01900000-0000-7000-8000-000000000001',
  pos_id: 'POS-001',
  kkt_id: 'KKT-001',
  type: 'sale',
  items: [
    { name: 'Оправа «Ray-Ban» 17', price: 1549.8, quantity: 1, total: 1549.8, vat_rate: 22 },
    { name: 'Ед', price: 20, quantity: 1, total: 20, vat_rate: null },
    { name: 'Café au lait', price: 20, quantity: 1, total: 20, vat_rate: null },
  ],
  payments: [{ type: 'cash', amount: 1569.8 }],
  customer: { email: 'i.petrova@mail.example', phone: '+79161234567' },
  fiscal_doc: { fiscal_doc_number: 7, fiscal_sign: '4599235197', fiscal_datetime: '2026-01-31T12:00:00Z' },
}
const words = (body: unknown) => ofdWords(typeof body === 'string' ? body : JSON.stringify(body), SENT)

describe('what an OFD says', () => {
  test.each<[string, unknown, string]>([
    ['an error', { error: 'OFD unavailable' }, 'error: OFD unavailable'],
    [
      'a problem document',
      {
        type: 'about:blank',
        status: 422,
        title: 'Refused',
        errors: [{ pointer: '/items/3', message: 'no such rate' }],
        code: 9,
      },
      'title: Refused; pointer: /items/3; message: no such rate; code: 9',
    ],
    ['a list', ['one', 'two'], 'one; two'],
    ['plain text', 'FN is not registered', 'FN is not registered'],
    ['text of several lines', 'no\r\n\r\nnever', 'no; never'],
    [
      'a page',
      '<html><style>p { color: red }</style><title>502 Bad Gateway</title><p>nginx</html>',
      '502 Bad Gateway; nginx',
    ],
    ['its own day', 'closed until 2026-12-01', 'closed until 2026-12-01'],
    ['the names of the shop', 'POS-001 of KKT-001 is not known', 'POS-001 of KKT-001 is not known'],
    ['nothing', '', ''],
    [
      'only what each answer has',
      { status: 'rejected', ofd_id: 'OFD-1', timestamp: 1, receipt_id: SENT.receipt_id },
      '',
    ],
  ])('%s is told', (_what, body, told) => {
    expect(words(body)).toBe(told)
  })

  test('is told to its 200th character, whole ones', () => {
    expect(words('👓'.repeat(300))).toBe('👓'.repeat(200))
    expect([...words({ error: 'no way '.repeat(100) })].length).toBeLessThanOrEqual(200)
  })

  test('is told in printable characters', () => {
    expect(words({ error: 'not\u0000 \u001b[2Jall\u202e ri\u200bght\ud800' })).toBe('error: not [2Jall right')
  })
})

describe('invariant 10: what was sent is not told', () => {
  test.each<[string, unknown]>([
    ['a name', 'Bad: Оправа «Ray-Ban» 17'],
    ['a name in other letters', 'Bad: ОПРАВА'],
    ['one of two letters', 'no ед. here'],
    ['one word of it', 'no оправа here'],
    ['one that is cut off', 'no such item: Опра'],
    ['one cut off with dots', 'no such item: Опра…'],
    ['one with marks between its letters', 'Bad: Опра\u200bва'],
    ['one decomposed', 'Bad: Café'.normalize('NFD')],
    ['one in full width', 'Bad: Ｒａｙ－Ｂａｎ'],
    ['one as a KKT prints it', 'no Cafe here'],
    ['as the name of a field', { errors: { 'Café au lait': 'bad' } }],
    ['an e-mail address', 'i.petrova@mail.example is none'],
    ['a part of one', 'PETROVA is none'],
    ['a phone number', '+79161234567'],
    ['an amount', 'not 1569.8'],
    ['the fiscal sign', 'not 4599235197'],
    ['in JSON escapes', '{"error": "\\u041e\\u043f\\u0440\\u0430\\u0432\\u0430"'],
    ['in JSON escapes within JSON', { error: '\\u041e\\u043f\\u0440' }],
    ['in entities', '<p>&#1054;&#1087;&#1088;&#1072;'],
    ['in percent escapes', 'q=%D0%9E%D0%BF'],
    ['in Base64', Buffer.from('Оправа «Ray-Ban» 17').toString('base64')],
    ['the whole', SENT.items],
  ])('%s', (_what, body) => {
    expect(words(body)).toBe('')
  })

  test('and the rest is', () => {
    expect(words({ error: 'no such rate', item: SENT.items[0] })).toBe('error: no such rate')
    expect(words('no such rate\nin Оправа')).toBe('no such rate')
  })

  test('nor is half of a word at the end of what was read', () => {
    expect(words(`fine\n${'- '.repeat(2042)}Опра и Оправа`)).toBe('fine')
  })
})

test.each([
  ['deep', '['.repeat(32_768) + ']'.repeat(32_768)],
  ['wide', `[${'[],'.repeat(20_000)}[]]`],
  ['of scripts that do not end', '<script'.repeat(9000)],
  ['of tags that do not end', '<'.repeat(65_536)],
])('a body that is as %s as may be says nothing', (_what, body) => {
  expect(words(body)).toBe('')
})
