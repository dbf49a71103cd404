import { expect, test } from 'bun:test'
import { z } from 'zod'
import { startApp } from '../testing/app_kit.ts'
import { codeOf } from '../testing/guarded_app.ts'

const taskOf = (json: unknown) => z.object({ task_id: z.guid() }).parse(json).task_id

function start() {
  const app = startApp()
  app.kkt.shift = { kind: 'closed', number: 1 }
  app.kkt.drawerKopecks = 5000
  const does = async (path: string, body = '', key = path) =>
    taskOf((await app.ask('POST', `/v1/kkt/${path}`, { body, headers: { 'idempotency-key': key } })).json)
  return { ...app, does }
}

test('the documents of a shift are printed by the FN and the number of the shift, the closing unless it is said', async () => {
  const { read, does, kkt, stop } = start()
  await does('shift/open')
  await does('shift/close')
  const path = `/v1/kkt/shifts/${kkt.fnNumber}/2/slip`
  const closing = await read(path)
  expect([closing.status, closing.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  expect(closing.headers.get('cache-control')).toBe('no-store')
  expect(closing.text).toContain('ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ\nСМЕНА 2 ')
  const opening = await read(`${path}?document=opening&width=32`)
  expect(opening.text).toContain('ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ\nСМЕНА 2 ')
  expect(Math.max(...opening.text.split('\n').map(({ length }) => length))).toBe(32)
  const page = await read(`${path}?format=html`)
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect((await read(`${path}?format=escpos`)).headers.get('content-type')).toBe('application/octet-stream')
  await stop()
})

test('a document that is not known is a 404, and wrong numbers a 422', async () => {
  const { ask, does, kkt, stop } = start()
  await does('shift/open')
  const code = async (path: string) => codeOf((await ask('GET', `/v1/kkt/shifts/${path}`)).json)
  expect(await code(`${kkt.fnNumber}/2/slip`)).toBe('shift_not_found')
  expect(await code(`${kkt.fnNumber}/3/slip?document=opening`)).toBe('shift_not_found')
  expect(await code(`9999999999999999/2/slip?document=opening`)).toBe('shift_not_found')
  expect(await code('12/2/slip')).toBe('invalid_params')
  expect(await code(`${kkt.fnNumber}/0/slip`)).toBe('invalid_params')
  expect(await code(`${kkt.fnNumber}/2/slip?document=middle`)).toBe('invalid_query')
  await stop()
})

test('a task has the slip of what it has done', async () => {
  const { read, does, stop } = start()
  const slip = async (id: string) => (await read(`/v1/kkt/task/${id}/slip?width=32`)).text
  expect(await slip(await does('cash/in', '{"amount":10,"reason":"размен"}'))).toMatch(
    /^ +ВНЕСЕНИЕ\nКАССА KKT-001 +\d\d\.\d\d\.\d\d \d\d:\d\d\n-+\nСУММА +=10\.00\nОСНОВАНИЕ размен\nНАЛИЧНЫХ В КАССЕ +=60\.00\n$/,
  )
  expect(await slip(await does('cash/out', '{"amount":60}'))).toContain('ВЫПЛАТА\n')
  expect(await slip(await does('shift/open'))).toContain('ОТЧЕТ ОБ ОТКРЫТИИ СМЕНЫ\n')
  expect(await slip(await does('x_report'))).toContain('СУТОЧНЫЙ ОТЧЕТ БЕЗ ГАШЕНИЯ\n')
  expect(await slip(await does('shift/close'))).toContain('ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ\n')
  await stop()
})

test('the time on a slip is that of the zone of the KKT', async () => {
  const { read, does, deps, clock, stop } = start()
  const id = await does('cash/in', '{"amount":10}')
  const [, shown] = /KKT-001 +(.+)\n/.exec((await read(`/v1/kkt/task/${id}/slip`)).text) ?? []
  const [date = '', time = ''] = deps.localTimeAt(clock.wallMs()).split('T')
  expect(shown).toBe(`${date.slice(2).split('-').reverse().join('.')} ${time}`)
  await stop()
})

test('a task that is not done has no slip', async () => {
  const { ask, does, kkt, clock, stop } = start()
  kkt.onPerform = async () => ({ kind: 'unknown', reason: 'no answer' })
  kkt.onLookupTask = async () => ({ kind: 'untellable', reason: 'it keeps no list' })
  const asked = does('cash/in', '{"amount":10}')
  await clock.advance(9000)
  const id = await asked
  const { status, json } = await ask('GET', `/v1/kkt/task/${id}/slip`)
  expect([status, codeOf(json)]).toEqual([409, 'no_slip'])
  await stop()
})
