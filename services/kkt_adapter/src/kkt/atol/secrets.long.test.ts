import { describe, expect, test } from 'bun:test'
import { Buffer } from 'node:buffer'
import type { ReceiptContent } from '../../domain/receipt.ts'
import { ID } from '../../testing/atol_answers.ts'
import { atolKit, SOLD } from '../../testing/atol_driver.ts'
import { content } from '../../testing/kit.ts'

const CODE = '0104600439931256215Qbag!'
const SECRET: Partial<ReceiptContent> = {
  ...SOLD,
  customer: { email: 'i.petrova@mail.example', name: 'ТОО «Жұлдыз» — Оптика', inn: '500100732259' },
  userAttribute: { name: 'Карта', value: 'Ĵosé Čapek' },
  attribute: 'заказ Сидорова',
  items: content().items.map((item) => ({
    ...item,
    name: 'Очки для Ивановой',
    markingCode: Buffer.from(CODE).toString('base64'),
    paymentObject: 'commodity_with_marking' as const,
  })),
}

const REPEATED: [string, string][] = [
  ['an address', 'i.petrova@mail.example'],
  ['a name', 'ТОО «Жұлдыз» — Оптика'],
  ['a name in other letters', 'ОПТИКА не найдена'],
  ['a name that is cut off', 'неверный клиент Опти'],
  ['an INN', '500100732259'],
  ["an item's name", 'Очки для Ивановой'],
  ['a marking code', Buffer.from(CODE).toString('base64')],
  ['a marking code in plain', CODE],
  ['a card', 'Ĵosé Čapek'],
  ['a card in the code page', 'Jose Capek'],
  ['a word of its till', 'заказ Сидорова'],
]

describe.each(REPEATED)('invariant 10: %s that the register repeats is told to nobody', (_what, text) => {
  const description = `Неверный реквизит: ${text}`

  test('in an error', async () => {
    const { fiscalize, server, log } = atolKit()
    server.endScript.push({ kind: 'error', code: 161, description })
    const told = JSON.stringify(await fiscalize(SECRET)) + log.text()
    expect(told).toContain('KKT error 161')
    expect(told).not.toContain('Неверный реквизит')
  })

  test.each([400, 420])('in a request that is answered %i', async (status) => {
    const { fiscalize, server, log } = atolKit()
    server.postScript.push({ status, body: { error: { code: 501, description } } })
    const told = JSON.stringify(await fiscalize(SECRET)) + log.text()
    expect(told).toContain('KKT error 501')
    expect(told).not.toContain('Неверный реквизит')
  })

  test('in the reason of a queue that stands still', async () => {
    const { fiscalize, lookup, server, log } = atolKit()
    server.endScript.push({ kind: 'blocked', times: 1000, next: { kind: 'ready' }, description })
    const told = JSON.stringify([await fiscalize(SECRET), await lookup()]) + log.text()
    expect(told).toContain('KKT error 2')
    expect(told).not.toContain('Неверный реквизит')
  })

  test('where the rest of its document is printed', async () => {
    const { fiscalize, server, log } = atolKit()
    server.endScript.push({ kind: 'error', code: 151 }, { kind: 'error', code: 44, description })
    const told = JSON.stringify(await fiscalize(SECRET)) + log.text()
    expect(told).toContain('KKT error 44')
    expect(told).not.toContain('Неверный реквизит')
  })

  test('in an error of a copy of its document', async () => {
    const { fiscalize, receipts, perform, server, log } = atolKit()
    const made = await fiscalize(SECRET)
    receipts.set(ID, { content: content(), fiscalDoc: made?.kind === 'done' ? made.doc : null })
    server.endScript.push({ kind: 'error', code: 161, description })
    const told = JSON.stringify(await perform({ kind: 'copy', receiptId: ID })) + log.text()
    expect(told).toContain('KKT error 161')
    expect(told).not.toContain('Неверный реквизит')
  })
})

test('an error that repeats nothing is told in the words of the register', async () => {
  const { fiscalize, server } = atolKit()
  server.endScript.push({ kind: 'error', code: 161, description: 'Неверный реквизит 1008' })
  expect(JSON.stringify(await fiscalize(SECRET, ID))).toContain('Неверный реквизит 1008')
})
