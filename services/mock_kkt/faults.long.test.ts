/** Each fault of the catalogue, as a client of the wire meets it. */
import { describe, expect, test } from 'bun:test'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle } from '@kkt/platform/testing.ts'
import { kktFaults } from './catalogue.ts'
import type { TaskFault } from './executor.ts'
import { AUTH, build, buildWhole, sale, TASK_MS, uuidOf } from './testing/service.ts'

const DOWN = [503, 429, 401]
/** `again`: the answer to the same POST after the fault. 409 where the request had been taken. */
type Row = { fault: string; config?: unknown; outcome: number | 'broken off' | 'silence'; again: 201 | 409 }

const rows: Row[] = [
  { fault: 'permanent_failure', outcome: 503, again: 201 },
  { fault: 'failure_count', config: 1, outcome: 503, again: 201 },
  { fault: 'unavailable', outcome: 503, again: 201 },
  { fault: 'too_many_requests', outcome: 429, again: 201 },
  { fault: 'expired_token', outcome: 401, again: 201 },
  { fault: 'hang', outcome: 'silence', again: 201 },
  { fault: 'malformed_json', outcome: 200, again: 409 },
  { fault: 'malformed_json', config: { effect: false }, outcome: 200, again: 201 },
  { fault: 'html_with_200', outcome: 200, again: 201 },
  { fault: 'wrong_content_type', outcome: 201, again: 409 },
  { fault: 'wrong_schema', outcome: 200, again: 409 },
  { fault: 'empty_200', outcome: 200, again: 409 },
  { fault: 'error_in_200', outcome: 200, again: 201 },
  { fault: 'effect_then_silence', outcome: 'silence', again: 409 },
  { fault: 'effect_then_error', outcome: 500, again: 409 },
  { fault: 'effect_then_cut', outcome: 'broken off', again: 409 },
  { fault: 'reset_before_effect', outcome: 'broken off', again: 201 },
  { fault: 'reset_after_effect', outcome: 'broken off', again: 409 },
  { fault: 'fin_mid_body', outcome: 'broken off', again: 409 },
]

/** Those that need time, and are tried below. */
const LATE = ['effect_delay', 'delay', 'slow_start', 'dribble', 'rate_quota', 'clock_skew']
/** Those that need a port, and are tried in ports.long.test.ts. */
const OF_PORTS = ['refuse_to_accept', 'dead_connections', 'half_open', 'second_answer']
const OF_TASKS = ['slow', 'task_error', 'blocked', 'not_printed', 'close_fails_but_closed', 'callback_lost']
const OF_REQUESTS = ['request_unknown', 'results_deleted', 'query_busy', 'restart']

test('every fault of the catalogue is tried', () => {
  const tried = new Set([...rows.map(({ fault }) => fault), ...LATE, ...OF_PORTS, ...OF_TASKS, ...OF_REQUESTS])
  const nothing = { restart: () => undefined, deleteResults: () => undefined }
  expect([...tried].toSorted()).toEqual(
    kktFaults(nothing)
      .map(({ name }) => name)
      .toSorted(),
  )
})

type Mock = ReturnType<typeof build>
const posted = ({ app }: Mock, n: number) =>
  app.handle(
    new Request('http://localhost/api/v2/requests', {
      method: 'POST',
      headers: AUTH,
      body: JSON.stringify({ uuid: uuidOf(n), request: [sale] }),
    }),
  )

async function outcomeOf(answer: Promise<Response>): Promise<Row['outcome']> {
  const response = await Promise.race([answer, settle().then(() => undefined)])
  if (!response) return 'silence'
  return (await response.text().catch(() => undefined)) === undefined ? 'broken off' : response.status
}

describe.each(rows)('$fault: $config', ({ fault, config = true, outcome, again }) => {
  test('is what a POST meets, and the same POST again tells whether it had come', async () => {
    const mock = build()
    await mock.config({ [fault]: config })
    expect(await outcomeOf(posted(mock, 1))).toBe(outcome)
    const calls = { calls: [{ fault, receipt_id: uuidOf(1), effect: again === 409 }] }
    expect((await mock.ask('GET', '/_test/calls')).body).toMatchObject(calls)
    await mock.config({ [fault]: fault === 'permanent_failure' ? false : 0 })
    expect((await mock.config({})).body).toEqual(nothingSet)
    expect((await mock.post(1)).status).toBe(again)
    await mock.advance(TASK_MS)
    expect(mock.executor.ran).toHaveLength(1)
  })
})

/** A count takes no plan, and so no other kind of call. */
const ofLookups = rows.filter(({ fault }) => fault !== 'failure_count')

test.each(ofLookups)('$fault strikes look-ups where its plan says so', async ({ fault, config = true, outcome }) => {
  const mock = build()
  await mock.post(1)
  const plan = fault === 'permanent_failure' || { ...Object(config), operation: 'lookup' }
  expect((await mock.config({ [fault]: plan })).status).toBe(200)
  const lookup = new Request(`http://localhost/api/v2/requests/${uuidOf(1)}`, { headers: AUTH })
  expect(await outcomeOf(mock.app.handle(lookup))).toBe(outcome === 201 ? 200 : outcome)
})

test('an outage is met before it is asked who calls', async () => {
  const { config, ask } = build()
  await config({ unavailable: true })
  for (const path of ['serverInfo', 'settings', `requests/${uuidOf(1)}`]) {
    expect(DOWN).toContain((await ask('GET', `/api/v2/${path}`)).status)
  }
})

describe('time', () => {
  test('effect_delay: the request is taken later', async () => {
    const { config, post, get, advance } = build()
    await config({ effect_delay: 3 })
    const late = post(1)
    await advance(2999)
    expect((await get(1)).status).toBe(404)
    await advance(1)
    expect((await late).status).toBe(201)
  })

  test.each([
    ['delay', 2],
    ['slow_start', { seconds: 60, slowest: 2 }],
  ])('%s: it is taken at once, and answered late', async (fault, plan) => {
    const { config, post, executor, advance } = build()
    await config({ [fault]: plan })
    const late = post(1)
    await advance(TASK_MS)
    expect([executor.ran.length, await Promise.race([late, 'nothing yet'])]).toEqual([1, 'nothing yet'])
    await advance(2000)
    expect((await late).status).toBe(201)
  })

  test('dribble: the answer comes byte by byte', async () => {
    const mock = build()
    await mock.config({ dribble: 10 })
    const text = posted(mock, 1).then((response) => response.text())
    await mock.advance(9000)
    expect(await Promise.race([text, 'not all']).then(String)).toBe('not all')
    await mock.advance(1000)
    expect(JSON.parse(await text)).toMatchObject({ uuid: uuidOf(1) })
  })

  test('rate_quota: what is beyond it is told when to come again', async () => {
    const { config, post, get } = build()
    await config({ rate_quota: 1 })
    expect([(await post(1)).status, (await get(1)).status]).toEqual([201, 429])
  })

  test('clock_skew: no answer has a `timestamp`, so that nothing is struck', async () => {
    const { config, post, ask } = build()
    await config({ clock_skew: 60 })
    await post(1)
    expect((await ask('GET', '/_test/counters')).body).toMatchObject({ by_fault: {} })
  })
})

test('match.task chooses requests by their first task, too', async () => {
  const { config, post, asClient } = build()
  await config({ unavailable: { times: 1, match: { task: 'sell' } } })
  expect((await post(1, { type: 'reportX' })).status).toBe(201)
  expect((await post(2)).status).toBe(503)
  expect((await post(2)).status).toBe(201)
  expect((await asClient('POST', '/api/v2/requests', { uuid: uuidOf(3), request: 'sell' })).status).toBe(400)
})

test('a port is asked for where a fault needs one', async () => {
  const { config } = buildWhole()
  for (const fault of OF_PORTS) expect((await config({ [fault]: true })).status).toBe(422)
})

describe('tasks', () => {
  test('slow: one task takes longer, and all behind it wait', async () => {
    const { config, post, statuses, advance } = build()
    await config({ slow: { seconds: 10, times: 1 } })
    for (const n of [1, 2]) await post(n)
    await advance(10_000)
    expect([await statuses(1), await statuses(2)]).toEqual([['inProgress'], ['wait']])
    await advance(2 * TASK_MS)
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['ready']])
  })

  test.each<[string, object, TaskFault]>([
    ['task_error', { code: 68, at: 'close' }, { kind: 'error', code: 68, at: 'close' }],
    ['blocked', { made: false, seconds: 2, code: 4 }, { kind: 'blocked', isMade: false, ms: 2000, code: 4 }],
    ['not_printed', {}, { kind: 'not_printed' }],
    ['close_fails_but_closed', {}, { kind: 'close_fails_but_closed' }],
  ])('%s: reaches the task with its parameters, and strikes as its plan says', async (fault, parameters, how) => {
    const { config, post, advance, executor, ask } = build()
    await config({ [fault]: { ...parameters, times: 1, match: { task: 'sell' } } })
    await post(1, { type: 'openShift' }, sale, sale)
    await advance(10_000)
    expect(executor.ran.slice(0, 2)).toEqual([
      { uuid: uuidOf(1), type: 'openShift', fault: null },
      { uuid: uuidOf(1), type: 'sell', fault: how },
    ])
    expect(executor.ran[2]?.fault ?? null).toBeNull()
    expect((await config({})).body).toEqual(nothingSet)
    expect((await ask('GET', '/_test/calls/1')).body).toMatchObject({ fault, wire: { struck: [{ fault }] } })
    expect((await ask('GET', '/_test/counters')).body).toMatchObject({ by_fault: { [fault]: 1 } })
  })

  test('match.receipt_id chooses the request', async () => {
    const { config, post, statuses, advance } = build()
    await config({ task_error: { match: { receipt_id: uuidOf(2) } } })
    for (const n of [1, 2]) await post(n)
    await advance(2 * TASK_MS)
    expect([await statuses(1), await statuses(2)]).toEqual([['ready'], ['error']])
  })

  test('callback_lost: nobody is told, and the results are there', async () => {
    const { config, asClient, told, statuses, advance } = build()
    await config({ callback_lost: { times: 1 } })
    for (const n of [1, 2]) {
      const callbacks = { resultUrl: 'http://till/done' }
      await asClient('POST', '/api/v2/requests', { uuid: uuidOf(n), request: [sale], callbacks })
    }
    await advance(2 * TASK_MS)
    expect(told).toMatchObject([{ body: { uuid: uuidOf(2) } }])
    expect(await statuses(1)).toEqual(['ready'])
  })
})

describe('requests', () => {
  test('request_unknown: 404 for one that is there, and it is done', async () => {
    const { config, post, statuses, advance } = build()
    await post(1)
    await config({ request_unknown: { times: 1 } })
    expect([await statuses(2), await statuses(1), await statuses(1)]).toEqual([['404'], ['404'], ['inProgress']])
    await advance(TASK_MS)
    expect(await statuses(1)).toEqual(['ready'])
  })

  test('results_deleted: of all that has ended, and of nothing else', async () => {
    const { config, post, statuses, advance } = build()
    await post(1)
    await advance(TASK_MS)
    await post(2)
    await config({ results_deleted: true })
    expect([await statuses(1), await statuses(2)]).toEqual([['404'], ['inProgress']])
    expect((await post(1)).status).toBe(201)
    await advance(1000)
    expect((await config({})).body).toEqual(nothingSet)
  })

  test('query_busy: 408 for queries, and for nothing else', async () => {
    const { config, asClient, get } = build()
    await config({ query_busy: { times: 1 } })
    expect((await get(1)).status).toBe(404)
    const query = async () => (await asClient('POST', '/api/v2/operations/queryShiftStatus')).status
    expect([await query(), await query()]).toEqual([408, 200])
  })

  test('restart: it is over when the service is back', async () => {
    const { config, ask, advance } = build()
    await config({ restart: 3 })
    expect((await ask('GET', '/_test/config')).body).toMatchObject({ restart: 3 })
    await advance(3000)
    expect((await ask('GET', '/_test/config')).body).toEqual(nothingSet)
    expect((await ask('GET', '/_test/counters')).body).toMatchObject({ by_fault: { restart: 1 } })
  })
})
