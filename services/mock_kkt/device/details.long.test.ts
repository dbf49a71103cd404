/** The content of a receipt's document, and the receipts of which this KKT makes none. */
import { describe, expect, test } from 'bun:test'
import { OPERATION_TAGS, OPERATIONS } from '@kkt/adapter/src/domain/operation.ts'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { TAXATION_SYSTEMS } from '@kkt/adapter/src/domain/taxation.ts'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import { nextId, setUp } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { documentBytes, MAX_DOCUMENT_BYTES, SURELY_SMALL_CHARACTERS } from './document_size.ts'
import { newRegistration } from './registration.ts'

const [ITEM] = content().items
if (!ITEM) throw new Error('The content has no item')
const sold = (changes: Partial<ReceiptContent>): ReceiptContent => Object.assign(content(), changes)

describe('a document says', () => {
  test('the registration of the KKT, and its time as an instant', async () => {
    const { fiscalize } = setUp()
    const { details, fiscalDatetime } = await fiscalize()
    expect(details).toEqual({
      operation: 'sale',
      isCorrection: false,
      registrationNumber: expect.stringMatching(/^\d{16}$/),
      serialNumber: expect.stringMatching(/^TEST\d{10}$/),
      seller: { name: 'ООО "ТЕСТ"', inn: '7700000009' },
      address: 'г. Москва, ул. Тестовая, д. 1',
      place: 'Тестовый магазин',
      taxationSystem: 'osn',
      cashier: null,
      vatSums: [{ vat: 'vat22', sumKopecks: 1803 }],
      payments: [{ type: 'cash', amountKopecks: 10_000 }],
      changeKopecks: 0,
      ffdVersion: '1.2',
      fnsUrl: 'www.nalog.gov.ru',
      instantMs: Date.parse(fiscalDatetime),
    })
    expect((await fiscalize()).details).toEqual(details)
  })

  test("the till's words, as it prints them", async () => {
    const { fiscalize } = setUp()
    const said = sold({
      cashier: { name: 'Иванова «А. А.»', inn: '123456789047' },
      place: 'Магазин №3 – центр',
      address: 'Пермь',
      taxationSystem: 'usn_income',
      correction: { type: 'self', date: '2026-01-30' },
    })
    expect((await fiscalize(nextId(), said)).details).toMatchObject({
      cashier: { name: 'Иванова "А. А."', inn: '123456789047' },
      place: 'Магазин №3 - центр',
      address: 'Пермь',
      taxationSystem: 'usn_income',
      isCorrection: true,
    })
  })

  test('payments as they are settled, and the change', async () => {
    const { fiscalize } = setUp()
    const payments: ReceiptContent['payments'] = [
      { type: 'card', amountKopecks: 2500 },
      { type: 'cash', amountKopecks: 5000 },
      { type: 'cash', amountKopecks: 4000 },
    ]
    expect((await fiscalize(nextId(), sold({ payments }))).details).toMatchObject({
      payments: [
        { type: 'cash', amountKopecks: 7500 },
        { type: 'card', amountKopecks: 2500 },
      ],
      changeKopecks: 1500,
    })
  })

  test('the tax of each rate, rounded by the item', async () => {
    const { fiscalize } = setUp()
    const items = (['vat22', 'vat22', 'vat10', 'none'] as const).map((vat) => ({ ...ITEM, totalKopecks: 103, vat }))
    const { details } = await fiscalize(nextId(), sold({ items, totalKopecks: 412 }))
    // The tax of 2.06 at once would be 37 kopecks.
    expect(details?.vatSums).toEqual([
      { vat: 'none', sumKopecks: 103 },
      { vat: 'vat10', sumKopecks: 9 },
      { vat: 'vat22', sumKopecks: 38 },
    ])
  })

  test.each(OPERATIONS)('the operation %s, in its QR code, too', async (type) => {
    const { fiscalize } = setUp()
    const { details, qrCodeData } = await fiscalize(nextId(), sold({ type }))
    expect(details?.operation).toBe(type)
    expect(qrCodeData).toEndWith(`&n=${OPERATION_TAGS[type]}`)
  })
})

describe('a taxation system', () => {
  test.each(TAXATION_SYSTEMS)('%s is refused for good if the KKT is not registered with it', async (taxationSystem) => {
    const { ask, kinds } = setUp()
    const outcome = await ask(nextId(), sold({ taxationSystem }))
    if (taxationSystem === 'esn') {
      const reason =
        'the KKT is not registered with the taxation system esn, only with osn, usn_income, usn_income_outcome, patent'
      expect(outcome).toEqual({ kind: 'refused', isLasting: true, reason })
      expect(kinds()).toEqual(['registration'])
    } else expect(outcome).toMatchObject({ kind: 'done', doc: { details: { taxationSystem } } })
  })
})

describe('a document that an FN cannot keep', () => {
  const name = 'Ж'.repeat(128)
  const [supplier, agent] = [{ name: 'П'.repeat(200) }, { type: 'attorney' } as const]
  const items = (count: number) => Array.from({ length: count }, () => ({ ...ITEM, name, supplier, agent }))
  const bytes = (sale: ReceiptContent) => documentBytes(sale, newRegistration())

  test('is refused for good, with its size and the remedy, and the next receipt is made', async () => {
    const { ask, fiscalize, fds } = setUp()
    const large = sold({ items: items(100) })
    expect(bytes(large)).toBeGreaterThan(MAX_DOCUMENT_BYTES)
    expect(await ask(nextId(), large)).toEqual({
      kind: 'refused',
      isLasting: true,
      reason: `its document would have ${bytes(large)} bytes, and an FN takes at most 32768: sell the goods in several receipts`,
    })
    await fiscalize(nextId(), sold({ items: items(50) }))
    expect(fds()).toHaveLength(1)
  })

  test('is none of a hundred items with the longest names', async () => {
    const { fiscalize } = setUp()
    await fiscalize(nextId(), sold({ items: Array.from({ length: 100 }, () => ({ ...ITEM, name })) }))
  })

  test.each([
    ['as many items as possible', 1, 51],
    ['the widest characters', 100, 22],
  ])('is none of a content whose text is short: %s', (_what, characters, count) => {
    const small = sold({ items: Array.from({ length: count }, () => ({ ...ITEM, name: '㎯'.repeat(characters) })) })
    expect(JSON.stringify(small).length).toBeWithin(SURELY_SMALL_CHARACTERS * 0.9, SURELY_SMALL_CHARACTERS * 1.3)
    expect(bytes(small)).toBeLessThan(MAX_DOCUMENT_BYTES)
  })

  test.each<[string, number, Partial<ReceiptContent>]>([
    ['a text, one byte a character', 4 + 5, { senderEmail: 'a@b.c' }],
    ['a text that is said instead of the registration’s', 3, { place: 'Тестовый магазин №3' }],
    ['a cashier', 4 + 7 + 4 + 12, { cashier: { name: 'Иванова', inn: '123456789047' } }],
    ['a correction', 5 + 4 + 8 + 4 + 2, { correction: { type: 'instruction', date: '2026-01-30', number: '12' } }],
    ['an attribute of the user', 4 + 4 + 1 + 4 + 2, { userAttribute: { name: 'a', value: 'bc' } }],
    ['a marking code, by its bytes and not its base64', 4 + 3 + 10, { items: [{ ...ITEM, markingCode: 'AAAA' }] }],
    ['a supplier', 4 + 4 + 3 + 4 + 2, { items: [{ ...ITEM, supplier: { name: 'abc', phones: ['+7'] } }] }],
    ['an agent', 5, { items: [{ ...ITEM, agent: { type: 'attorney' } }] }],
    [
      'a paying agent',
      5 + 4 + 4 + 2,
      { items: [{ ...ITEM, agent: { type: 'paying_agent', receiverPhones: ['+7'] } }] },
    ],
    [
      'a sector’s attribute',
      4 + 7 + 14 + 5 + 6,
      { items: [{ ...ITEM, sector: [{ body: '030', date: '2026-01-01', number: '1', value: 'ab' }] }] },
    ],
  ])('counts %s', (_what, more, changes) => {
    expect(bytes(sold(changes)) - bytes(content())).toBe(more)
  })
})
