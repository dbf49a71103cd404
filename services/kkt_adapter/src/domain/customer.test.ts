import { expect, test } from 'bun:test'
import { contactKey } from './customer.ts'

test.each([
  ['capitals and spaces around', ' Anna@Example.COM ', 'anna@example.com'],
  ['letters of another alphabet', 'АННА@почта.рф', 'анна@почта.рф'],
  ['a letter in two parts', 'jose\u0301@example.com', 'jos\u00e9@example.com'],
])('an e-mail address is the same with %s', (_what, given, key) => expect(contactKey(given)).toBe(key))

test.each(['+7 (912) 345-67-89', '8 912 345 67 89', '79123456789', ' 79123456789', '9123456789'])(
  'the phone %s is that of Russia',
  (given) => expect(contactKey(given)).toBe('79123456789'),
)

test.each([
  ['another country', '+375 29 123-45-67', '375291234567'],
  ['a short number that begins with 8', '8 800 55', '880055'],
  ['a number of another country that begins with 8', '+86 138 0013 8000', '8613800138000'],
])('the phone of %s keeps its digits', (_what, given, key) => expect(contactKey(given)).toBe(key))

test('a text without a digit and an @ is no contact', () => expect(contactKey('Anna')).toBeNull())
