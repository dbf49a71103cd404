/** Tokens of pages and of those who watch: log-ins, streams, health, and who did what. */
import { describe, expect, test } from 'bun:test'
import { bearer } from '../testing/access_kit.ts'
import { startApp } from '../testing/app_kit.ts'
import { codeOf, startGuarded } from '../testing/guarded_app.ts'
import { healthAnswer } from './health_answer.ts'

describe('health', () => {
  test("tells a till of no other till's receipt", async () => {
    const { as, sell, till1, till2, office, kkt } = startGuarded()
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the KKT is not registered with it' })
    const { json } = await sell(till1, 'POS-001')
    expect(codeOf(json)).toBe('kkt_refused')
    const failureFor = async (token: string) => {
      const { components } = healthAnswer.parse((await as(token)('GET', '/v1/health')).json)
      return components.buffer.last_failure
    }
    expect(await failureFor(office)).toMatchObject({ reason: 'the KKT is not registered with it' })
    expect(await failureFor(till2)).toBeNull()
  })

  test('tells a client without a token no more than the status', async () => {
    const { ask, as, prometheus } = startGuarded()
    expect<unknown>((await ask('GET', '/v1/health')).json).toEqual({ status: 'healthy' })
    const whole = await as(prometheus)('GET', '/v1/health')
    expect(whole.json).toMatchObject({
      components: { access: { status: 'healthy', mode: 'tokens', open: false, tokens: 4, error: null } },
    })
  })

  test('is degraded by a file of tokens that turned bad, and says why', async () => {
    const { ask, as, office, tokens } = startGuarded()
    tokens.state.fault = 'The file of API_TOKENS_FILE holds no token'
    expect<unknown>((await ask('GET', '/v1/health')).json).toEqual({ status: 'degraded' })
    expect((await as(office)('GET', '/v1/health')).json).toMatchObject({
      status: 'degraded',
      components: { access: { status: 'degraded', error: 'The file of API_TOKENS_FILE holds no token' } },
    })
  })
})

describe('a token that is taken out in between', () => {
  test('ends its streams, and no other', async () => {
    const { app, tokens, office } = startGuarded()
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
    const { as, sell, tokens, till1, ofd, clock } = startGuarded()
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
    const { ask, office, logLines } = startGuarded()
    const { status, json, headers } = await ask('POST', '/v1/kkt/login', { body: JSON.stringify({ token: office }) })
    expect<unknown>([status, json]).toEqual([200, { name: 'office', role: 'operator', pos_ids: null }])
    expect(cookieOf(headers)).toBe(`kkt_token_KKT-001=${office}; Path=/; HttpOnly; SameSite=Strict`)
    const [cookie = ''] = cookieOf(headers).split(';')
    const by = (text: string) => ask('GET', '/v1/kkt/receipts', { headers: { cookie: text } })
    expect((await by(cookie)).status).toBe(200)
    expect((await by(`a=b; ${cookie}; c=d`)).status).toBe(200)
    expect((await by(`x${cookie}`)).status).toBe(401)
    expect((await by(`${cookie}x`)).status).toBe(401)
    const beside = (authorization: string) =>
      ask('GET', '/v1/kkt/receipts', { headers: { cookie, authorization } }).then(({ status }) => status)
    expect(await beside('Basic of-a-proxy')).toBe(200)
    expect(await beside(`Bearer ${office}x`)).toBe(401)
    expect(logLines.find((line) => line.includes('logged_in'))).toContain('"by":"office"')
    expect(logLines.join()).not.toContain(office.slice(4))
  })

  test('with any token where there are none, and its browser keeps nothing', async () => {
    const { status, json, headers } = await startApp().ask('POST', '/v1/kkt/login', { body: '{"token": "kkt_any"}' })
    expect<unknown>([status, json]).toEqual([200, { name: null, role: null, pos_ids: null }])
    expect(headers.has('set-cookie')).toBe(false)
  })

  test('out, and the browser forgets the token', async () => {
    const { headers } = await startGuarded().ask('POST', '/v1/kkt/logout')
    expect(cookieOf(headers)).toBe('kkt_token_KKT-001=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
  })

  test('not with a wrong token, nor with a till’s', async () => {
    const { ask, till1 } = startGuarded()
    const login = (token: unknown) => ask('POST', '/v1/kkt/login', { body: JSON.stringify({ token }) })
    const wrong = await login('kkt_wrong')
    expect([wrong.status, codeOf(wrong.json), wrong.headers.has('set-cookie')]).toEqual([401, 'token_unknown', false])
    const tills = await login(till1)
    expect([tills.status, codeOf(tills.json), tills.headers.has('set-cookie')]).toEqual([403, 'not_allowed', false])
    const long = await login(`${till1}${'x'.repeat(300)}`)
    expect([long.status, JSON.stringify(long.json).includes(till1)]).toEqual([422, false])
  })

  test('and anyone asks whose a token is', async () => {
    const { as, till2 } = startGuarded()
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
  const asked = async ({ as, office }: ReturnType<typeof startGuarded>, kind: string) => {
    const { json } = await as(office)('GET', `/v1/kkt/buffer/events?kind=${kind}&limit=1`)
    return JSON.stringify(json)
  }

  test('is in the audit log and in the log: a sale, a requeue, a close, a sync and test control', async () => {
    const app = startGuarded()
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
