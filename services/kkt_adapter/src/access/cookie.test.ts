import { expect, test } from 'bun:test'
import { createCookie } from './cookie.ts'

const plain = createCookie({ kktId: 'KKT-7', isSecure: false })

test('a cookie is kept from scripts, other sites and, over TLS, from the open network', () => {
  expect(plain.with('kkt_a')).toBe('kkt_token_KKT-7=kkt_a; Path=/; HttpOnly; SameSite=Strict')
  expect(createCookie({ kktId: 'KKT-7', isSecure: true }).with('kkt_a')).toEndWith(
    '; HttpOnly; SameSite=Strict; Secure',
  )
  expect(plain.with(null)).toStartWith('kkt_token_KKT-7=; Max-Age=0; ')
})

test.each([
  ['kkt_token_KKT-7=kkt_a', 'kkt_a'],
  ['other=b;kkt_token_KKT-7=kkt_a; c=d', 'kkt_a'],
  ['kkt_token_KKT-8=kkt_a', null],
  ['kkt_token_KKT-7=', null],
  ['kkt_token_KKT-7', null],
  [null, null],
])('%p holds %p', (header, token) => expect(plain.read(header)).toBe(token))
