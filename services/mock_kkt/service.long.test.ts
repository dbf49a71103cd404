/** The settings, the devices, the queries and the callbacks. */
import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { serve } from '@kkt/platform/serve.ts'
import { tellClient } from './callbacks.ts'
import { MAX_DEVICES } from './devices.ts'
import { build, sale, TASK_MS, uuidOf } from './testing/service.ts'

describe('the settings', () => {
  test('begin as those of the real service, and a change leaves the others', async () => {
    const { asClient } = build()
    const usual = { blockQueueOnPrintErrors: false, deleteRequestsAfter: 43_200, validateRequestsOnAdd: false }
    expect(await asClient('GET', '/api/v2/settings')).toMatchObject({ status: 200, body: usual })
    await asClient('PUT', '/api/v2/settings', { scriptsPath: '/a', unknown: 1 })
    expect((await asClient('PUT', '/api/v2/settings', { deleteRequestsAfter: 5 })).status).toBe(200)
    expect((await asClient('GET', '/api/v2/settings')).body).toMatchObject({
      ...usual,
      deleteRequestsAfter: 5,
      scriptsPath: '/a',
      unknown: 1,
    })
  })

  test.each([[{ deleteRequestsAfter: 0 }], [{ validateRequestsOnAdd: 'yes' }], ['{']])(
    '%j is refused',
    async (change) => {
      const { asClient } = build()
      expect((await asClient('PUT', '/api/v2/settings', change)).status).toBe(400)
      expect((await asClient('GET', '/api/v2/settings')).body).toMatchObject({ validateRequestsOnAdd: false })
    },
  )
})

describe('the devices', () => {
  test('begin with one that is active and the default', async () => {
    const { asClient, post } = build()
    expect((await asClient('GET', '/api/v2/devices/default')).body).toMatchObject({ isActive: true, isDefault: true })
    expect((await post(1)).status).toBe(201)
  })

  test('may begin bare: everything that needs one is 403 until one is there and active', async () => {
    const { asClient, post, statuses, advance } = build({ startsActive: false })
    expect(await post(1)).toMatchObject({ status: 403, body: { error: { code: 403 } } })
    for (const [method, path] of [
      ['POST', 'operations/queryShiftStatus'],
      ['GET', `requests/${uuidOf(1)}`],
      ['DELETE', `requests/${uuidOf(1)}`],
      ['GET', 'getRequestsQueueStatus'],
    ] as const) {
      expect((await asClient(method, `/api/v2/${path}`)).status).toBe(403)
    }
    expect((await asClient('POST', '/api/v2/activateDevice')).status).toBe(404)
    const added = await asClient('POST', '/api/v2/devices', { id: 'till-1', connectionSettings: { port: 'tcp' } })
    expect(added).toMatchObject({ status: 201, body: { id: 'till-1', isActive: false, isDefault: true } })
    expect((await post(1)).status).toBe(403)
    expect((await asClient('POST', '/api/v2/activateDevice?deviceID=till-1')).status).toBe(200)
    expect((await post(1)).status).toBe(201)
    await advance(TASK_MS)
    expect(await statuses(1)).toEqual(['ready'])
  })

  test('a queue without an active one stands still, and goes on with the next', async () => {
    const { asClient, post, statuses, advance } = build()
    await post(1)
    await post(2)
    await asClient('POST', '/api/v2/deactivateDevice')
    await advance(4 * TASK_MS)
    expect([await statuses(1), await statuses(2)]).toEqual([['403'], ['403']])
    await asClient('POST', '/api/v2/activateDevice')
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['inProgress']])
    await advance(TASK_MS)
    expect(await statuses(2)).toEqual(['ready'])
  })

  test('a queue without an active one goes on with one that is added as active', async () => {
    const { asClient, post, statuses, advance } = build()
    await post(1)
    await post(2)
    await asClient('DELETE', '/api/v2/devices/kkt')
    await advance(4 * TASK_MS)
    await asClient('POST', '/api/v2/devices', { id: 'other', isActive: true })
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['inProgress']])
  })

  test('are at most a hundred: one more is 409, and all that were there stay', async () => {
    const { asClient } = build()
    const add = (n: number) => asClient('POST', '/api/v2/devices', { id: `till-${n}` })
    for (let n = 2; n <= MAX_DEVICES; n += 1) expect((await add(n)).status).toBe(201)
    expect(await add(MAX_DEVICES + 1)).toMatchObject({
      status: 409,
      body: { error: { description: `Устройств уже ${MAX_DEVICES}: удалите одно` } },
    })
    for (const id of ['kkt', 'till-2', `till-${MAX_DEVICES}`])
      expect((await asClient('GET', `/api/v2/devices/${id}`)).status).toBe(200)
  })

  test('a request to one that is not there is 404, and to one that is not active 403', async () => {
    const { asClient } = build()
    await asClient('POST', '/api/v2/devices', { id: 'other' })
    const post = (deviceID: string) =>
      asClient('POST', `/api/v2/requests?deviceID=${deviceID}`, { uuid: uuidOf(1), request: [sale] })
    expect([(await post('none')).status, (await post('other')).status, (await post('kkt')).status]).toEqual([
      404, 403, 201,
    ])
  })

  test('are changed and removed, and a second of the same id is 409', async () => {
    const { asClient } = build()
    const other = { id: 'other', isDefault: true }
    expect((await asClient('POST', '/api/v2/devices', other)).status).toBe(201)
    expect((await asClient('POST', '/api/v2/devices', other)).status).toBe(409)
    for (const id of ['', 'ю', 'x'.repeat(17)]) {
      expect((await asClient('POST', '/api/v2/devices', { id })).status).toBe(400)
    }
    expect((await asClient('GET', '/api/v2/devices/default')).body).toMatchObject({ id: 'other' })
    expect((await asClient('GET', '/api/v2/devices/kkt')).body).toMatchObject({ isDefault: false, isActive: true })
    expect((await asClient('PUT', '/api/v2/devices/other', { name: 'B', id: 'x' })).body).toMatchObject({
      id: 'other',
      name: 'B',
    })
    expect((await asClient('DELETE', '/api/v2/devices/other')).status).toBe(200)
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect((await asClient(method, '/api/v2/devices/other', method === 'PUT' ? {} : undefined)).status).toBe(404)
    }
  })
})

describe('a query', () => {
  test('is answered past the queue, and an unknown one is 404', async () => {
    const { asClient } = build()
    expect(await asClient('POST', '/api/v2/operations/queryShiftStatus')).toMatchObject({
      status: 200,
      body: { shiftStatus: { state: 'opened' } },
    })
    expect((await asClient('POST', '/api/v2/operations/queryNothing')).status).toBe(404)
  })

  test('waits for the driver between two tasks, and is 408 after 30 s', async () => {
    const { asClient, config, post, advance } = build()
    await config({ slow: { seconds: 40, times: 1 } })
    await post(1)
    const asked = asClient('POST', '/api/v2/operations/queryShiftStatus')
    await advance(30_000)
    expect((await asked).status).toBe(408)
    const again = asClient('POST', '/api/v2/operations/queryShiftStatus')
    await advance(11_000)
    expect((await again).status).toBe(200)
  })
})

describe('a callback', () => {
  const withCallback = (n: number, url = 'http://till/done') => ({
    uuid: uuidOf(n),
    request: [sale],
    callbacks: { resultUrl: url },
  })

  test('has the results, and comes once, at the end', async () => {
    const { asClient, told, advance, get } = build()
    await asClient('POST', '/api/v2/requests', withCallback(1))
    expect(told).toEqual([])
    await advance(10 * TASK_MS)
    expect(told).toEqual([{ url: 'http://till/done', body: { uuid: uuidOf(1), ...Object((await get(1)).body) } }])
  })

  test('comes for a request that failed or was deleted, too', async () => {
    const { asClient, told, advance, config, cancel } = build()
    await config({ task_error: { code: 44 } })
    for (const n of [1, 2]) await asClient('POST', '/api/v2/requests', withCallback(n))
    await cancel(2)
    await advance(10 * TASK_MS)
    expect(told.map(({ body }) => body)).toMatchObject([
      { uuid: uuidOf(2), results: [{ status: 'canceled' }] },
      { uuid: uuidOf(1), results: [{ status: 'error' }] },
    ])
  })

  test('is posted over the network, and a client that is away is no failure', async () => {
    const came: unknown[] = []
    const client = await serve(
      async (request) => {
        came.push([request.method, new URL(request.url).pathname, await request.json()])
        return new Response()
      },
      { hostname: '127.0.0.1', port: 0 },
    )
    const tell = tellClient(createLogger('test', 'error', () => undefined))
    await tell(`http://127.0.0.1:${client.port}/done`, { uuid: 'a' })
    expect(came).toEqual([['POST', '/done', { uuid: 'a' }]])
    await client.stop('now')
    await tell(`http://127.0.0.1:${client.port}/done`, { uuid: 'b' })
    expect(came).toHaveLength(1)
  })
})
