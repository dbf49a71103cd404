import { expect, test } from 'bun:test'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { idempotencyKey } from './idempotency_key.ts'

const read = (value: unknown) => idempotencyKey.safeParse(value).data ?? null

test.each(['k', '!', '~', 'x'.repeat(128), 'a"b', 'a\\b'])('%j is a key as it is', (key) => {
  expect<unknown>(read(key)).toBe(key)
})

test.each([
  ['"key"', 'key'],
  ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
  [String.raw`"a\"b"`, 'a"b'],
  [String.raw`"a\\b"`, String.raw`a\b`],
  [String.raw`"\\\""`, String.raw`\"`],
  [`"${'x'.repeat(128)}"`, 'x'.repeat(128)],
])('invariant 2: %s is the key %s', (value, key) => {
  expect<unknown>(read(value)).toBe(key)
})

test.each(
  [
    ['', 'x'.repeat(129), 'a b', 'a\tb', 'ключ', 'a\u007f', 'a, b', undefined, 1],
    ['"', '""', '"key', 'key"', '"a"b"', '"a" "b"', '"key";a=1', '"a b"', '"a\\b"', '"key\\"', `"${'x'.repeat(129)}"`],
  ].flat(),
)('%j is no key', (value) => {
  expect(read(value)).toBeNull()
})

test('invariant 2: a key in quotes is the same key without them, and a body with decomposed names is the same body', async () => {
  const { post, kkt } = startApp()
  const named = (name: string) => body({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
  const first = await post(named('Йод'.normalize('NFC')), 'one-key')
  const again = await post(named('Йод'.normalize('NFD')), '"one-key"')
  expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true'])
  expect(kkt.handed).toHaveLength(1)
  const broken = await post(body(), '"one-key')
  expect([broken.status, problemOf(broken.json).code]).toEqual([400, 'invalid_headers'])
})
