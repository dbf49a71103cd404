import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { codeOf, startGuarded } from '../testing/guarded_app.ts'
import { doneAnswer } from './task_answers.ts'

function withDrawer(drawerKopecks: number | null) {
  const app = startApp()
  app.kkt.drawerKopecks = drawerKopecks
  const move = (to: 'in' | 'out', body: unknown, key: string | null = 'key-1') =>
    app.ask('POST', `/v1/kkt/cash/${to}`, {
      body: JSON.stringify(body),
      headers: key === null ? {} : { 'idempotency-key': key },
    })
  return { ...app, move }
}

describe('cash', () => {
  test('that is put in and taken out is answered with the sum of the drawer', async () => {
    const { move, kkt, stop } = withDrawer(10_000)
    const put = await move('in', { amount: 149.5, reason: 'размен' })
    expect([put.status, doneAnswer.parse(put.json)]).toEqual([
      200,
      expect.objectContaining({
        drawer: 249.5,
        drawer_counted_by: 'kkt',
        fiscal_doc: null,
        totals: null,
        warnings: [],
      }),
    ])
    const taken = await move('out', { amount: 249.5 }, 'key-2')
    expect(doneAnswer.parse(taken.json)).toMatchObject({ drawer: 0, message: 'The cash is taken out.' })
    expect(kkt.drawerKopecks).toBe(0)
    await stop()
  })

  test('invariant 14, every task of the KKT once: the same key moves it once, and another request with it is a 422', async () => {
    const { move, kkt, stop } = withDrawer(10_000)
    const first = await move('out', { amount: 60 })
    const again = await move('out', { amount: 60 })
    expect(again.json).toEqual(first.json)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect([kkt.drawerKopecks, kkt.tasks.length]).toEqual([4000, 1])
    for (const other of [await move('out', { amount: 60.01 }), await move('in', { amount: 60 })])
      expect([other.status, codeOf(other.json)]).toEqual([422, 'idempotency_key_reused'])
    await stop()
  })

  test('shares its keys with receipts', async () => {
    const { move, post, stop } = withDrawer(0)
    await post(body(), 'of-a-sale')
    const { status, json } = await move('in', { amount: 1 }, 'of-a-sale')
    expect([status, codeOf(json)]).toEqual([422, 'idempotency_key_reused'])
    await stop()
  })

  test('is not taken out beyond what the KKT counts: 409, and the key stays free', async () => {
    const { move, kkt, stop } = withDrawer(5000)
    const { status, json } = await move('out', { amount: 50.01 })
    expect([status, codeOf(json), kkt.tasks]).toEqual([409, 'drawer_too_low', []])
    kkt.drawerKopecks = 5001
    expect((await move('out', { amount: 50.01 })).status).toBe(200)
    // It was done before the drawer was this low.
    expect((await move('out', { amount: 50.01 })).status).toBe(200)
    await stop()
  })

  test('that is taken beyond what the adapter counts is warned of, and again for the same key', async () => {
    const { move, stop } = withDrawer(null)
    await move('in', { amount: 10 }, 'in')
    expect(doneAnswer.parse((await move('out', { amount: 10 }, 'fits')).json).warnings).toEqual([])
    const beyond = doneAnswer.parse((await move('out', { amount: 0.01 })).json)
    expect(beyond).toMatchObject({
      drawer: -0.01,
      drawer_counted_by: 'adapter',
      warnings: [{ code: 'drawer_too_low' }],
    })
    await move('in', { amount: 100 }, 'in-again')
    expect((await move('out', { amount: 0.01 })).json).toEqual(beyond)
    await stop()
  })

  test('wants a key, a sum above nothing in whole kopecks, and no other field', async () => {
    const { move, kkt } = withDrawer(0)
    const keyless = await move('in', { amount: 1 }, null)
    expect([keyless.status, codeOf(keyless.json)]).toEqual([400, 'invalid_headers'])
    for (const wrong of [{}, { amount: 0 }, { amount: -1 }, { amount: 1.005 }, { amount: '1' }, { amount: 1e9 }])
      expect((await move('in', wrong)).json).toMatchObject({ code: 'invalid_body', errors: [{ pointer: '/amount' }] })
    const unknown = await move('in', { amount: 1, note: 'x' })
    expect([unknown.status, problemOf(unknown.json).detail]).toEqual([422, expect.stringContaining('note')])
    const silent = await move('in', { amount: 1, reason: '\u0007' })
    expect(silent.json).toMatchObject({ errors: [{ pointer: '/reason' }] })
    expect(kkt.tasks).toEqual([])
  })
})

describe('a copy', () => {
  const receiptOf = (json: unknown) => z.object({ receipt_id: z.guid() }).parse(json).receipt_id

  test('of a printed receipt is printed', async () => {
    const { post, ask, kkt, stop } = withDrawer(0)
    const id = receiptOf((await post()).json)
    const works: unknown[] = []
    kkt.onPerform = async ({ work }, perform) => {
      works.push(work)
      return perform()
    }
    const { status, json } = await ask('POST', `/v1/kkt/receipt/${id.toUpperCase()}/copy`)
    expect([status, doneAnswer.parse(json).message]).toEqual([200, 'The copy is printed.'])
    expect(works).toEqual([{ kind: 'copy', receiptId: id }])
    await stop()
  })

  test('is made of a receipt that is there, has a document, and is of the till', async () => {
    const { as, sell, till1, till2, kkt, stop } = startGuarded()
    const copy = async (token: string, id: string) =>
      codeOf((await as(token)('POST', `/v1/kkt/receipt/${id}/copy`)).json)
    const { id } = await sell(till1, 'POS-001')
    expect(await copy(till2, id)).toBe('receipt_not_found')
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'no' })
    await sell(till1, 'POS-001')
    const { json } = await as(till1)('GET', '/v1/kkt/receipts?status=refused')
    const [refused = ''] = z
      .object({ receipts: z.array(z.object({ receipt_id: z.string() })) })
      .parse(json)
      .receipts.map(({ receipt_id }) => receipt_id)
    expect(await copy(till1, refused)).toBe('no_fiscal_document')
    expect(kkt.tasks).toEqual([])
    await stop()
  })
})
