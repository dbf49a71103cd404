import { expect, test } from 'bun:test'
import { z } from 'zod'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { startGuarded } from '../testing/guarded_app.ts'

const page = z.object({
  receipts: z.array(
    z.object({
      receipt_id: z.string(),
      pos_id: z.string(),
      fiscal_doc: z
        .object({ fiscal_doc_number: z.number(), fiscal_sign: z.string(), fiscal_datetime: z.string() })
        .nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
const idsIn = (json: unknown) => page.parse(json).receipts.map(({ receipt_id }) => receipt_id)

async function shop() {
  const app = startApp()
  const ids: string[] = []
  for (const customer of [{ email: 'Anna@example.com' }, { phone: '8 (912) 345-67-89' }]) {
    const items = [{ name: 'Frame', price: 149.9, quantity: 1, total: 149.9, vat_rate: 22 }]
    const sale = body({ items, payments: [{ type: 'cash', amount: 150 }], customer })
    ids.push(z.object({ receipt_id: z.string() }).parse((await app.post(sale)).json).receipt_id)
  }
  await app.post()
  const list = async (query: string) => (await app.ask('GET', `/v1/kkt/receipts?${query}`)).json
  return { ...app, list, ids }
}

test('each parameter finds the receipt as its slip shows it', async () => {
  const { list, ids } = await shop()
  const [anna = '', boris = ''] = ids
  const shown = page.parse(await list('')).receipts.find(({ receipt_id }) => receipt_id === anna)?.fiscal_doc
  const { fiscal_doc_number: fd, fiscal_sign: fpd, fiscal_datetime: at } = shown ?? {}
  expect(idsIn(await list(`fd=${fd}`))).toEqual([anna])
  expect(idsIn(await list(`fpd=${fpd}`))).toEqual(idsIn(await list(`fpd=${Number(fpd)}`)))
  expect(idsIn(await list(`fpd=${fpd}`))).toContain(anna)
  expect(idsIn(await list('total=149.9'))).toEqual([boris, anna])
  expect(idsIn(await list('total=149.90'))).toEqual([boris, anna])
  expect(idsIn(await list('total=149'))).toEqual([])
  expect(idsIn(await list(`date=${at?.slice(0, 10)}`))).toContain(anna)
  expect(idsIn(await list('date=1999-12-31'))).toEqual([])
  expect(idsIn(await list('contact=ANNA%40example.com'))).toEqual([anna])
  for (const phone of ['+79123456789', '%2B79123456789', '89123456789', '912%20345-67-89'])
    expect({ phone, found: idsIn(await list(`contact=${phone}`)) }).toEqual({ phone, found: [boris] })
  expect(idsIn(await list(`fd=${fd}&total=149.9&contact=anna@example.com&date=${at?.slice(0, 10)}`))).toEqual([anna])
  expect(idsIn(await list(`fd=${fd}&contact=89123456789`))).toEqual([])
})

test('a page of a look-up leads to the next', async () => {
  const { list, ids } = await shop()
  const first = page.parse(await list('total=149.9&limit=1'))
  const second = page.parse(await list(`total=149.9&limit=1&cursor=${first.next_cursor}`))
  expect([...first.receipts, ...second.receipts].map(({ receipt_id }) => receipt_id)).toEqual(ids.toReversed())
  expect(second.next_cursor).toBeNull()
})

test.each([
  ['fd', ['0', '-1', '1.5', '4294967296', 'x', '']],
  ['fpd', ['-1', '4294967296', '12345678901', 'x', '']],
  ['total', ['1.234', '1,50', '-1', '1e3', 'x', '', '9999999999999']],
  ['date', ['31.01.2026', '2026-02-30', '2026-1-1', 'today', '']],
  ['contact', ['Ann', '12', 'an na@example.com', '@', '', `${'a'.repeat(64)}@example.com`]],
])('a wrong %s is a 422 that names it', async (name, values) => {
  const { ask } = startApp()
  for (const value of values) {
    const { status, json } = await ask('GET', `/v1/kkt/receipts?${name}=${encodeURIComponent(value)}`)
    expect({ value, status }).toEqual({ value, status: 422 })
    expect(problemOf(json)).toMatchObject({ code: 'invalid_query', errors: [{ pointer: `#query/${name}` }] })
  }
})

test('a contact is never logged, and never in a problem', async () => {
  const { list, logLines } = await shop()
  const refused = JSON.stringify(await list('contact=secret%20person%40example.com'))
  expect(refused).toContain('e-mail address')
  await list('contact=secret@example.com')
  await list('contact=secret@example.com&limit=none')
  expect(refused + logLines.join()).not.toMatch(/secret|person|nna@|912\D*345/)
})

test('faults of a look-up are told in Russian, too', async () => {
  const { ask } = startApp()
  const { json } = await ask('GET', '/v1/kkt/receipts?total=x&contact=x', { headers: { 'accept-language': 'ru' } })
  const told = JSON.stringify(json)
  for (const text of ['нужна сумма в рублях', 'нужен адрес электронной почты или номер телефона'])
    expect(told).toContain(text)
})

test('a till looks through its own receipts alone', async () => {
  const { as, till1, office, sell } = startGuarded()
  await sell(till1, 'POS-001')
  await sell(office, 'POS-009')
  const tills = async (token: string, query: string) =>
    page.parse((await as(token)('GET', `/v1/kkt/receipts?${query}`)).json).receipts.map(({ pos_id }) => pos_id)
  expect(await tills(office, 'total=100')).toEqual(['POS-009', 'POS-001'])
  for (const query of ['total=100', 'fd=2', 'fd=1', 'total=100&pos_id=POS-009'])
    expect((await tills(till1, query)).filter((till) => till !== 'POS-001')).toEqual([])
  expect(await tills(till1, 'total=100')).toEqual(['POS-001'])
  expect(await tills(till1, 'total=99')).toEqual([])
})
