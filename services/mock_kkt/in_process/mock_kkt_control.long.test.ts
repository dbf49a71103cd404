import { expect, test } from 'bun:test'
import { quiet } from '@kkt/adapter/src/testing/kit.ts'
import { cash, FIRST_FD, nextId, opening, setUp } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { sharedApp } from '@kkt/adapter/src/testing/shared_app.ts'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { NO_FAULTS } from '../device/faults.ts'
import type { MockKkt } from './mock_kkt.ts'
import { mockKktControl } from './mock_kkt_control.ts'

const handle = sharedApp((kkt: MockKkt) => {
  const routes = new Elysia().use(mockKktControl(kkt, () => undefined))
  return new Elysia().use(errorAnswers({ logger: quiet, routes: () => routes.routes })).use(routes)
})

function build() {
  const device = setUp()
  const ask = async (method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await handle(
      device.kkt(),
      new Request(`http://localhost/v1/kkt/_test${path}`, { method, ...sent }),
    )
    return { status: response.status, body: await response.json() }
  }
  return {
    ...device,
    get: (path: string) => ask('GET', path),
    post: (path: string, body?: unknown) => ask('POST', path, body),
  }
}

test('a configuration is any of its fields, and the answer is the whole', async () => {
  const { get, post } = build()
  expect(await get('/config')).toEqual({ status: 200, body: NO_FAULTS })
  const all = {
    ...NO_FAULTS,
    reply_lost: 1,
    connection_lost: 2,
    lookup_lost: 3,
    busy: 4,
    slow_print_seconds: 0.5,
    clock_behind_seconds: 90,
    gone: true,
    paper_out: true,
    shift_expired: true,
    fn_full: true,
  }
  expect(await post('/config', all)).toEqual({ status: 200, body: all })
  expect(await post('/config', { gone: false })).toEqual({ status: 200, body: { ...all, gone: false } })
  expect(await get('/config')).toEqual({ status: 200, body: { ...all, gone: false } })
})

test.each<[string, unknown, string]>([
  ['an unknown field', { busy: 1, paper_gone: true }, '/paper_gone'],
  ['a negative count', { reply_lost: -1 }, '/reply_lost'],
  ['a count beyond the bound', { connection_lost: 1001 }, '/connection_lost'],
  ['half a count', { lookup_lost: 0.5 }, '/lookup_lost'],
  ['a count that is none', { busy: '1' }, '/busy'],
  ['a flag that is none', { gone: 1 }, '/gone'],
  ['null for a flag', { fn_full: null }, '/fn_full'],
  ['a print that is too slow', { slow_print_seconds: 60.1 }, '/slow_print_seconds'],
  ['a clock that is too slow', { clock_behind_seconds: 604_801 }, '/clock_behind_seconds'],
  ['no object', [], ''],
])('a configuration with %s is refused by name and changes nothing', async (_what, change, pointer) => {
  const { get, post } = build()
  expect(await post('/config', change)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } })
  expect((await get('/config')).body).toEqual(NO_FAULTS)
})

test('what is no JSON is a 400', async () => {
  expect(await build().post('/config', '{')).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
})

test('a reset ends the faults, and leaves the FN as it is', async () => {
  const { fiscalize, fds, get, post } = build()
  await fiscalize()
  await post('/config', { gone: true, busy: 3 })
  expect(await post('/reset')).toEqual({ status: 200, body: { status: 'reset' } })
  expect((await get('/config')).body).toEqual(NO_FAULTS)
  expect(fds()).toEqual([FIRST_FD])
})

test('documents are shown in FD order, a page at a time, and all are counted', async () => {
  const { ask, fiscalize, kkt, get } = build()
  const ids = [nextId(), nextId(), nextId()]
  await fiscalize(ids[0])
  kkt().faults.configure({ paper_out: true })
  for (const id of ids.slice(1)) await ask(id)
  const others = ['registration', 'shift_opening'].map((kind, n) => ({
    fiscal_doc_number: n + 1,
    kind,
    receipt_id: null,
    shift_number: n,
    receipt_number: null,
    on_paper: true,
  }))
  const receipts = ids.map((receipt_id, n) => ({
    fiscal_doc_number: FIRST_FD + n,
    kind: 'receipt',
    receipt_id,
    shift_number: 1,
    receipt_number: n + 1,
    on_paper: n === 0,
  }))
  const shown = [...others, ...receipts]
  const fn_number = (await kkt().state())?.fnNumber
  expect(await get('/documents')).toEqual({ status: 200, body: { fn_number, count: 5, documents: shown } })
  expect((await get('/documents?limit=3')).body).toEqual({ fn_number, count: 5, documents: shown.slice(0, 3) })
  expect((await get('/documents?after=3&limit=2')).body).toEqual({ fn_number, count: 5, documents: shown.slice(3) })
  expect((await get('/documents?after=5')).body).toEqual({ fn_number, count: 5, documents: [] })
})

test.each(['limit=0', 'limit=1001', 'limit=many', 'after=-1', 'after=', 'before=1'])(
  'documents?%s is refused',
  async (query) => {
    expect(await build().get(`/documents?${query}`)).toMatchObject({ status: 422, body: { code: 'invalid_query' } })
  },
)

test('an FN is replaced, and the documents of the old one are told when they are asked for', async () => {
  const { fiscalize, get, post } = build()
  const { fnNumber: old } = await fiscalize()
  const replaced = await post('/replace_fn')
  expect(replaced).toEqual({
    status: 200,
    body: { old_fn_number: old, new_fn_number: expect.stringMatching(/^9999\d{12}$/) },
  })
  const { new_fn_number } = z.object({ new_fn_number: z.string() }).parse(replaced.body)
  const registration = [{ fiscal_doc_number: 1, kind: 'registration' }]
  expect((await get('/documents')).body).toMatchObject({ fn_number: new_fn_number, count: 1, documents: registration })
  expect((await get(`/documents?fn=${new_fn_number}`)).body).toMatchObject({ count: 1, documents: registration })
  expect((await get(`/documents?fn=${old}&after=1&limit=1`)).body).toMatchObject({
    fn_number: old,
    count: 3,
    documents: [{ fiscal_doc_number: 2, kind: 'shift_opening' }],
  })
  expect((await get('/documents?fn=9999000000000000')).body).toMatchObject({ count: 0, documents: [] })
  expect(await get('/documents?fn=9999')).toMatchObject({ status: 422 })
})

test('tasks are shown in the order in which they were done, a page at a time', async () => {
  const { done, get } = build()
  await done(opening())
  const put = cash('cash_in', 12_345)
  await done(put)
  const second = {
    number: 2,
    task_id: put.id,
    kind: 'cash_in',
    shift_number: 1,
    amount: 123.45,
    fiscal_doc_number: null,
  }
  const first = { number: 1, kind: 'open_shift', amount: null, fiscal_doc_number: 2 }
  expect((await get('/tasks')).body).toMatchObject({ tasks: [first, second] })
  expect((await get('/tasks?after=1&limit=1')).body).toEqual({ tasks: [second] })
})

const catalogue = z.object({
  faults: z.array(z.object({ name: z.string(), example: z.record(z.string(), z.unknown()), off: z.unknown() })),
})

test('the catalogue has each fault, and a configuration that puts it on and one that ends it', async () => {
  const { get, post } = build()
  const { faults } = catalogue.parse((await get('/faults')).body)
  expect(faults.map(({ name }) => name)).toEqual(Object.keys(NO_FAULTS))
  for (const { name, example, off } of faults) {
    expect(await post('/config', example)).toEqual({ status: 200, body: { ...NO_FAULTS, ...example } })
    expect(example[name]).not.toBe(off)
    expect((await post('/config', { [name]: off })).body).toEqual(NO_FAULTS)
  }
})
