/** A till's token: its keys and its receipts are its own. */
import { describe, expect, test } from 'bun:test'
import { problemOf } from '../testing/app_kit.ts'
import { codeOf, NOBODY, startGuarded } from '../testing/guarded_app.ts'
import { freshKey } from '../testing/kit.ts'

describe('invariant 2: another till', () => {
  test('can neither see a key nor take it', async () => {
    const { sell, till1, till2 } = startGuarded()
    const first = await sell(till1, 'POS-001', 'sale-1')
    const second = await sell(till2, 'POS-002', 'sale-1')
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.id).not.toBe(first.id)
    expect(second.headers.has('idempotency-replayed')).toBe(false)
    const again = await sell(till1, 'POS-001', 'sale-1')
    expect([again.id, again.headers.get('idempotency-replayed')]).toEqual([first.id, 'true'])
  })

  test('is no till whose token got another name: its sale is the same, and is no other one', async () => {
    const { sell, tokens, till1, kkt } = startGuarded()
    const first = await sell(till1, 'POS-001', 'sale-1')
    const spare = tokens.give('spare till POS-001')
    const spares = await sell(spare, 'POS-001', 'sale-1')
    expect(spares.headers.has('idempotency-replayed')).toBe(false)
    tokens.take('till-1 till POS-001')
    const renamed = tokens.give('kassa-1 till POS-001,POS-002', till1)
    const again = await sell(renamed, 'POS-001', 'sale-1')
    expect([again.id, again.headers.get('idempotency-replayed')]).toEqual([first.id, 'true'])
    kkt.trouble = 'fn_full'
    expect((await sell(renamed, 'POS-001', 'sale-1')).id).toBe(first.id)
    kkt.trouble = null
    expect((await sell(renamed, 'POS-002', 'sale-1')).headers.has('idempotency-replayed')).toBe(false)
    expect(kkt.handed).toHaveLength(3)
  })

  test('is told no id of a receipt that it may not see', async () => {
    const { sell, till1, till2, journal } = startGuarded()
    const content = { ...JSON.parse('{}'), posId: 'POS-001', type: 'sale', items: [], payments: [], totalKopecks: 100 }
    const nobodys = await journal.write((tx) => tx.accept({ key: freshKey(), content }))
    const id = 'receipt' in nobodys ? nobodys.receipt.id : ''
    const key = String(journal.queries.nextAccepted(1)[0]?.key)
    const mine = await sell(till1, 'POS-001', key)
    expect([mine.status, problemOf(mine.json).detail]).toEqual([422, expect.stringContaining(id)])
    const others = await sell(till2, 'POS-002', key)
    expect([others.status, codeOf(others.json)]).toEqual([422, 'idempotency_key_reused'])
    expect(JSON.stringify(others.json)).not.toContain(id)
  })

  test('gets 503 for a new sale and the answer of its own while the KKT is unfit', async () => {
    const { sell, till1, till2, kkt } = startGuarded()
    const first = await sell(till1, 'POS-001', 'sale-1')
    kkt.trouble = 'fn_full'
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    await sell(till1, 'POS-001')
    expect((await sell(till2, 'POS-002', 'sale-1')).status).toBe(503)
    expect(await sell(till1, 'POS-001', 'sale-1')).toMatchObject({ status: 200, id: first.id })
  })
})

describe("a till sees the receipts of its pos_ids, and others' as if they were not there", () => {
  test('as the original of a refund', async () => {
    const { as, sell, till1, till2, office } = startGuarded()
    const { id } = await sell(till1, 'POS-001')
    const ask = (token: string) =>
      as(token)('POST', '/v1/pos/refund', { body: JSON.stringify({ original_fiscal_doc_id: id }) })
    const { status, json } = await ask(till2)
    expect([status, codeOf(json)]).toEqual([404, 'original_not_found'])
    for (const token of [till1, office]) expect([200, 409]).toContain((await ask(token)).status)
  })

  test('in a look-up, a wait, a slip and its QR code', async () => {
    const { as, sell, till1, till2, office } = startGuarded()
    const { id } = await sell(till1, 'POS-001')
    for (const path of ['', '/slip', '/qr.svg', '?wait=pending&timeout=0', '?wait=closed&timeout=0']) {
      const ask = (token: string) => as(token)('GET', `/v1/kkt/receipt/${id}${path}`)
      const absent = await as(till2)('GET', `/v1/kkt/receipt/${NOBODY}${path}`)
      const { status, json } = await ask(till2)
      expect([status, json]).toEqual([404, JSON.parse(JSON.stringify(absent.json).replaceAll(NOBODY, id))])
      if (path === '') for (const token of [till1, office]) expect((await ask(token)).status).toBe(200)
    }
    expect((await as(till1)('GET', `/v1/kkt/receipt/${id}?wait=pending&timeout=0`)).status).toBe(200)
  })

  test('in lists', async () => {
    const { as, sell, till1, till2, office } = startGuarded()
    const one = (await sell(till1, 'POS-001')).id
    const two = (await sell(till2, 'POS-002')).id
    const three = (await sell(till2, 'POS-003')).id
    const list = async (token: string, query = '') => {
      const { json } = await as(token)('GET', `/v1/kkt/receipts${query}`)
      return [...JSON.stringify(json).matchAll(/"receipt_id":"([^"]+)"/g)].map(([, id]) => id)
    }
    expect(await list(till1)).toEqual([one])
    expect(await list(till2)).toEqual([three, two])
    expect(await list(till2, '?pos_id=POS-002')).toEqual([two])
    expect(await list(till2, '?pos_id=POS-001')).toEqual([])
    expect(await list(till2, '?limit=1')).toEqual([three])
    expect(await list(till2, `?limit=1&cursor=${three}`)).toEqual([two])
    expect(await list(office)).toEqual([three, two, one])
  })
})
