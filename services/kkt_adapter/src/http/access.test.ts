/** Tokens in front of all routes: who may do what. */
import { describe, expect, test } from 'bun:test'
import { someCases } from '@kkt/platform/testing.ts'
import { digestOf } from '../access/tokens.ts'
import { createHandle } from '../app.ts'
import { bearer } from '../testing/access_kit.ts'
import { problemOf } from '../testing/app_kit.ts'
import { codeOf, NOBODY, startGuarded } from '../testing/guarded_app.ts'

/** Each route with the roles that may use it. A route that is new has to be put here. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/kkt/receipt': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id/slip': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id/qr.svg': ['till', 'operator'],
  'POST /v1/kkt/receipt/:receipt_id/settle': ['operator'],
  'GET /v1/kkt/receipts': ['till', 'operator'],
  'GET /v1/kkt/receipts.csv': ['operator'],
  'POST /v1/pos/refund': ['till', 'operator'],
  'POST /v1/kkt/correction': ['till', 'operator'],
  'GET /v1/kkt/correction/:correction_id': ['till', 'operator'],
  'POST /v1/kkt/correction/:correction_id/close': ['operator'],
  'POST /v1/kkt/receipt/:receipt_id/copy': ['till', 'operator'],
  'GET /v1/kkt/shift': ['till', 'operator'],
  'GET /v1/kkt/shift/sales': ['till', 'operator'],
  'POST /v1/kkt/shift/open': ['till', 'operator'],
  'POST /v1/kkt/shift/close': ['till', 'operator'],
  'POST /v1/kkt/z_report': ['till', 'operator'],
  'POST /v1/kkt/x_report': ['till', 'operator'],
  'GET /v1/kkt/shifts': ['till', 'operator'],
  'GET /v1/kkt/shifts/:fn_number/:number/slip': ['till', 'operator'],
  'POST /v1/kkt/cash/in': ['till', 'operator'],
  'POST /v1/kkt/cash/out': ['till', 'operator'],
  'GET /v1/kkt/tasks': ['till', 'operator'],
  'GET /v1/kkt/task/:task_id': ['till', 'operator'],
  'GET /v1/kkt/task/:task_id/slip': ['till', 'operator'],
  'POST /v1/kkt/task/:task_id/settle': ['operator'],
  'GET /v1/kkt/buffer/status': ['operator'],
  'POST /v1/kkt/buffer/sync': ['operator'],
  'GET /v1/kkt/buffer/events': ['operator'],
  'GET /v1/kkt/buffer/dlq': ['operator'],
  'POST /v1/kkt/buffer/dlq/:receipt_id/requeue': ['operator'],
  'POST /v1/kkt/buffer/dlq/:receipt_id/close': ['operator'],
  'POST /v1/kkt/buffer/dlq/requeue': ['operator'],
  'POST /v1/kkt/buffer/untraced/close': ['operator'],
  'GET /v1/kkt/buffer/samples': ['operator'],
  'GET /v1/kkt/stream': ['operator'],
  'GET /metrics': ['metrics', 'operator'],
  'GET /v1/kkt/login': ['till', 'metrics', 'operator'],
  'GET /v1/kkt/_test/ofd': ['operator'],
  'POST /v1/kkt/_test/ofd': ['operator'],
  'GET /v1/kkt/_test/settings': ['operator'],
  'POST /v1/kkt/_test/settings': ['operator'],
  'GET /v1/health': ['all'],
  'POST /v1/kkt/login': ['all'],
  'POST /v1/kkt/logout': ['all'],
  'GET /openapi.json': ['all'],
  'GET /docs': ['all'],
  'GET /docs/:file': ['all'],
  'GET /': ['all'],
  'GET /day': ['all'],
  'GET /_page/:file': ['all'],
  'GET /receipts/:receipt_id': ['all'],
}

describe('a client is let in by its token', () => {
  test('the table below has each route', async () => {
    const { createApp } = await import('../app.ts')
    const routes = createApp(startGuarded().deps).routes.map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTES).sort())
  })

  test.each(someCases(Object.entries(ROUTES), 4))('%s is for %p', async (route, roles) => {
    const { app, till1, office, prometheus } = startGuarded()
    const [method = '', pattern = ''] = route.split(' ')
    const path = pattern.replace(/:(receipt|correction|task)_id/, NOBODY).replace(/:(file|fn_number|number)/g, 'none')
    const refused = async (headers: Record<string, string>) => {
      const init = method === 'POST' ? { method, headers, body: '{}' } : { headers }
      const { status, body: answer } = await app.handle(new Request(`http://localhost${path}`, init))
      await answer?.cancel()
      return status === 401 || status === 403
    }
    const isForAll = roles.includes('all')
    expect(await refused({})).toBe(!isForAll)
    for (const [role, token] of Object.entries({ till: till1, operator: office, metrics: prometheus }))
      expect({ role, refused: await refused(bearer(token)) }).toEqual({
        role,
        refused: !isForAll && !roles.includes(role),
      })
  })

  test.each([
    ['a path that looks like an open one', '/docs/../v1/kkt/receipts'],
    ['two slashes', '//v1/kkt/receipts'],
    ['a slash behind it', '/v1/kkt/receipts/'],
    ['no route at all', '/v1/kkt/nothing'],
    ['a query with the path of an open route', '/v1/kkt/receipts?/docs'],
    ['capitals', '/V1/KKT/RECEIPTS'],
  ])('%s opens nothing', async (_what, path) => {
    const { app } = startGuarded()
    const request = Object.defineProperty(new Request('http://localhost/'), 'url', { value: `http://localhost${path}` })
    expect((await app.handle(request)).status).toBe(401)
  })

  test('a missing token and a wrong one are 401, and say how to send one', async () => {
    const { ask, till1, logLines } = startGuarded()
    const missing = await ask('GET', '/v1/kkt/receipts')
    expect([missing.status, codeOf(missing.json), missing.headers.get('www-authenticate')]).toEqual([
      401,
      'token_missing',
      'Bearer',
    ])
    for (const authorization of [`Bearer ${till1}x`, till1, `Basic ${till1}`, 'Bearer', `Bearer ${digestOf(till1)}`]) {
      const { status, json, headers } = await ask('GET', '/v1/kkt/receipts', { headers: { authorization } })
      expect([status, codeOf(json), headers.get('www-authenticate')]).toEqual([401, 'token_unknown', 'Bearer'])
      expect(JSON.stringify(json)).not.toContain(till1.slice(4))
    }
    expect(logLines.join()).not.toContain(till1.slice(4))
    const lower = await ask('GET', '/v1/kkt/receipts', { headers: { authorization: `bearer ${till1}` } })
    expect(lower.status).toBe(200)
  })

  test('the doors come first, and pages of known origins may show a token and read why it is refused', async () => {
    const { deps, till1 } = startGuarded()
    const handle = createHandle(deps, { hosts: [], origins: ['https://till.example'] })
    const ask = (method: string, headers: Record<string, string>, host = 'localhost') =>
      handle(new Request(`http://${host}/v1/kkt/receipts`, { method, headers }))
    expect((await ask('GET', bearer(till1), 'evil.example')).status).toBe(421)
    expect((await ask('POST', { ...bearer(till1), origin: 'https://evil.example' })).status).toBe(403)
    const origin = 'https://till.example'
    const preflight = await ask('OPTIONS', { origin, 'access-control-request-method': 'GET' })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      expect.stringContaining('Authorization'),
    ])
    const refused = await ask('GET', { origin })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin])
    expect((await ask('GET', { ...bearer(till1), origin })).status).toBe(200)
  })

  test('nothing of a request is read before its token', async () => {
    const { ask, journal } = startGuarded()
    const answer = await ask('POST', '/v1/kkt/receipt', { body: '{ not JSON' })
    expect([answer.status, codeOf(answer.json)]).toEqual([401, 'token_missing'])
    expect(journal.queries.counts().accepted).toBe(0)
  })

  test('a role that may not is 403, and so is a till that sells for another', async () => {
    const { as, till1, office, prometheus, sell, journal } = startGuarded()
    const sync = await as(till1)('POST', '/v1/kkt/buffer/sync')
    expect([sync.status, codeOf(sync.json)]).toEqual([403, 'not_allowed'])
    const metrics = await as(prometheus)('GET', '/v1/kkt/receipts')
    expect([metrics.status, problemOf(metrics.json).detail]).toEqual([403, expect.stringContaining('role metrics')])
    const sold = await sell(till1, 'POS-002')
    expect([sold.status, codeOf(sold.json)]).toEqual([403, 'not_allowed'])
    expect(Object.values(journal.queries.counts()).every((n) => n === 0)).toBe(true)
    expect((await sell(office, 'POS-009')).status).toBe(200)
  })

  test('a token that is taken out works no more', async () => {
    const { as, tokens, till1 } = startGuarded()
    expect((await as(till1)('GET', '/v1/kkt/receipts')).status).toBe(200)
    tokens.take('till-1 till POS-001')
    expect((await as(till1)('GET', '/v1/kkt/receipts')).status).toBe(401)
  })

  test('wrong tokens are slowed, and right ones from the same address are not', async () => {
    const { as, ask, till1, clock } = startGuarded()
    const codes = []
    for (let i = 0; i < 12; i++) codes.push((await as(`kkt_wrong${i}`)('GET', '/v1/kkt/receipts')).status)
    expect(codes).toEqual([...Array(10).fill(401), 429, 429])
    const slowed = await as('kkt_wrong')('GET', '/v1/health')
    expect([slowed.status, codeOf(slowed.json)]).toEqual([429, 'too_many_wrong_tokens'])
    expect(slowed.headers.get('retry-after')).toBe('60')
    const login = await ask('POST', '/v1/kkt/login', { body: '{"token": "kkt_wrong"}' })
    expect(login.status).toBe(429)
    expect((await as(till1)('GET', '/v1/kkt/receipts')).status).toBe(200)
    expect((await ask('GET', '/v1/kkt/receipts')).status).toBe(401)
    await clock.advance(60_000)
    expect((await as('kkt_wrong')('GET', '/v1/kkt/receipts')).status).toBe(401)
  })
})
