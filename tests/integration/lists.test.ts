import { describe, expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { expectProblem } from '../harness/http.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenFailed, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

const NOBODY = '00000000-0000-7000-8000-000000000000'

async function printMany(count: number, pos_id: string): Promise<string[]> {
  const ids = []
  for (let i = 0; i < count; i += 1) ids.push((await adapter.print(receipt({ pos_id }))).receipt_id)
  return ids
}

describe('the look-up', () => {
  test('shows a receipt on its way and after its delivery', async () => {
    await ofd.configure({ permanent_failure: true })
    const sale = receipt()
    const { receipt_id, fiscal_doc } = await adapter.print(sale)
    const onItsWay = await adapter.receipt(receipt_id)
    expect(onItsWay).toMatchObject({ ...sale, total: fiscal_doc.total })
    expect(onItsWay).toMatchObject({ receipt_id, pos_id: sale.pos_id, fiscal_doc, synced_at: null, ofd_id: null })
    expect(['pending', 'syncing']).toContain(onItsWay.status)

    await ofd.configure({ permanent_failure: false })
    await adapter.sync()
    const { created_at, printed_at, synced_at, ofd_id } = await whenSynced(receipt_id)
    const times = [created_at, printed_at ?? '', synced_at ?? ''].map((at) => Date.parse(at))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    // A register does not say under which number the OFD has its documents.
    if (deliversByKkt) expect(ofd_id).toBeNull()
    else expect(ofd_id).toMatch(/^OFD-\d{6}$/)
  })

  test('of an unknown id is a 404, of a malformed id a 422', async () => {
    expect(expectProblem(await adapter.get(`/v1/kkt/receipt/${NOBODY}`), 404).code).toBe('receipt_not_found')
    expect(expectProblem(await adapter.get('/v1/kkt/receipt/1'), 422).code).toBe('invalid_params')
  })
})

describe('the list of receipts', () => {
  test('is paged, the newest first, and a receipt that comes between two pages shifts nothing', async () => {
    const posId = newPosId('list')
    const ids = await printMany(5, posId)
    const first = await adapter.receipts({ pos_id: posId, limit: 2 })
    await printMany(1, posId)
    const second = await adapter.receipts({ pos_id: posId, limit: 2, cursor: first.next_cursor ?? 'none' })
    const third = await adapter.receipts({ pos_id: posId, limit: 2, cursor: second.next_cursor ?? 'none' })
    const pages = [first, second, third].map(({ receipts }) => receipts.map(({ receipt_id }) => receipt_id))
    expect(pages.flat()).toEqual(ids.toReversed())
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1])
    expect(third.next_cursor).toBeNull()
  })

  test.skipIf(deliversByKkt)('is filtered by status', async () => {
    const [posId, other] = [newPosId('list'), newPosId('list')]
    await ofd.configure({ refuse: { pos_id: posId, status: 422 } })
    const [refused] = await printMany(1, posId)
    await whenFailed(refused ?? '')
    await ofd.configure({ refuse: null })
    const [sent] = await printMany(1, posId)
    const [others] = await printMany(1, other)
    await whenSynced(sent ?? '')
    await whenSynced(others ?? '')

    const listed = async (status: string) =>
      (await adapter.receipts({ pos_id: posId, status })).receipts.map(({ receipt_id }) => receipt_id)
    expect(await listed('failed')).toEqual([refused ?? ''])
    expect(await listed('synced')).toEqual([sent ?? ''])
    expect(await listed('pending')).toEqual([])
    const newest = (await adapter.receipts({ status: 'synced', limit: 1 })).receipts
    expect(newest.map(({ receipt_id }) => receipt_id)).toEqual([others ?? ''])
  })

  test('has 20 receipts by default', async () => {
    const posId = newPosId('list')
    await Promise.all(Array.from({ length: 21 }, () => adapter.take(receipt({ pos_id: posId }))))
    expect((await adapter.receipts({ pos_id: posId })).receipts).toHaveLength(20)
    expect((await adapter.receipts({ pos_id: posId, limit: 100 })).receipts).toHaveLength(21)
  })
})

describe('a look-up', () => {
  test('finds a receipt by what its customer knows, each alone and all together', async () => {
    const pos_id = newPosId('look')
    const email = `${pos_id}@example.com`
    const sale = { ...receipt({ pos_id }), customer: { email } }
    const { receipt_id, fiscal_doc } = await adapter.print(sale)
    await printMany(1, pos_id)
    const { fiscal_doc_number: fd, fiscal_sign: fpd, total, fiscal_datetime } = fiscal_doc
    const [date, contact] = [fiscal_datetime.slice(0, 10), email.toUpperCase()]
    const ids = async (query: Parameters<typeof adapter.receipts>[0]) =>
      (await adapter.receipts({ pos_id, ...query })).receipts.map((one) => one.receipt_id)
    for (const query of [{ fd }, { fpd }, { contact }, { fd, fpd, total, date, contact }])
      expect({ query, ids: await ids(query) }).toEqual({ query, ids: [receipt_id] })
    expect(await ids({ total, date })).toContain(receipt_id)
    expect(await ids({ contact, date: '2000-01-01' })).toEqual([])
    expect(expectProblem(await adapter.get('/v1/kkt/receipts?total=a+lot'), 422).code).toBe('invalid_query')
  })
})

describe("the day's file", () => {
  test('has a line for each document, with who corrected what and why', async () => {
    const pos_id = newPosId('day')
    const { receipt_id, fiscal_doc } = await adapter.print(receipt({ pos_id }))
    const correction = { type: 'instruction', date: '2026-01-30', number: '17-04' }
    const wrong = { fn: fiscal_doc.fn_number, fd: fiscal_doc.fiscal_doc_number, fpd: fiscal_doc.fiscal_sign }
    const correcting = { ...receipt({ pos_id }), correction, corrects: wrong }
    const right = await adapter.print(correcting)
    const { status, text, headers } = await adapter.get(
      `/v1/kkt/receipts.csv?date=${fiscal_doc.fiscal_datetime.slice(0, 10)}`,
    )
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    const [header = '', ...lines] = text.split('\r\n').map((line) => line.split(';'))
    const lineOf = (id: string) => lines.find((line) => line.at(-1) === id) ?? []
    const of = (id: string, column: string) => lineOf(id)[header.indexOf(column)]
    expect([of(receipt_id, 'FD'), of(receipt_id, 'Till')]).toEqual([String(wrong.fd), pos_id])
    expect(of(receipt_id, 'Total')).toBe(fiscal_doc.total.toFixed(2).replace('.', ','))
    const told = ['kind', 'day of the settlement', 'number of the order'].map((column) =>
      of(right.receipt_id, `Correction: ${column}`),
    )
    expect(told).toEqual(Object.values(correction))
    expect(of(right.receipt_id, 'Corrects receipt_id')).toBe(receipt_id)
    expect(of(right.receipt_id, 'Corrects FPD')).toBe(wrong.fpd)
    expect(of(right.receipt_id, 'Corrected by')).not.toBe('')
  })
})

describe('the events', () => {
  test('show the whole way of one receipt, the newest first', async () => {
    const [id = ''] = await printMany(1, newPosId('events'))
    await whenSynced(id)
    const { events } = await adapter.events({ receipt_id: id })
    const way = deliversByKkt
      ? ['synced', 'pending', 'printing', 'printing', 'accepted', null]
      : ['synced', 'syncing', 'pending', 'printing', 'accepted', null]
    expect(events.map(({ to }) => to)).toEqual(way.slice(0, -1))
    expect(events.map(({ from }) => from)).toEqual(way.slice(1))
    expect(events.every(({ kind, receipt_id }) => kind === 'receipt' && receipt_id === id)).toBe(true)
  })

  test('are filtered by kind', async () => {
    await printMany(1, newPosId('events'))
    for (const kind of ['receipt', 'breaker', 'lease', 'odoo', 'command']) {
      const { events } = await adapter.events({ kind, limit: 5 })
      expect(events.filter((event) => event.kind !== kind)).toEqual([])
    }
    expect((await adapter.events({ kind: 'lease', limit: 1 })).events).toHaveLength(1)
  })
})
