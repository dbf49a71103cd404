/** Tokens in front of all routes: who may do what, and who sees what. */
import { describe, expect, test } from 'bun:test'
import { digestOf } from '../access/tokens.ts'
import { bearer, tokenAccess } from '../testing/access_kit.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { freshKey } from '../testing/kit.ts'

const NOBODY = '00000000-0000-7000-8000-000000000000'

function start() {
  let tokens = tokenAccess()
  const app = startApp({
    access(clock) {
      tokens = tokenAccess(clock)
      return tokens.access
    },
  })
  const till1 = tokens.give('till-1 till POS-001')
  const till2 = tokens.give('till-2 till POS-002,POS-003')
  const office = tokens.give('office operator')
  const prometheus = tokens.give('prometheus metrics')
  const as =
    (token: string) =>
    (method: string, path: string, init: RequestInit = {}) =>
      app.ask(method, path, { ...init, headers: { ...init.headers, ...bearer(token) } })
  const sell = async (token: string, posId: string, key: string = freshKey()) => {
    const headers = { 'idempotency-key': key }
    const answer = await as(token)('POST', '/v1/kkt/receipt', {
      headers,
      body: JSON.stringify(body({ pos_id: posId })),
    })
    return { ...answer, id: idIn(answer.json), key }
  }
  return { ...app, tokens, till1, till2, office, prometheus, as, sell }
}

const idIn = (json: unknown) =>
  typeof json === 'object' && json !== null && 'receipt_id' in json ? String(json.receipt_id) : ''
const codeOf = (json: unknown) => problemOf(json).code

/** Each route with the roles that may use it. A route that is new has to be put here. */
const ROUTES: Readonly<Record<string, readonly string[]>> = {
  'POST /v1/kkt/receipt': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id/slip': ['till', 'operator'],
  'GET /v1/kkt/receipt/:receipt_id/qr.svg': ['till', 'operator'],
  'GET /v1/kkt/receipts': ['till', 'operator'],
  'GET /v1/kkt/buffer/status': ['operator'],
  'POST /v1/kkt/buffer/sync': ['operator'],
  'GET /v1/kkt/buffer/events': ['operator'],
  'GET /v1/kkt/buffer/dlq': ['operator'],
  'POST /v1/kkt/buffer/dlq/:receipt_id/requeue': ['operator'],
  'POST /v1/kkt/buffer/dlq/:receipt_id/close': ['operator'],
  'POST /v1/kkt/buffer/dlq/requeue': ['operator'],
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
  'GET /_page/:file': ['all'],
  'GET /receipts/:receipt_id': ['all'],
}

describe('a client is let in by its token', () => {
  test('the table below has each route', async () => {
    const { createApp } = await import('../app.ts')
    const routes = createApp(start().deps).routes.map(({ method, path }) => `${method} ${path}`)
    expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTES).sort())
  })

  test.each(Object.entries(ROUTES))('%s is for %p', async (route, roles) => {
    const { app, till1, office, prometheus } = start()
    const [method = '', pattern = ''] = route.split(' ')
    const path = pattern.replace(':receipt_id', NOBODY).replace(':file', 'none')
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
    const { app } = start()
    const request = Object.defineProperty(new Request('http://localhost/'), 'url', { value: `http://localhost${path}` })
    expect((await app.handle(request)).status).toBe(401)
  })

  test('a missing token and a wrong one are 401, and say how to send one', async () => {
    const { ask, till1, logLines } = start()
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

  test('nothing of a request is read before its token', async () => {
    const { ask, journal } = start()
    const answer = await ask('POST', '/v1/kkt/receipt', { body: '{ not JSON' })
    expect([answer.status, codeOf(answer.json)]).toEqual([401, 'token_missing'])
    expect(journal.queries.counts().accepted).toBe(0)
  })

  test('a role that may not is 403, and so is a till that sells for another', async () => {
    const { as, till1, office, prometheus, sell, journal } = start()
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
    const { as, tokens, till1 } = start()
    expect((await as(till1)('GET', '/v1/kkt/receipts')).status).toBe(200)
    tokens.take('till-1 till POS-001')
    expect((await as(till1)('GET', '/v1/kkt/receipts')).status).toBe(401)
  })

  test('wrong tokens are slowed, and right ones from the same address are not', async () => {
    const { as, ask, till1, clock } = start()
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

describe('invariant 2: another till', () => {
  test('can neither see a key nor take it', async () => {
    const { sell, till1, till2 } = start()
    const first = await sell(till1, 'POS-001', 'sale-1')
    const second = await sell(till2, 'POS-002', 'sale-1')
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.id).not.toBe(first.id)
    expect(second.headers.has('idempotency-replayed')).toBe(false)
    const again = await sell(till1, 'POS-001', 'sale-1')
    expect([again.id, again.headers.get('idempotency-replayed')]).toEqual([first.id, 'true'])
  })

  test('is told no id of a receipt that it may not see', async () => {
    const { sell, till1, till2, journal } = start()
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
    const { sell, till1, till2, kkt } = start()
    const first = await sell(till1, 'POS-001', 'sale-1')
    kkt.trouble = 'fn_full'
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    await sell(till1, 'POS-001')
    expect((await sell(till2, 'POS-002', 'sale-1')).status).toBe(503)
    expect(await sell(till1, 'POS-001', 'sale-1')).toMatchObject({ status: 200, id: first.id })
  })
})

describe("a till sees the receipts of its pos_ids, and others' as if they were not there", () => {
  test('in a look-up, a wait, a slip and its QR code', async () => {
    const { as, sell, till1, till2, office } = start()
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
    const { as, sell, till1, till2, office } = start()
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

describe('a token that is taken out in between', () => {
  test('ends its streams, and no other', async () => {
    const { app, tokens, office } = start()
    const other = tokens.give('boss operator')
    const open = async (token: string) => {
      const { body: stream } = await app.handle(
        new Request('http://localhost/v1/kkt/stream', { headers: bearer(token) }),
      )
      const reader = stream?.getReader()
      await reader?.read()
      return reader
    }
    const [ended, stays] = [await open(office), await open(other)]
    tokens.take('office operator')
    const rest = async () => {
      for (;;) if ((await ended?.read())?.done !== false) return 'over'
    }
    expect(await rest()).toBe('over')
    tokens.give('another metrics')
    expect(await Promise.race([stays?.read().then(({ done }) => done), Promise.resolve(false)])).toBe(false)
    await stays?.cancel()
  })

  test('ends its waits', async () => {
    const { as, sell, tokens, till1, ofd, clock } = start()
    ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: true })
    const { id } = await sell(till1, 'POS-001')
    const waiting = as(till1)('GET', `/v1/kkt/receipt/${id}?wait=synced&timeout=10`)
    await clock.advance(0)
    tokens.take('till-1 till POS-001')
    expect((await waiting).status).toBe(401)
  })
})

describe('a page logs in', () => {
  const cookieOf = (headers: Headers) => headers.get('set-cookie') ?? ''

  test('with an operator’s token, which its browser keeps where no script reads it', async () => {
    const { ask, office, logLines } = start()
    const { status, json, headers } = await ask('POST', '/v1/kkt/login', { body: JSON.stringify({ token: office }) })
    expect<unknown>([status, json]).toEqual([200, { name: 'office', role: 'operator', pos_ids: null }])
    expect(cookieOf(headers)).toBe(`kkt_token_KKT-001=${office}; Path=/; HttpOnly; SameSite=Strict`)
    const [cookie = ''] = cookieOf(headers).split(';')
    const by = (text: string) => ask('GET', '/v1/kkt/receipts', { headers: { cookie: text } })
    expect((await by(cookie)).status).toBe(200)
    expect((await by(`a=b; ${cookie}; c=d`)).status).toBe(200)
    expect((await by(`x${cookie}`)).status).toBe(401)
    expect((await by(`${cookie}x`)).status).toBe(401)
    expect(logLines.find((line) => line.includes('logged_in'))).toContain('"by":"office"')
    expect(logLines.join()).not.toContain(office.slice(4))
  })

  test('out, and the browser forgets the token', async () => {
    const { headers } = await start().ask('POST', '/v1/kkt/logout')
    expect(cookieOf(headers)).toBe('kkt_token_KKT-001=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
  })

  test('not with a wrong token, nor with a till’s', async () => {
    const { ask, till1 } = start()
    const login = (token: unknown) => ask('POST', '/v1/kkt/login', { body: JSON.stringify({ token }) })
    const wrong = await login('kkt_wrong')
    expect([wrong.status, codeOf(wrong.json), wrong.headers.has('set-cookie')]).toEqual([401, 'token_unknown', false])
    const tills = await login(till1)
    expect([tills.status, codeOf(tills.json), tills.headers.has('set-cookie')]).toEqual([403, 'not_allowed', false])
    const long = await login(`${till1}${'x'.repeat(300)}`)
    expect([long.status, JSON.stringify(long.json).includes(till1)]).toEqual([422, false])
  })

  test('and anyone asks whose a token is', async () => {
    const { as, till2 } = start()
    expect<unknown>((await as(till2)('GET', '/v1/kkt/login')).json).toEqual({
      name: 'till-2',
      role: 'till',
      pos_ids: ['POS-002', 'POS-003'],
    })
    expect<unknown>((await startApp().ask('GET', '/v1/kkt/login')).json).toEqual({
      name: null,
      role: null,
      pos_ids: null,
    })
  })
})

describe('who did it', () => {
  const asked = async ({ as, office }: ReturnType<typeof start>, kind: string) => {
    const { json } = await as(office)('GET', `/v1/kkt/buffer/events?kind=${kind}&limit=1`)
    return JSON.stringify(json)
  }

  test('is in the audit log and in the log: a sale, a requeue, a close, a sync and test control', async () => {
    const app = start()
    const { as, sell, till1, office, ofd, worker, logLines, clock } = app
    ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'Receipt refused' })
    const { id } = await sell(till1, 'POS-001')
    await worker.syncNow()
    const events = async () => JSON.stringify((await as(office)('GET', `/v1/kkt/buffer/events?receipt_id=${id}`)).json)
    expect(await events()).toContain('"from":null,"to":"accepted","detail":null,"by":"till-1"')
    await as(office)('POST', `/v1/kkt/buffer/dlq/${id}/requeue`)
    expect(await events()).toContain('"from":"failed","to":"pending","detail":null,"by":"office"')
    await as(office)('POST', '/v1/kkt/buffer/sync')
    await clock.advance(0)
    expect(await asked(app, 'command')).toContain('"to":"sync","detail":null,"by":"office"')
    await as(office)('POST', '/v1/kkt/buffer/dlq/requeue', { body: '{}' })
    await worker.syncNow()
    await as(office)('POST', `/v1/kkt/buffer/dlq/${id}/close`, { body: '{"reason": "settled"}' })
    expect(await events()).toContain('"to":"closed","detail":"settled","by":"office"')
    await as(office)('POST', '/v1/kkt/_test/settings', { body: '{"sync_interval": 1}' })
    await clock.advance(0)
    expect(await asked(app, 'command')).toContain(
      '"to":"test_control","detail":"POST /v1/kkt/_test/settings","by":"office"',
    )
    const byOf = (event: string) =>
      logLines.flatMap((line) => (JSON.parse(line).event === event ? [JSON.parse(line).by] : []))
    expect(byOf('receipt_accepted')).toEqual(['till-1'])
    for (const event of ['dead_letter_requeued', 'dead_letters_requeued', 'sync_asked', 'dead_letter_closed'])
      expect({ event, by: byOf(event) }).toEqual({ event, by: ['office'] })
    expect(byOf('test_control_asked')).toEqual(['office'])
  })
})
