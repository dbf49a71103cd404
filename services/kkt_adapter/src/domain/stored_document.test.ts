import { describe, expect, test } from 'bun:test'
import { fiscalDoc } from '../testing/kit.ts'
import type { DocDetails, FiscalDoc } from './receipt.ts'
import { documentText, type Registered, readDocument, registeredIn } from './stored_document.ts'

const REGISTERED: Registered = {
  registrationNumber: '0000000000123456',
  serialNumber: 'TEST0000000001',
  seller: { name: 'ООО "ТЕСТ"', inn: '7700000009' },
  address: 'г. Москва, ул. Тестовая, д. 1',
  place: null,
  ffdVersion: '1.2',
  fnsUrl: 'www.nalog.gov.ru',
}

const DETAILS: DocDetails = {
  ...REGISTERED,
  operation: 'sale',
  isCorrection: false,
  taxationSystem: 'osn',
  cashier: null,
  vatSums: [{ vat: 'vat22', sumKopecks: 1803 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  changeKopecks: 0,
  instantMs: 1_769_860_800_000,
}

const docOf = (other: Partial<DocDetails> = {}): FiscalDoc => ({ ...fiscalDoc(7), details: { ...DETAILS, ...other } })

describe('a document is kept without its registration, and read with it', () => {
  test('what it says in the same words is not in its text', () => {
    const text = documentText(docOf(), REGISTERED)
    for (const name of Object.keys(REGISTERED)) expect(text).not.toContain(`"${name}"`)
    expect(readDocument(text, REGISTERED)).toEqual(docOf())
  })

  const others: Partial<DocDetails>[] = [
    { registrationNumber: '0000000000999999' },
    { serialNumber: 'TEST2' },
    { seller: { name: 'ООО "ТЕСТ"', inn: '7700000016' } },
    { seller: { name: 'ООО "Другое"', inn: '7700000009' } },
    { address: null },
    { place: 'Ларёк 2' },
    { fnsUrl: 'nalog.gov.ru' },
  ]
  test.each(others)('what it says otherwise stays: %p', (other) => {
    expect(readDocument(documentText(docOf(other), REGISTERED), REGISTERED)).toEqual(docOf(other))
  })

  test('one that says nothing of it is read as it is', () => {
    const { details: _none, ...doc } = docOf()
    expect(readDocument(documentText(doc, REGISTERED), REGISTERED)).toEqual(doc)
  })

  test('one of an earlier version, which left nothing out, is read as it is', () => {
    for (const registered of [null, REGISTERED, { ...REGISTERED, place: 'Ларёк 2' }])
      expect(readDocument(JSON.stringify(docOf()), registered)).toEqual(docOf())
    expect(documentText(docOf(), null)).toBe(JSON.stringify(docOf()))
  })

  test('nothing else of the source comes along', () => {
    expect(registeredIn(DETAILS)).toEqual(REGISTERED)
  })
})
