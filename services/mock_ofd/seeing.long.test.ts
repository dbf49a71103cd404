/** The control side's account of past calls, and its waits for future ones. */
import { describe, expect, test } from 'bun:test'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { idOf, receipt } from './testing.ts'

const T = '/ofd/v1/_test'

describe('calls', () => {
  test('every one is there, with what became of it', async () => {
    const { ask, send, find, config } = build()
    await send(receipt(1))
    await config({ effect_then_error: 1 })
    await send(receipt(2))
    await send(receipt(2))
    await find(idOf(2))
    await send({})
    const common = { time: '2026-01-31T12:00:00.500Z', receipt_id: idOf(2), pos_id: 'POS-001', kkt_id: 'KKT-001' }
    const plain = {
      ...common,
      operation: 'submit',
      attempt: 1,
      fault: null,
      effect: true,
      reply_sent: true,
      status: 200,
      under_way: false,
      findings: [],
    }
    expect((await ask('GET', `${T}/calls`)).body).toEqual({
      count: 5,
      kept_at_most: 10_000,
      calls: [
        { ...plain, number: 1, receipt_id: idOf(1) },
        { ...plain, number: 2, fault: 'effect_then_error', status: 500 },
        { ...plain, number: 3, attempt: 2, effect: false },
        { ...plain, number: 4, operation: 'lookup', pos_id: null, kkt_id: null, attempt: 2, effect: false },
        { ...plain, number: 5, receipt_id: null, pos_id: null, kkt_id: null, attempt: 0, effect: false, status: 422 },
      ],
    })
  })

  test.each<[string, number[]]>([
    ['?limit=2', [3, 4]],
    [`?receipt_id=${idOf(1)}`, [0, 3]],
    ['?pos_id=POS-002', [1]],
    ['?operation=lookup', [3]],
    ['?fault=effect_then_error', [1]],
    ['?operation=submit&limit=1', [4]],
  ])('%s chooses', async (query, wanted) => {
    const { ask, send, find, config, advance } = build()
    const made = [
      () => send(receipt(1)),
      () => send(receipt(2, { pos_id: 'POS-002' })),
      () => send(receipt(3)),
      () => find(idOf(1)),
      () => send(receipt(4)),
    ]
    await config({ effect_then_error: { match: { pos_id: 'POS-002' } } })
    for (const make of made) {
      await make()
      await advance(1000)
    }
    const { body } = await ask('GET', `${T}/calls${query}`)
    const times = wanted.map((second) => ({ time: `2026-01-31T12:00:0${second}.500Z` }))
    expect(body).toMatchObject({ calls: times })
  })

  test('a bad choice is refused', async () => {
    for (const query of ['?limit=0', '?limit=10001', '?operation=post', '?till=1']) {
      expect((await build().ask('GET', `${T}/calls${query}`)).status).toBe(422)
    }
  })

  test('counters count them by what became of them', async () => {
    const { ask, send, find, config } = build()
    await send(receipt(1))
    await send(receipt(1))
    await find(idOf(9))
    await config({ reset_after_effect: 1, effect_then_cut: { after: 1 } })
    for (const fd of [2, 3]) await send(receipt(fd)).catch(() => undefined)
    expect((await ask('GET', `${T}/counters`)).body).toEqual({
      calls: 5,
      submits: 4,
      lookups: 1,
      by_outcome: { 200: 2, 404: 1, none: 1, cut: 1 },
      by_fault: { reset_after_effect: 1, effect_then_cut: 1 },
      call_count: 4,
      receipts_received: 3,
      other_documents: 0,
      duplicates: 1,
      out_of_order: 0,
      stale_fence: 0,
      judged_wrong: 0,
    })
  })

  test('one that is under way is told from one that is never answered', async () => {
    const { ask, send, config, reset } = build()
    await config({ delay: 5 })
    const late = send(receipt(1))
    await settle()
    await config({ delay: null, effect_then_silence: true })
    const never = send(receipt(2))
    await settle()
    const unanswered = { effect: true, reply_sent: false, status: null }
    const calls = [
      { ...unanswered, fault: 'delay', under_way: true },
      { ...unanswered, fault: 'effect_then_silence', under_way: false },
    ]
    expect((await ask('GET', `${T}/calls`)).body).toMatchObject({ calls })
    const { status, body } = await ask('GET', `${T}/export`)
    await reset()
    await Promise.all([late, never])
    expect([status, (await ask('POST', `${T}/import`, body)).status]).toEqual([200, 200])
    expect((await ask('GET', `${T}/calls`)).body).toMatchObject({ calls })
    const older = JSON.parse(JSON.stringify(body).replaceAll(/,"under_way":(true|false)/g, ''))
    expect((await ask('POST', `${T}/import`, older)).status).toBe(200)
  })

  test('counters count each fault that struck, though another struck after it', async () => {
    const { ask, send, config, advance } = build()
    await config({ effect_delay: { seconds: 1, times: 2 }, deduplicate: false, failure_count: 1 })
    for (const fd of [1, 2, 3]) {
      const sent = send(receipt(fd))
      await advance(1000)
      await sent
    }
    const { body } = await ask('GET', `${T}/counters`)
    expect(body).toMatchObject({ by_fault: { failure_count: 1, effect_delay: 2, deduplicate: 2 } })
  })

  test('a call that a reset has ended is not counted after it', async () => {
    const { ask, send, config, reset } = build()
    await config({ delay: 5 })
    const late = send(receipt(1))
    await settle()
    await reset()
    expect((await late).status).toBe(503)
    const { calls, by_outcome, by_fault } = Object((await ask('GET', `${T}/counters`)).body)
    expect({ calls, by_outcome, by_fault }).toEqual({ calls: 0, by_outcome: {}, by_fault: {} })
    expect((await ask('GET', `${T}/calls`)).body).toMatchObject({ count: 0, calls: [] })
  })
})

test('the ledger can be asked by till, by KKT and by receipt, and for the latest', async () => {
  const { send, ledger } = build()
  await send(receipt(1))
  await send(receipt(2, { pos_id: 'POS-002', kkt_id: 'KKT-002' }))
  await send(receipt(3))
  for (const [query, fds] of [
    ['?pos_id=POS-001', [1, 3]],
    ['?kkt_id=KKT-002', [2]],
    [`?receipt_id=${idOf(3)}`, [3]],
    ['?limit=2', [2, 3]],
  ] as const) {
    expect(await ledger(query)).toMatchObject({ receipts: fds.map((fd) => ({ receipt_id: idOf(fd) })) })
  }
})

describe('wait', () => {
  const waiting = async (query: string) => {
    const mock = build()
    await mock.send(receipt(1))
    let answer: unknown
    void mock.ask('GET', `${T}/wait?${query}&timeout=60`).then(({ status, body }) => {
      answer = { status, body }
    })
    await settle()
    return { ...mock, answer: () => answer }
  }

  type Make = (mock: ReturnType<typeof build>) => Promise<unknown>
  const lookUp: Make = ({ find }) => find(idOf(1))
  const sellAgain: Make = ({ send }) => send(receipt(1))
  const sellNext: Make = ({ send }) => send(receipt(2))
  const sellElsewhere: Make = ({ send }) => send(receipt(9, { pos_id: 'POS-009' }))

  test.each<[string, Make | null, Make, object]>([
    ['calls=2', null, lookUp, { calls: 2 }],
    ['lookups=1', sellNext, lookUp, { lookups: 1 }],
    ['duplicates=1', sellNext, sellAgain, { duplicates: 1 }],
    ['receipts=2', sellAgain, sellNext, { receipts: 2 }],
    [`receipt_id=${idOf(2)}`, sellElsewhere, sellNext, { receipts: 1 }],
    ['receipts=2&pos_id=POS-001', sellElsewhere, sellNext, { receipts: 2 }],
    [`calls=2&receipt_id=${idOf(1)}`, sellNext, lookUp, { calls: 2 }],
  ])('%s', async (query, other, make, counted) => {
    const mock = await waiting(query)
    await other?.(mock)
    await settle()
    expect(mock.answer()).toBeUndefined()
    await make(mock)
    await settle()
    expect(mock.answer()).toEqual({ status: 200, body: { status: 'reached', ...counted } })
  })

  test('what was taken is there at once, though its answer is late', async () => {
    const mock = await waiting('receipts=2')
    await mock.config({ delay: 30 })
    void mock.send(receipt(2))
    await settle()
    expect(mock.answer()).toMatchObject({ status: 200 })
  })

  test('a call is there as soon as it comes', async () => {
    const mock = await waiting('calls=2')
    await mock.config({ effect_delay: 30 })
    void mock.send(receipt(2))
    await settle()
    expect(mock.answer()).toMatchObject({ status: 200 })
  })

  test('a 408 says what came instead, and why that was not it', async () => {
    const mock = await waiting(`receipt_id=${idOf(3)}`)
    await mock.config({ refuse: { receipt_id: idOf(3), status: 422 } })
    for (const fd of [1, 2, 3]) await mock.send(receipt(fd))
    await mock.find(idOf(3))
    await mock.advance(60_000)
    expect(mock.answer()).toMatchObject({
      status: 408,
      body: {
        status: 'timeout',
        receipts: 0,
        came_instead: {
          counters: { calls: 5, receipts_received: 2, duplicates: 1, by_fault: { refuse: 1 } },
          last_calls: [
            { attempt: 1, why_not: [`its receipt_id is ${idOf(1)}`] },
            { attempt: 2, why_not: [`its receipt_id is ${idOf(1)}`, 'it was there already'] },
            { attempt: 1, why_not: [`its receipt_id is ${idOf(2)}`] },
            { fault: 'refuse', status: 422, why_not: ['refuse kept it from being taken'] },
            { operation: 'lookup', why_not: ['it is a look-up'] },
          ],
        },
      },
    })
  })

  test('a 408 leaves out what was it', async () => {
    const mock = await waiting('receipts=3')
    await mock.send(receipt(2))
    await mock.send({})
    await mock.advance(60_000)
    expect(mock.answer()).toMatchObject({
      body: { came_instead: { last_calls: [{ why_not: ['it was answered 422'] }] } },
    })
  })

  test.each(['receipts=1&calls=1', 'duplicates=1&pos_id=P', 'operation=post', 'by_fault=1', 'timeout=5'])(
    'nobody can wait for %s',
    async (query) => {
      const { status, body } = await build().ask('GET', `${T}/wait?${query}`)
      expect([status, body]).toMatchObject([422, { code: 'invalid_query' }])
    },
  )
})

describe('stream', () => {
  const open = async ({ app }: ReturnType<typeof build>) => {
    const { body, headers } = await app.handle(new Request(`http://localhost${T}/stream`))
    expect(headers.get('content-type')).toStartWith('text/event-stream')
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    const next = async () => /^event: (\w+)\ndata: (.*)\n\n$/.exec(String((await reader?.read())?.value))?.slice(1)
    return { next, cancel: () => reader?.cancel() }
  }

  test('tells of each call and each change, as they come', async () => {
    const mock = build()
    const { next } = await open(mock)
    const events = async () => {
      const [event, data = ''] = (await next()) ?? []
      return [event, JSON.parse(data)]
    }
    expect(await events()).toEqual(['config', nothingSet])
    await mock.config({ failure_count: 1 })
    expect(await events()).toEqual(['config', { ...nothingSet, failure_count: 1 }])
    await mock.send(receipt(1))
    expect(await events()).toMatchObject(['call', { fault: 'failure_count', status: 503, effect: false }])
    await mock.reset()
    expect(await events()).toEqual(['config', nothingSet])
  })
})
