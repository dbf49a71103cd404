import { describe, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { LONG, newFolder } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { build, sale, TASK_MS, uuidOf } from './testing/service.ts'

describe('a blocked task', () => {
  test.each([
    [true, 'ready'],
    [false, 'error'],
  ])(
    'keeps the queue back until the register answers; the document was made: %p, so it ends as %s',
    async (made, end) => {
      const { config, post, get, statuses, advance, queueStatus, executor } = build()
      await config({ blocked: { made, seconds: 5, times: 1 } })
      for (const n of [1, 2]) await post(n)
      await advance(TASK_MS)
      expect((await get(1)).body).toMatchObject({ results: [{ status: 'blocked', error: { code: 2 }, result: null }] })
      expect(await statuses(2)).toEqual(['wait'])
      expect(await queueStatus()).toMatchObject({
        number: 2,
        isBlocked: true,
        blockReason: 'connectionError',
        blockedUUID: uuidOf(1),
      })
      expect((await post(3)).body).toMatchObject({ number: 3, isBlocked: true, blockedUUID: uuidOf(1) })
      await advance(5000)
      const recovered = { status: 'ready', result: { warnings: { recovered: true } } }
      expect((await get(1)).body).toMatchObject({
        results: [end === 'ready' ? recovered : { status: 'error', error: { code: 123 } }],
      })
      await advance(2 * TASK_MS)
      expect([await statuses(2), await statuses(3)]).toEqual([['ready'], ['ready']])
      expect([executor.ran.length, await queueStatus()]).toMatchObject([3, { isBlocked: false }])
    },
  )

  test.each([
    ['PUT', '/api/v2/settings', {}],
    ['POST', '/api/v2/deactivateDevice', undefined],
  ] as const)('is asked for at once after %s %s', async (method, path, body) => {
    const { config, post, statuses, advance, asClient } = build()
    await config({ blocked: { seconds: 600, times: 1 } })
    await post(1)
    await advance(TASK_MS)
    expect(await statuses(1)).toEqual(['blocked'])
    await asClient(method, path, body)
    await advance(0)
    await asClient('POST', '/api/v2/activateDevice')
    expect(await statuses(1)).toEqual(['ready'])
  })
})

describe('a document that is not on paper', () => {
  test('is ready with a warning, and the queue goes on', async () => {
    const { config, post, get, advance } = build()
    await config({ not_printed: { times: 1 } })
    await post(1)
    await advance(TASK_MS)
    expect((await get(1)).body).toMatchObject({
      results: [{ status: 'ready', result: { warnings: { notPrinted: true } } }],
    })
  })

  test('blocks the queue until there is paper where the settings say so', async () => {
    const { config, post, statuses, advance, asClient, queueStatus, executor } = build()
    await asClient('PUT', '/api/v2/settings', { blockQueueOnPrintErrors: true })
    await config({ not_printed: { times: 1 } })
    for (const n of [1, 2]) await post(n)
    await advance(60_000)
    expect(await queueStatus()).toMatchObject({ isBlocked: true, blockReason: 'paperError', blockedUUID: uuidOf(1) })
    executor.paper.isOut = false
    await advance(1000 + TASK_MS)
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['ready']])
  })
})

describe('a restart', () => {
  test.each([
    [true, ['ready']],
    [false, ['error']],
  ])('goes on with the queue. The task under way was done: %p', async (made, end) => {
    const { config, post, statuses, advance } = build()
    for (const n of [1, 2]) await post(n)
    await config({ restart: { queue: 'kept', seconds: 3, made } })
    await post(3)
    await advance(3000 - 1)
    expect([await statuses(1), await statuses(2)]).toEqual([['inProgress'], ['wait']])
    await advance(1 + 1000)
    expect(await statuses(1)).toEqual(end)
    await advance(TASK_MS)
    expect(await statuses(2)).toEqual(['ready'])
  })

  test('may lose the queue and the results', async () => {
    const { config, post, statuses, advance, executor } = build()
    await post(1)
    await advance(TASK_MS)
    await post(2)
    await config({ restart: { queue: 'lost', made: false } })
    await advance(10_000)
    expect([await statuses(1), await statuses(2)]).toEqual([['404'], ['404']])
    expect(executor.ran).toHaveLength(1)
  })

  test('of the process: the requests, the settings and the devices are in the file', async () => {
    const folder = newFolder('mock_kkt')
    const open = () => openDatabase(`${folder}/state.db`)
    const before = build({ db: open() })
    await before.asClient('PUT', '/api/v2/settings', { scriptsPath: '/a' })
    await before.asClient('PUT', '/api/v2/devices/default', { name: 'Till 3' })
    await before.post(1)
    await before.advance(TASK_MS)
    await before.post(2)
    await before.post(3)
    await before.post(4, { type: 'getShiftStatus' })

    const after = build({ db: open() })
    expect(await after.statuses(1)).toEqual(['ready'])
    expect((await after.post(2)).status).toBe(409)
    expect((await after.asClient('GET', '/api/v2/settings')).body).toMatchObject({ scriptsPath: '/a' })
    expect((await after.asClient('GET', '/api/v2/devices/default')).body).toMatchObject({ name: 'Till 3' })
    // The new register's FN does not hold the document that was expected.
    await after.advance(1000)
    expect(await after.statuses(2)).toEqual(['error'])
    await after.advance(2 * TASK_MS)
    expect([await after.statuses(3), await after.statuses(4)]).toEqual([['ready'], ['ready']])
    rmSync(folder, { recursive: true })
  })

  test('leaves a task without a document that was under way as failed', async () => {
    const { config, post, get, advance } = build()
    await post(1, { type: 'getShiftStatus' })
    await config({ restart: true })
    await advance(3000)
    expect((await get(1)).body).toMatchObject({ results: [{ status: 'error', error: { code: 4 } }] })
  })
})

test('results are deleted when their time is over', async () => {
  const { post, statuses, advance, asClient, clock } = build()
  await asClient('PUT', '/api/v2/settings', { deleteRequestsAfter: 10 })
  await post(1)
  await advance(TASK_MS)
  clock.setWallBy(10 * 60_000 - TASK_MS)
  expect(await statuses(1)).toEqual(['ready'])
  clock.setWallBy(TASK_MS)
  expect(await statuses(1)).toEqual(['404'])
  expect((await post(1)).status).toBe(201)
})

const RUNS = LONG ? 100 : 10

test(`${RUNS} of ${RUNS} runs with the same seed leave the same trace, and another seed leaves another`, async () => {
  const traceOf = async (seed: number) => {
    const { config, post, ask, advance } = build()
    await config({ seed, task_error: { code: 44, probability: 0.3 }, slow: { seconds: 0.2, probability: 0.5 } })
    for (const n of [1, 2, 3]) await post(n, sale, { type: 'closeShift' })
    const trace: unknown[] = []
    for (let step = 0; step < 9; step += 1) {
      await advance(350)
      trace.push((await ask('GET', '/_test/requests')).body)
    }
    return JSON.stringify(trace)
  }
  const traces = new Set<string>()
  for (let run = 0; run < RUNS; run += 1) traces.add(await traceOf(1))
  expect(traces.size).toBe(1)
  expect(traces.has(await traceOf(2))).toBe(false)
}, 60_000)
