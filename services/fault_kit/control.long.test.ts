import { afterEach, describe, expect, test } from 'bun:test'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import { type Listening, serve } from '@kkt/platform/serve.ts'
import { settle } from '@kkt/platform/testing.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { receiptFaults } from './catalogue.ts'
import { testControl } from './control.ts'
import { createFaultKit } from './kit.ts'
import { lending } from './testing/lending.ts'
import { asking, nothingSet as untouched } from './testing.ts'

const lend = lending({
  make: ({ clock, logger }) => {
    let things: { pos_id: string }[] = []
    const ledger = {
      keptAtMost: 100,
      count: () => things.length,
      counts: () => true,
      list: () => things,
      counters: () => ({ lost: 0 }),
      reset: () => {
        things = []
      },
      saved: () => things,
      savedForm: z.array(z.object({ pos_id: z.string() })).transform(() => ({ restore: () => undefined })),
    }
    const kit = createFaultKit({ service: 'Shop', counted: 'things', catalogue: receiptFaults, clock, ledger })
    const base = new Elysia()
    const app = base.use(errorAnswers({ logger, routes: () => base.routes })).use(testControl(kit, '/shop/_test'))
    const take = (shelf: string) => {
      things.push({ pos_id: shelf })
      kit.waitRoom.changed()
    }
    return { app, kit, take }
  },
  reset: ({ kit }) => kit.reset(),
  isIdle: ({ kit }) => kit.callsUnderWay() + kit.waitRoom.size() === 0,
})

function build() {
  const { mock, clock } = lend(0)
  const { app, kit, take } = mock
  const ask = asking(app)
  return {
    app,
    ask,
    take,
    waitRoom: kit.waitRoom,
    advance: (ms: number) => clock.advance(ms),
    sleepers: () => clock.waiting,
    config: (body: unknown) => ask('POST', '/shop/_test/config', body),
  }
}

describe('config', () => {
  test('is told as it was answered when it was set', async () => {
    const { ask, config } = build()
    const { status, body } = await config({ failure_count: 5, hang: { times: 2, ttl: 60 }, seed: 7 })
    expect(await ask('GET', '/shop/_test/config')).toMatchObject({ status, body })
    expect((await build().ask('GET', '/shop/_test/config')).body).toEqual(untouched)
  })

  test('merges what is given and answers with the whole', async () => {
    const { config } = build()
    expect(await config({ permanent_failure: true })).toMatchObject({
      status: 200,
      body: { ...untouched, permanent_failure: true },
    })
    expect((await config({ failure_count: 5 })).body).toEqual({
      ...untouched,
      permanent_failure: true,
      failure_count: 5,
    })
    const refuse = { pos_id: 'POS-1', status: 422 }
    expect((await config({ refuse, permanent_failure: false })).body).toEqual({
      ...untouched,
      failure_count: 5,
      refuse,
    })
    expect((await config({ refuse: null })).body).toEqual({ ...untouched, failure_count: 5 })
  })

  test('an empty change tells how things stand', async () => {
    const { config } = build()
    await config({ failure_count: 2 })
    expect((await config({})).body).toEqual({ ...untouched, failure_count: 2 })
  })

  const refused: [name: string, change: unknown, pointer: string][] = [
    ['an unknown field', { permanant_failure: true }, '/permanant_failure'],
    ['a boolean that is none', { permanent_failure: 'yes' }, '/permanent_failure'],
    ['a negative count', { failure_count: -1 }, '/failure_count'],
    ['a count beyond the bound', { failure_count: 1e9 }, '/failure_count'],
    ['null for a count', { failure_count: null }, '/failure_count'],
    ['a refusal that is none', { refuse: 'POS-1' }, '/refuse'],
    ['a refusal of nothing in particular', { refuse: { status: 422 } }, '/refuse'],
    ['a refusal by a success', { refuse: { pos_id: 'P', status: 200 } }, '/refuse/status'],
    ['a refusal without a status', { refuse: { pos_id: 'P' } }, '/refuse/status'],
    ['a refusal with an unknown field', { refuse: { pos_id: 'P', status: 422, sum: 1 } }, '/refuse'],
    ['a delay beyond the bound', { effect_delay: 60.1 }, '/effect_delay'],
    ['a deduplication that is none', { deduplicate: 0 }, '/deduplicate'],
    ['half a call', { effect_then_cut: 0.5 }, '/effect_then_cut'],
    ['no object', [], ''],
    ['null', null, ''],
  ]
  test('says once of a field what it takes', async () => {
    const { body } = await build().config({ effect_then_cut: 1e99 })
    const message = 'takes a whole number from 1 to 1000000'
    expect(body).toMatchObject({ errors: [{ pointer: '/effect_then_cut', message }] })
  })

  for (const [name, change, pointer] of refused) {
    test(`refuses ${name} by name`, async () => {
      const { config } = build()
      const { status, headers, body } = await config(change)
      expect(status).toBe(422)
      expect(headers.get('content-type')).toBe('application/problem+json')
      expect(body).toMatchObject({ errors: [{ pointer }] })
      expect((await config({})).body).toEqual(untouched)
    })
  }

  test('changes nothing when one of its fields is wrong', async () => {
    const { config } = build()
    const { body } = await config({ permanent_failure: true, failure_count: 'x', nonsense: 1 })
    expect(body).toMatchObject({ errors: [{ pointer: '/failure_count' }, { pointer: '/nonsense' }] })
    expect((await config({})).body).toEqual(untouched)
  })

  test('malformed JSON is 400, too much of it 413', async () => {
    const { config } = build()
    expect((await config('{')).status).toBe(400)
    expect((await config(`"${'x'.repeat(64 * 1024)}"`)).status).toBe(413)
  })
})

describe('reset', () => {
  test('sets faults and ledger back', async () => {
    const { ask, config, take } = build()
    await config({ permanent_failure: true, failure_count: 5, refuse: { pos_id: 'P', status: 400 } })
    take('a')
    expect(await ask('POST', '/shop/_test/reset')).toMatchObject({ status: 200, body: { status: 'reset' } })
    expect((await config({})).body).toEqual(untouched)
    expect((await ask('GET', '/shop/_test/things')).body).toMatchObject({ count: 0, things: [] })
  })

  test('takes no body, and minds none', async () => {
    const { ask } = build()
    const headers = { 'content-type': 'application/json' }
    expect((await ask('POST', '/shop/_test/reset', '{', { headers })).status).toBe(200)
  })
})

describe('the ledger', () => {
  test('is listed whole or filtered', async () => {
    const { ask, take } = build()
    for (const shelf of ['a', 'b', 'a']) take(shelf)
    const all = [{ pos_id: 'a' }, { pos_id: 'b' }, { pos_id: 'a' }]
    expect((await ask('GET', '/shop/_test/things')).body).toMatchObject({ count: 3, things: all })
    expect((await ask('GET', '/shop/_test/things?pos_id=b')).body).toMatchObject({
      count: 1,
      things: [{ pos_id: 'b' }],
    })
    expect((await ask('GET', '/shop/_test/things?pos_id=c')).body).toMatchObject({ count: 0, things: [] })
  })

  test('an unknown filter is refused, not ignored', async () => {
    expect((await build().ask('GET', '/shop/_test/things?box=a')).status).toBe(422)
  })
})

describe('wait', () => {
  const wait = '/shop/_test/wait'

  test('answers at once when the count is there', async () => {
    const { ask, take } = build()
    take('a')
    take('a')
    expect(await ask('GET', `${wait}?things=1`)).toMatchObject({ status: 200, body: { status: 'reached', things: 2 } })
  })

  test('answers when the count is reached', async () => {
    const { ask, take } = build()
    const waited = ask('GET', `${wait}?things=2&timeout=60`)
    await settle()
    take('a')
    take('a')
    expect(await waited).toMatchObject({ status: 200, body: { status: 'reached', things: 2 } })
  })

  for (const [timeout, seconds] of [
    ['', 10],
    ['&timeout=0.5', 0.5],
  ] as const) {
    test(`answers 408 with what is there after ${seconds} s`, async () => {
      const { ask, take, advance, waitRoom } = build()
      const waited = ask('GET', `${wait}?things=2${timeout}`)
      await settle()
      take('a')
      await advance(seconds * 1000 - 1)
      await settle()
      expect(waitRoom.size()).toBe(1)
      await advance(1)
      expect(await waited).toMatchObject({ status: 408, body: { status: 'timeout', things: 1 } })
    })
  }

  test('a reset ends it', async () => {
    const { ask } = build()
    const waited = ask('GET', `${wait}?things=1`)
    await settle()
    await ask('POST', '/shop/_test/reset')
    expect(await waited).toMatchObject({ status: 408, body: { status: 'reset', things: 0 } })
  })

  test('is bounded, and asks for what it needs', async () => {
    const bad = [
      '',
      '?things=',
      '?things=-1',
      '?things=1.5',
      '?things=x',
      '?things=1&timeout=61',
      '?things=1&timeout=-1',
    ]
    for (const query of [...bad, '?things=1&timeout=x', '?things=1&time=1', '?receipts=1']) {
      const { status, body } = await build().ask('GET', `${wait}${query}`)
      expect({ query, body }).toMatchObject({ query, body: { status: 422, code: 'invalid_query' } })
      expect(status).toBe(422)
    }
  })

  test('names what it does not know, and what was probably meant', async () => {
    expect((await build().ask('GET', `${wait}?thing=1`)).body).toMatchObject({
      detail: expect.stringContaining('has a field "thing" that is not known here: did you mean "things"?'),
    })
  })

  describe('on a socket', () => {
    let server: Listening | undefined
    afterEach(() => server?.stop('now'))

    test('a client that hangs up leaves nothing behind', async () => {
      const { app, waitRoom, sleepers } = build()
      const arrived = Promise.withResolvers<void>()
      const left = Promise.withResolvers<void>()
      const handle = async (request: Request) => {
        const answer = app.handle(request)
        await settle()
        arrived.resolve()
        const response = await answer
        left.resolve()
        return response
      }
      server = await serve(handle, { hostname: '127.0.0.1', port: 0 })
      const client = new AbortController()
      const hungUp = fetch(`http://127.0.0.1:${server.port}${wait}?things=1`, { signal: client.signal }).catch(() => {})
      await arrived.promise
      expect(waitRoom.size()).toBe(1)
      client.abort()
      await Promise.all([hungUp, left.promise])
      expect(waitRoom.size() + sleepers()).toBe(0)
    })
  })
})

test('wrong paths and methods are problems', async () => {
  const { ask } = build()
  expect((await ask('GET', '/shop/_test/nothing')).status).toBe(404)
  const { status, headers } = await ask('GET', '/shop/_test/reset')
  expect([status, headers.get('allow')]).toEqual([405, 'POST'])
})
