import { expect, test } from 'bun:test'
import { shareState } from '../kkt/shared_state.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { salesAnswer } from './shift_sales.ts'

const item = (name: string, quantity: number, price: number) => ({
  name,
  quantity,
  price,
  total: quantity * price,
  vat_rate: 22,
})

const sale = (items: ReturnType<typeof item>[], more: Record<string, unknown> = {}) =>
  body({ items, payments: [{ type: 'card', amount: items.reduce((sum, { total }) => sum + total, 0) }], ...more })

/** An app whose documents have this shift and this time. */
function start() {
  const app = startApp({ maxSize: 1000 })
  const next = { shiftNumber: 1, fiscalDatetime: '2026-11-22T10:15:00+03:00' }
  app.kkt.onFiscalize = async (id, make) => {
    const totalKopecks = app.journal.queries.find(id)?.content.totalKopecks ?? 0
    return { kind: 'done', doc: { ...make(), ...next, totalKopecks }, paper: 'printed' }
  }
  const sales = async () => salesAnswer.parse((await app.ask('GET', '/v1/kkt/shift/sales')).json)
  return { ...app, next, sales }
}

test('the sales of the current shift are told by hour, and its items by their sums', async () => {
  const { post, next, kkt, sales, stop } = start()
  await post(sale([item('Of the shift before', 1, 10_000)]))
  next.shiftNumber = 2
  kkt.shift = { kind: 'opened', number: 2, openedAtMs: 0, expiresAtMs: Number.MAX_SAFE_INTEGER }
  await post(sale([item('Lens', 2, 100), item('Frame', 1, 500)]))
  next.fiscalDatetime = '2026-11-22T10:59:00+03:00'
  await post(sale([item('Lens', 3, 100)]))
  next.fiscalDatetime = '2026-11-22T12:00:00+03:00'
  await post(sale([item('Cloth', 1, 50)]))
  await post(sale([item('Lens', 1, 100)], { type: 'refund' }))
  await post(sale([item('Lens', 1, 100)], { correction: { type: 'self', date: '2026-01-10' } }))
  expect(await sales()).toEqual({
    by_hour: [
      { hour: '2026-11-22T10:00:00+03:00', count: 2, sum: 1000 },
      { hour: '2026-11-22T12:00:00+03:00', count: 1, sum: 50 },
    ],
    top_items: [
      { name: 'Lens', quantity: 5, sum: 500 },
      { name: 'Frame', quantity: 1, sum: 500 },
      { name: 'Cloth', quantity: 1, sum: 50 },
    ],
  })
  await stop()
})

test('a shift of more receipts than a page is counted to its first, and the ten best items are named', async () => {
  const { post, sales, stop } = start()
  for (let i = 1; i <= 111; i++) await post(sale([item(`Item ${i % 12}`, 1, 1 + (i % 12))]))
  const { by_hour, top_items } = await sales()
  expect(by_hour.map(({ count }) => count)).toEqual([111])
  expect(top_items.map(({ name }) => name)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((i) => `Item ${i}`))
  await stop()
})

test('the pages that show them have the KKT asked once', async () => {
  const { post, kkt, clock, deps, sales, stop } = start()
  await post(sale([item('Lens', 2, 100)]))
  let asked = 0
  const { state } = kkt
  kkt.state = async () => {
    asked += 1
    return await state()
  }
  deps.kktState = shareState(kkt, clock).read
  const [first, second] = await Promise.all([sales(), sales()])
  expect([first.by_hour.length, second, asked]).toEqual([1, first, 1])
  await stop()
})

test('where the KKT does not say its shift, they are a 503', async () => {
  const { ask, kkt } = start()
  kkt.state = async () => null
  const { status, json } = await ask('GET', '/v1/kkt/shift/sales')
  expect([status, problemOf(json).code]).toEqual([503, 'kkt_silent'])
})
