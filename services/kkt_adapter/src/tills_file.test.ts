import { describe, expect, test } from 'bun:test'
import { readTills } from './tills_file.ts'

const read = (file: unknown) => readTills(JSON.stringify(file))
const faults = (text: string) => {
  const found = readTills(text)
  return found.kind === 'wrong' ? found.faults : []
}

test('each entry says what its till fills in, under the names of a receipt', () => {
  const entry = {
    taxation_system: 'patent',
    cashier: { name: 'Иванова А. А.', inn: '123456789012' },
    place: 'Магазин № 3',
    address: 'Москва, ул. Лесная, 1',
    sender_email: 'shop@shop.example',
    payment_method: 'advance',
    payment_object: 'payment',
    measure: 'other',
  }
  const found = read({ 'POS-1': entry, '*': { cashier: { name: 'Петров П. П.' } }, 'POS.2': {} })
  if (found.kind === 'wrong') throw new Error(found.faults.join())
  expect(Object.fromEntries(found.tills)).toEqual({
    'POS-1': {
      ofReceipt: {
        taxationSystem: 'patent',
        cashier: { name: 'Иванова А. А.', inn: '123456789012' },
        place: 'Магазин № 3',
        address: 'Москва, ул. Лесная, 1',
        senderEmail: 'shop@shop.example',
      },
      ofItems: { paymentMethod: 'advance', paymentObject: 'payment', measure: 'other' },
    },
    '*': { ofReceipt: { cashier: { name: 'Петров П. П.' } }, ofItems: {} },
    'POS.2': { ofReceipt: {}, ofItems: {} },
  })
})

describe('a wrong file is told by the place and by what it takes', () => {
  test.each<[string, unknown, string]>([
    ['an INN', { 'POS-1': { cashier: { name: 'А', inn: '7701' } } }, '/POS-1/cashier/inn must be text of 12 digits'],
    ['a cashier without a name', { '*': { cashier: { inn: '123456789012' } } }, '/*/cashier/name is missing'],
    [
      'a taxation system',
      { 'POS-1': { taxation_system: 'envd' } },
      '/POS-1/taxation_system must be one of osn, usn_income, usn_income_outcome, esn, patent',
    ],
    [
      'a field that is nearly right',
      { 'POS-1': { sender_mail: 'a@b' } },
      '/POS-1 has a field "sender_mail" that is not known here: did you mean "sender_email"?',
    ],
    [
      "a till's name",
      { 'POS 1': {} },
      '/POS 1 must have the name of a till, which is 1 to 64 of A-Z a-z 0-9 . _ -, or be *',
    ],
    [
      'a name that would be lost',
      JSON.parse('{"__proto__": {}, "constructor": {}}'),
      '/__proto__ is a name that no entry can have',
    ],
    ['an entry that is none', { 'POS-1': 1 }, '/POS-1 must be an object'],
    ['a list', [], 'it must be an object'],
    [
      'an e-mail address',
      { '*': { sender_email: 'shop' } },
      '/*/sender_email must be an e-mail address of 64 characters at most',
    ],
  ])('%s', (_what, file, fault) => {
    expect(faults(JSON.stringify(file))).toEqual([fault])
  })

  test('text that is not JSON, by its line', () => {
    expect(faults('{\n  "POS-1": {},\n}\n')).toEqual(['line 3 is not JSON'])
    expect(faults('')).toEqual(['line 1 is not JSON'])
  })

  test('many faults, by the first five', () => {
    const wrong = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`POS-${i}`, { place: 1 }]))
    expect(faults(JSON.stringify(wrong))).toHaveLength(5)
  })

  test('and no text of the file is shown', () => {
    const secret = { 'POS-1': { cashier: { name: 'Секретова\u0007', inn: 'Секретова' }, place: ['Секретова'] } }
    expect(faults(JSON.stringify(secret)).join()).not.toContain('Секретова')
  })
})
