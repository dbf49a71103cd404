import { expect, test } from 'bun:test'
import { z } from 'zod'
import { body, startApp } from '../testing/app_kit.ts'
import { accepted } from '../testing/kit.ts'

const idOf = (json: unknown) => z.object({ receipt_id: z.guid() }).parse(json).receipt_id

test('a receipt is shown with what was sold, as its till sent it', async () => {
  const { ask, post } = startApp()
  const sold = {
    type: 'refund',
    items: [
      { name: 'Оправа', price: 149.9, quantity: 1.5, total: 224.85, vat_rate: null },
      { name: 'Case', price: 0, quantity: 1, total: 0, vat_rate: 22 },
    ],
    payments: [
      { type: 'card', amount: 200 },
      { type: 'cash', amount: 24.85 },
    ],
  }
  const id = idOf((await post(body({ pos_id: 'POS-7', ...sold }))).json)
  const { json } = await ask('GET', `/v1/kkt/receipt/${id}`)
  expect(json).toMatchObject({ receipt_id: id, pos_id: 'POS-7', status: 'pending', ...sold, total: 224.85 })
})

test('one that is not printed yet is, too, and a list leaves it out', async () => {
  const { ask, journal } = startApp()
  const { id } = await accepted(journal)
  expect((await ask('GET', `/v1/kkt/receipt/${id}`)).json).toMatchObject({
    status: 'accepted',
    fiscal_doc: null,
    type: 'sale',
    total: 100,
    items: [{ name: 'Frame', price: 100, quantity: 1, total: 100, vat_rate: 22 }],
  })
  const page = z.object({ receipts: z.array(z.record(z.string(), z.unknown())) })
  const [listed] = page.parse((await ask('GET', '/v1/kkt/receipts')).json).receipts
  expect(listed).toMatchObject({ receipt_id: id, type: 'sale' })
  for (const left of ['items', 'payments', 'total', 'warnings']) expect(listed).not.toHaveProperty(left)
})

test('each answer says that the document of a mock KKT is a test', async () => {
  const { post, ask, kkt } = startApp()
  const real = await post()
  kkt.isMock = true
  const ofMock = await post(body(), 'key')
  const id = idOf(ofMock.json)
  const asked = await ask('GET', `/v1/kkt/receipt/${id}`)
  const waited = await ask('GET', `/v1/kkt/receipt/${id}?wait=unknown&timeout=0`)
  const listed = await ask('GET', '/v1/kkt/receipts?limit=1')
  const marked = { fiscal_doc: { test: true } }
  expect(real.text).not.toContain('"test"')
  expect(ofMock.json).toMatchObject(marked)
  expect((await post(body(), 'key')).json).toMatchObject(marked)
  expect(asked.json).toMatchObject(marked)
  expect(waited.json).toMatchObject({ status: 408, receipt: marked })
  expect(listed.json).toMatchObject({ receipts: [marked] })
})
