import { describe, expect, test } from 'bun:test'
import { AUTH, basic, build, buildWhole, sale, TASK_MS, uuidOf } from './testing/service.ts'

const NO_ERROR = { code: 0, description: 'Ошибок нет' }

describe('a request', () => {
  test('is taken with 201, waits, is at work, and is ready with the document', async () => {
    const { post, get, advance, statuses } = build()
    expect(await post(1)).toMatchObject({
      status: 201,
      body: { number: 1, uuid: uuidOf(1), isBlocked: false, blockedUUID: '' },
    })
    expect((await post(2)).body).toMatchObject({ number: 2 })
    expect(await statuses(1)).toEqual(['inProgress'])
    expect((await get(2)).body).toEqual({ results: [{ status: 'wait', error: null, result: null }] })
    await advance(TASK_MS)
    const { status, body } = await get(1)
    expect([status, body]).toMatchObject([
      200,
      { results: [{ status: 'ready', error: NO_ERROR, result: { fiscalParams: { fiscalDocumentNumber: 11 } } }] },
    ])
    await advance(TASK_MS)
    expect(await statuses(2)).toEqual(['ready'])
  })

  test('of a known uuid is 409, whatever it holds, and done once', async () => {
    const { post, advance, executor } = build()
    await post(1)
    expect(await post(1, { type: 'openShift' })).toMatchObject({ status: 409, body: { error: { code: 409 } } })
    await advance(TASK_MS)
    expect((await post(1)).status).toBe(409)
    await advance(TASK_MS)
    expect(executor.ran).toHaveLength(1)
  })

  test('does its tasks in order, and the first that fails interrupts the rest', async () => {
    const { config, post, get, advance, executor } = build()
    await config({ task_error: { code: 44, match: { task: 'closeShift' } } })
    await post(1, { type: 'getShiftStatus' }, { type: 'closeShift' }, sale)
    await advance(3 * TASK_MS)
    expect((await get(1)).body).toMatchObject({
      results: [
        { status: 'ready' },
        { status: 'error', error: { code: 44 }, result: null },
        { status: 'interrupted', error: { code: 502 }, result: null },
      ],
    })
    expect(executor.ran.map(({ type }) => type)).toEqual(['getShiftStatus', 'closeShift'])
  })

  test('that is unknown is 404', async () => {
    expect(await build().get(7)).toMatchObject({ status: 404, body: { error: { code: 404 } } })
  })

  test('with a task that is none is taken, and fails with 501', async () => {
    const { post, get, advance } = build()
    expect((await post(1, { name: 'no type' })).status).toBe(201)
    await advance(TASK_MS)
    expect((await get(1)).body).toMatchObject({ results: [{ status: 'error', error: { code: 501 } }] })
  })

  test('with such a task is 420 where tasks are checked before they are taken', async () => {
    const { asClient, post, get } = build()
    await asClient('PUT', '/api/v2/settings', { validateRequestsOnAdd: true })
    expect(await post(1, { name: 'no type' })).toMatchObject({ status: 420, body: { error: { code: 501 } } })
    expect((await get(1)).status).toBe(404)
    expect((await post(2)).status).toBe(201)
  })

  test.each([
    ['{', 400],
    [[], 400],
    [{ request: [sale] }, 400],
    [{ uuid: uuidOf(1), request: sale }, 400],
    [{ uuid: uuidOf(1), request: [] }, 400],
    [{ uuid: uuidOf(1), request: [sale], callbacks: { resultUrl: 'ftp://a' } }, 400],
    [{ uuid: uuidOf(1), request: [sale], padding: 'x'.repeat(1024 * 1024) }, 413],
  ])('of a wrong form is refused, and nothing is taken: case %#', async (body, status) => {
    const { asClient, queueStatus } = build()
    expect(await asClient('POST', '/api/v2/requests', body)).toMatchObject({ status, body: { error: { code: 501 } } })
    expect(await queueStatus()).toMatchObject({ number: 0, ready: 0 })
  })

  test('is read as JSON whatever its type, and fields that nobody knows are ignored', async () => {
    const { ask } = build()
    const headers = { ...AUTH, 'content-type': 'application/x-www-form-urlencoded' }
    const body = { uuid: 'abcdefgh', request: [sale], lockUuid: 'l', mystery: 1 }
    expect((await ask('POST', '/api/v2/requests', body, { headers })).status).toBe(201)
  })

  test('goes by the routes at the root, too', async () => {
    const { asClient, advance, statuses } = build()
    expect((await asClient('POST', '/requests/', { uuid: uuidOf(1), request: [sale] })).status).toBe(201)
    expect((await asClient('GET', `/requests/${uuidOf(1)}`)).body).toMatchObject({ results: [{}] })
    await advance(TASK_MS)
    expect(await statuses(1)).toEqual(['ready'])
  })
})

describe('deleting', () => {
  test('cancels a request that has not begun, and no other', async () => {
    const { post, cancel, statuses, advance, executor, queueStatus } = build()
    for (const n of [1, 2, 3]) await post(n)
    expect((await cancel(1)).status).toBe(409)
    expect((await cancel(2)).status).toBe(200)
    expect((await cancel(2)).status).toBe(409)
    expect((await cancel(9)).status).toBe(404)
    await advance(3 * TASK_MS)
    expect([await statuses(1), await statuses(2), await statuses(3)]).toEqual([['ready'], ['canceled'], ['ready']])
    expect((await cancel(1)).status).toBe(409)
    expect(executor.ran).toHaveLength(2)
    expect(await queueStatus()).toEqual({ number: 0, canceled: 1, ready: 2, isBlocked: false })
  })
})

describe('who may ask', () => {
  test.each([
    ['nobody', {}],
    ['another name', basic('other', 'Mock-register-1')],
    ['another password', basic('kkt', 'Mock-register-2')],
    ['another scheme', { authorization: 'Bearer abc' }],
  ])('%s: 401 with 505', async (_name, headers) => {
    const { ask, queueStatus } = build()
    for (const [method, path, body] of [
      ['POST', '/api/v2/requests', { uuid: uuidOf(1), request: [sale] }],
      ['POST', '/requests/', { uuid: uuidOf(1), request: [sale] }],
      ['GET', `/api/v2/requests/${uuidOf(1)}`, undefined],
      ['DELETE', `/api/v2/requests/${uuidOf(1)}`, undefined],
      ['GET', '/api/v2/settings', undefined],
      ['PUT', '/api/v2/settings', {}],
      ['GET', '/api/v2/getRequestsQueueStatus', undefined],
      ['POST', '/api/v2/operations/queryShiftStatus', undefined],
      ['POST', '/api/v2/activateDevice', undefined],
      ['GET', '/api/v2/devices/default', undefined],
    ] as const) {
      const answer = await ask(method, path, body, { headers })
      expect([path, answer.status, answer.body]).toMatchObject([path, 401, { error: { code: 505 } }])
      expect(answer.headers.get('www-authenticate')).toStartWith('Basic ')
    }
    expect(await queueStatus()).toMatchObject({ number: 0 })
  })

  test('everybody may ask what the service is, and whether it is there', async () => {
    const { ask, app } = buildWhole()
    expect(await ask('GET', '/api/v2/serverInfo')).toMatchObject({
      status: 200,
      body: { serverVersion: expect.any(String), currentDateTime: '2026-01-31T12:00:00.500Z' },
    })
    expect((await app.handle(new Request('http://localhost/'))).status).toBe(200)
    expect((await ask('GET', '/health')).body).toMatchObject({ status: 'healthy', receipts_made: 0 })
  })
})

describe('the log', () => {
  test('names the call by its uuid and its task, and says how it ended', async () => {
    const { post, ask, advance, get } = build()
    await post(1)
    await get(1)
    await advance(TASK_MS)
    expect((await ask('GET', `/_test/calls?receipt_id=${uuidOf(1)}`)).body).toMatchObject({
      calls: [
        { operation: 'submit', status: 201, effect: true, task: { type: 'sell', status: 'ready', fd_number: 11 } },
        { operation: 'lookup', status: 200 },
      ],
    })
  })

  test('has nothing of a customer', async () => {
    const { asClient, log, advance } = build()
    await asClient('POST', '/api/v2/requests', { uuid: uuidOf(1), request: [{ ...sale, clientInfo: 'Ivan' }] })
    await advance(TASK_MS)
    await asClient('POST', '/api/v2/requests', { uuid: 'Ivan', request: 'Ivan' })
    expect(log.text()).not.toContain('Ivan')
  })
})

describe('the control side', () => {
  test('lists receipts and requests, counts them, and waits for them', async () => {
    const { post, ask, advance } = build()
    const waited = ask('GET', '/_test/wait?receipts=1&timeout=10')
    await post(1, { type: 'openShift' })
    await post(2)
    await advance(2 * TASK_MS)
    expect(await waited).toMatchObject({ status: 200, body: { receipts: 1 } })
    for (const [n, status] of [
      [1, 408],
      [2, 200],
    ] as const) {
      const made = ask('GET', `/_test/wait?receipts=1&receipt_id=${uuidOf(n)}&timeout=1`)
      await advance(1000)
      expect((await made).status).toBe(status)
    }
    expect((await ask('GET', '/_test/receipts')).body).toMatchObject({
      count: 1,
      receipts: [{ receipt_id: uuidOf(2), task_type: 'sell', fiscal_doc_number: 12, total: 100 }],
    })
    expect((await ask('GET', '/_test/requests?limit=1')).body).toMatchObject({
      count: 2,
      requests: [{ uuid: uuidOf(2), status: 'ready', tasks: [{ task: sale, status: 'ready' }] }],
    })
    expect((await ask('GET', '/_test/counters')).body).toMatchObject({ requests: 2, unfinished: 0, receipts_made: 1 })
  })

  test('resets: requests are forgotten, and one that was at work has no effect', async () => {
    const { post, ask, advance, executor, statuses } = build()
    await post(1)
    expect((await ask('POST', '/_test/reset')).status).toBe(200)
    await advance(10 * TASK_MS)
    expect([executor.ran.length, await statuses(1)]).toEqual([0, ['404']])
    await post(1)
    await advance(TASK_MS)
    expect(await statuses(1)).toEqual(['ready'])
  })

  test('carries the state elsewhere, and goes on with it', async () => {
    const { post, ask, advance, statuses } = buildWhole()
    for (const n of [1, 2]) await post(n)
    await advance(TASK_MS)
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['inProgress']])
    const { body: state } = await ask('GET', '/_test/export')
    const other = buildWhole()
    expect((await other.ask('POST', '/_test/import', state)).body).toMatchObject({ status: 'imported' })
    expect(await other.statuses(1)).toEqual(['ready'])
    expect((await other.ask('GET', '/_test/receipts')).body).toMatchObject({ count: 1 })
    await other.advance(4 * TASK_MS)
    // The second was under way, and the other register's FN does not hold its document.
    expect((await other.get(2)).body).toMatchObject({ results: [{ status: 'error', error: { code: 123 } }] })
    const wrong = JSON.stringify(state).replace('"kind":"ready"', '"kind":"done"')
    expect((await other.ask('POST', '/_test/import', wrong)).status).toBe(422)
  })
})
