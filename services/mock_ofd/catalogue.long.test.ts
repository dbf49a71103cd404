/** Every fault of the catalogue: the sender's outcome, the effect and the log. */
import { describe, expect, test } from 'bun:test'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { first, idOf, posted, receipt } from './testing.ts'

/** The sender's outcome: a status and the text of the body, or how the answer was lost. */
type Outcome = { status: number; text: string | RegExp } | 'broken off' | 'silence'
type Row = { fault: string; config: unknown; outcome: Outcome; effect: boolean; headers?: Record<string, string> }

const accepted = JSON.stringify(first)
const answer = (status: number, text: string | RegExp = /"error"/): Outcome => ({ status, text })

const rows: Row[] = [
  { fault: 'permanent_failure', config: true, outcome: answer(503), effect: false },
  { fault: 'failure_count', config: 1, outcome: answer(503), effect: false },
  {
    fault: 'unavailable',
    config: { retry_after: 7 },
    outcome: answer(503),
    effect: false,
    headers: { 'retry-after': '7' },
  },
  { fault: 'too_many_requests', config: 1, outcome: answer(429), effect: false, headers: { 'retry-after': '1' } },
  { fault: 'expired_token', config: true, outcome: answer(401), effect: false },
  { fault: 'hang', config: true, outcome: 'silence', effect: false },
  { fault: 'refuse', config: { pos_id: 'POS-001', status: 409 }, outcome: answer(409), effect: false },
  { fault: 'refuse', config: { share: 1, status: 422 }, outcome: answer(422), effect: false },
  { fault: 'malformed_json', config: 1, outcome: answer(200, /^\{"status":"accepted","timestamp":$/), effect: true },
  { fault: 'malformed_json', config: { effect: false }, outcome: answer(200, /:$/), effect: false },
  {
    fault: 'html_with_200',
    config: 1,
    outcome: answer(200, /^<!doctype html>/),
    effect: false,
    headers: { 'content-type': 'text/html' },
  },
  { fault: 'html_with_200', config: { effect: true }, outcome: answer(200, /^<!doctype html>/), effect: true },
  {
    fault: 'wrong_content_type',
    config: 1,
    outcome: answer(200, accepted),
    effect: true,
    headers: { 'content-type': 'text/plain' },
  },
  { fault: 'wrong_schema', config: 1, outcome: answer(200, /^\{"result":/), effect: true },
  { fault: 'wrong_schema', config: { effect: false }, outcome: answer(200, /^\{"result":/), effect: false },
  { fault: 'empty_200', config: 1, outcome: answer(200, ''), effect: true },
  { fault: 'empty_200', config: { effect: false }, outcome: answer(200, ''), effect: false },
  { fault: 'error_in_200', config: 1, outcome: answer(200), effect: false },
  { fault: 'error_in_200', config: { effect: true }, outcome: answer(200), effect: true },
  { fault: 'effect_then_silence', config: 1, outcome: 'silence', effect: true },
  { fault: 'effect_then_error', config: 1, outcome: answer(500), effect: true },
  { fault: 'effect_then_cut', config: 1, outcome: 'broken off', effect: true },
  { fault: 'reset_before_effect', config: 1, outcome: 'broken off', effect: false },
  { fault: 'reset_after_effect', config: 1, outcome: 'broken off', effect: true },
  { fault: 'fin_mid_body', config: 1, outcome: 'broken off', effect: true },
  {
    fault: 'clock_skew',
    config: -60,
    outcome: answer(200, JSON.stringify({ ...first, timestamp: first.timestamp - 60 })),
    effect: true,
  },
  { fault: 'deduplicate', config: false, outcome: answer(200, accepted), effect: true },
  { fault: 'accepted_then_rejected', config: true, outcome: answer(200, accepted), effect: true },
]

/** These have a test of their own because they need time, a second receipt or a port. */
const APART = ['judge', 'delay', 'slow_start', 'effect_delay', 'dribble', 'rate_quota', 'conflict_on_duplicate']
const ON_THE_WIRE = ['half_open', 'refuse_to_accept', 'second_answer', 'dead_connections']
/** These are tested in lookup_faults.long.test.ts. */
const OF_LOOKUPS = ['lookup_mixed_up', 'lookup_not_routed']

test('every fault of the catalogue is tried', () => {
  const tried = new Set([...rows.map(({ fault }) => fault), ...APART, ...ON_THE_WIRE, ...OF_LOOKUPS])
  expect([...tried].toSorted()).toEqual(receiptFaults.map(({ name }) => name).toSorted())
})

type Mock = ReturnType<typeof build>

/** Sends a receipt and returns the outcome. */
async function outcomeOf(mock: Mock, fd: number): Promise<{ outcome: Outcome; headers: Headers }> {
  const answer = posted(mock.app, fd)
  const response = await Promise.race([answer, settle().then(() => undefined)])
  if (!response) return { outcome: 'silence', headers: new Headers() }
  const text = await response.text().catch(() => undefined)
  const outcome = text === undefined ? 'broken off' : { status: response.status, text }
  return { outcome, headers: response.headers }
}

const lastCall = async ({ ask }: Mock) => (await ask('GET', '/ofd/v1/_test/calls?operation=submit&limit=1')).body

/** These begin an answer and do not end it. */
const BEGUN = ['effect_then_cut', 'fin_mid_body']
const ENDED_BY: Record<string, unknown> = { deduplicate: true, permanent_failure: false }

/** The expected log line of a receipt that met a fault. */
function logged({ fault, outcome, effect }: Row) {
  const isReplied = typeof outcome === 'object'
  const begun = BEGUN.includes(fault) ? 200 : null
  const status = isReplied ? outcome.status : begun
  return { fault, effect, reply_sent: isReplied, status, receipt_id: idOf(1), attempt: 1 }
}

function expectOutcome(met: Outcome, wanted: Outcome): void {
  if (typeof met === 'string' || typeof wanted === 'string') expect(met).toEqual(wanted)
  else {
    expect(met.status).toBe(wanted.status)
    expect(String(met.text)).toMatch(wanted.text)
  }
}

describe.each(rows)('$fault: $config', (row) => {
  const { fault, config, outcome, effect, headers = {} } = row
  test('is what a sender meets, and the log tells whether it was taken', async () => {
    const mock = build()
    expect((await mock.config({ [fault]: config })).status).toBe(200)
    const met = await outcomeOf(mock, 1)
    expectOutcome(met.outcome, outcome)
    for (const [name, value] of Object.entries(headers)) expect(met.headers.get(name)).toBe(value)
    expect(await lastCall(mock)).toMatchObject({ calls: [logged(row)] })

    await mock.config({ [fault]: ENDED_BY[fault] ?? 0 })
    expect((await mock.config({})).body).toEqual(nothingSet)
    expect((await mock.find(idOf(1))).status).toBe(effect ? 200 : 404)
    expect((await outcomeOf(mock, 2)).outcome).toMatchObject({ status: 200 })
  })
})

test('delay: it is taken at once, and answered later', async () => {
  const { send, find, config, advance } = build()
  await config({ delay: { seconds: 2, operation: 'submit' } })
  const late = send(receipt(1))
  await advance(1999)
  expect((await find(idOf(1))).status).toBe(200)
  expect(await Promise.race([late, 'nothing yet'])).toBe('nothing yet')
  await advance(1)
  expect((await late).body).toEqual(first)
})

test('delay: by the median and the spread, the same with the same seed', async () => {
  const times = async (seed: number) => {
    const { send, config, advance, now } = build()
    await config({ seed, delay: { median: 1, sigma: 1 } })
    const taken: number[] = []
    for (let fd = 1; fd <= 40; fd += 1) {
      const before = now()
      const answered = send(receipt(fd)).then(() => taken.push(now() - before))
      for (let step = 0; step < 120 && taken.length < fd; step += 1) await advance(500)
      await answered
    }
    return taken
  }
  const [drawn, again, other] = [await times(1), await times(1), await times(2)]
  expect(again).toEqual(drawn)
  expect(other).not.toEqual(drawn)
  const below = drawn.filter((ms) => ms <= 1000).length
  expect(below).toBeGreaterThan(10)
  expect(below).toBeLessThan(30)
})

test('slow_start: late at first, less so by and by, and then gone', async () => {
  const { send, config, advance, now } = build()
  await config({ slow_start: { seconds: 10, slowest: 4 } })
  const answered: number[] = []
  const timed = (fd: number) => {
    const before = now()
    return send(receipt(fd)).then(() => answered.push(now() - before))
  }
  void timed(1)
  await advance(5000)
  void timed(2)
  expect((await config({})).body).toHaveProperty('slow_start')
  await advance(5000)
  void timed(3)
  await settle()
  expect(answered).toEqual([4000, 2000, 0])
  expect((await config({})).body).toEqual(nothingSet)
})

test('rate_quota: so many a second get through, the rest is told when to come again', async () => {
  const { send, find, config, advance } = build()
  await config({ rate_quota: 2 })
  const statuses = async () => [
    (await send(receipt(1))).status,
    (await find(idOf(1))).status,
    (await send(receipt(1))).status,
  ]
  expect(await statuses()).toEqual([200, 200, 429])
  await advance(499)
  expect((await send(receipt(1))).headers.get('retry-after')).toBe('1')
  await advance(1)
  expect((await send(receipt(1))).status).toBe(200)
  await advance(60_000)
  expect(await statuses()).toEqual([200, 200, 429])
})

test('conflict_on_duplicate: 409 to a receipt that is there already, and to no other', async () => {
  const { send, config, ledger } = build()
  await config({ conflict_on_duplicate: true })
  expect((await send(receipt(1))).status).toBe(200)
  expect(await send(receipt(1))).toMatchObject({ status: 409, body: { error: 'Receipt is there already' } })
  expect((await send(receipt(2))).status).toBe(200)
  expect(await ledger()).toMatchObject({ receipts: [{ times_sent: 1 }, { times_sent: 1 }] })
})

test('accepted_then_rejected: the look-up and the ledger say so when its time has come', async () => {
  const { send, find, config, advance, ledger } = build()
  await config({ accepted_then_rejected: { seconds: 2, times: 1 } })
  expect((await send(receipt(1))).body).toEqual(first)
  await send(receipt(2))
  await advance(1999)
  expect((await find(idOf(1))).body).toMatchObject({ status: 'accepted' })
  await advance(1)
  expect((await find(idOf(1))).body).toEqual({ ...first, receipt_id: idOf(1), status: 'rejected' })
  expect(await ledger()).toMatchObject({ receipts: [{ status: 'rejected' }, { status: 'accepted' }] })
})

test('refuse: a share of the receipts, each of them always or never', async () => {
  const { send, config } = build()
  await config({ refuse: { share: 0.5, status: 422 } })
  const round = async () => {
    const statuses = []
    for (let fd = 1; fd <= 60; fd += 1) statuses.push((await send(receipt(fd))).status)
    return statuses
  }
  const statuses = await round()
  expect(await round()).toEqual(statuses)
  const refused = statuses.filter((status) => status === 422).length
  expect(refused).toBeGreaterThan(15)
  expect(refused).toBeLessThan(45)
})

test('what needs a port is refused where there is none', async () => {
  for (const fault of ON_THE_WIRE) {
    const { status, body } = await build().config({ [fault]: true })
    expect(status).toBe(422)
    expect(body).toMatchObject({
      errors: [{ pointer: `/${fault}`, message: expect.stringContaining('another process') }],
    })
  }
})

test('a call is held on to until it has its end, whatever that is', async () => {
  const { send, find, config, reset, advance, callsUnderWay } = build()
  await send(receipt(1), '7')
  await send(receipt(2), '6')
  await send(receipt(3), 'seven')
  for (const wrong of ['{', {}]) await send(wrong)
  for (const fd of [1, 2]) await find(idOf(fd))
  await config({ refuse: { share: 1, status: 422, times: 1 } })
  await send(receipt(4))
  for (const fault of ['unavailable', 'reset_before_effect', 'effect_then_cut', 'effect_then_error']) {
    await config({ [fault]: { times: 1 } })
    await send(receipt(4)).catch(() => undefined)
  }
  expect(callsUnderWay()).toBe(0)
  await config({ delay: 5 })
  const late = [send(receipt(5)), send(receipt(6))]
  await settle()
  expect(callsUnderWay()).toBe(2)
  await advance(5000)
  await Promise.all(late)
  expect(callsUnderWay()).toBe(0)
  const dropped = send(receipt(7))
  await settle()
  await reset()
  expect((await dropped).status).toBe(503)
  expect(callsUnderWay()).toBe(0)
})
