/** A look at the mock of ATOL's service and at the register behind it. */
import { expect, onTestFinished, test } from 'bun:test'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { sharedMockKkt } from '@kkt/mock-kkt/testing/shared.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { quiet } from '../../testing/kit.ts'
import { newKktDatabase, requestsDatabase } from '../../testing/memory_database.ts'
import { createAtolClient } from './client.ts'
import { probe } from './probe.ts'
import type { Finding, Wanted } from './probe_findings.ts'
import { createRequests } from './requests.ts'

const ACCOUNT = { login: 'kkt', password: 'Mock-register-1' }
const URL_OF_IT = 'http://register.test:16732'
const WANTED: Wanted = { timeZone: 'Europe/Moscow', taxationSystem: 'osn', hasCashier: true, delivery: 'kkt' }
const UUID = '00000000-0000-4000-8000-000000000001'

type Send = (request: Request) => Promise<Response>

function setUp({ startsActive = true } = {}) {
  const clock = new TestClock()
  const register = openRegister(newKktDatabase(), { kktNumber: 'KKT-001', timeZone: 'Europe/Moscow' }, { clock })
  onTestFinished(() => register.close())
  // The OFD has its registration.
  register.confirmThrough(register.state().fnNumber, 1)
  const mock = sharedMockKkt({
    clock,
    logger: quiet,
    register,
    times: { receiptMinMs: 0, receiptMaxMs: 0 },
    db: requestsDatabase(),
    account: ACCOUNT,
    startsActive,
  })
  const answer: Send = (request) => mock.app.handle(request)

  /** The findings, with as much time passing as they take. */
  async function look({ account = ACCOUNT, send = answer, wanted = WANTED } = {}): Promise<Finding[]> {
    const client = createAtolClient({ url: URL_OF_IT, device: null, ...account, clock, send })
    const requests = createRequests({ client, clock, logger: quiet, newUuid: () => UUID })
    let found: Finding[] | null = null
    const looking = probe({ client, requests, wallMs: clock.wallMs, kktNumber: 'KKT-001' }, wanted)
    void looking.then((all) => {
      found = all
    })
    for (let steps = 0; found === null && steps < 1000; steps++) await clock.advance(100)
    client.close()
    return await looking
  }

  const fault = (plan: object) =>
    answer(new Request(`${URL_OF_IT}/_test/config`, { method: 'POST', body: JSON.stringify(plan) }))
  return { clock, register, answer, look, fault }
}

const last = (found: Finding[]) => found.at(-1)

test('a register that is ready is shown from its service to its clock', async () => {
  const found = await setUp().look()
  expect(found.filter(({ state }) => state !== 'ok')).toEqual([])
  expect(found.map(({ about }) => about)).toEqual([
    'service',
    'queue',
    'register',
    'FFD',
    'FN',
    'registration',
    'taxation',
    'cashier',
    'delivery',
    'unsent',
    'shift',
    'time zone',
    'clock',
    'ready',
  ])
  expect(found[0]).toEqual({
    state: 'ok',
    about: 'service',
    said: expect.stringMatching(/^version \S+, driver \S+, on /),
  })
})

test('a look leaves no document in the FN', async () => {
  const { register, look } = setUp()
  const before = register.state().lastFdNumber
  await look()
  expect(register.state().lastFdNumber).toBe(before)
})

test('a wrong password ends the look, and is not told', async () => {
  const found = await setUp().look({ account: { login: 'kkt', password: 'Zq7-wrong' } })
  expect(last(found)).toEqual({ state: 'wrong', about: 'account', said: expect.stringContaining('KKT_PASSWORD') })
  expect(JSON.stringify(found)).not.toContain('Zq7')
})

test('nobody at the address ends the look', async () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
  const found = await setUp().look({ send: () => Promise.reject(refused) })
  expect(found).toEqual([{ state: 'wrong', about: 'service', said: expect.stringContaining('ECONNREFUSED') }])
})

test('another program at the address ends the look', async () => {
  const found = await setUp().look({ send: async () => new Response('<html>', { status: 200 }) })
  expect(found).toEqual([{ state: 'wrong', about: 'service', said: expect.stringContaining('another program') }])
})

test('a service without an active register ends the look', async () => {
  const found = await setUp({ startsActive: false }).look()
  expect(last(found)).toEqual({ state: 'wrong', about: 'queue', said: expect.stringContaining('activate it') })
})

test('a queue that is blocked ends the look, and is told with its reason', async () => {
  const { answer, look } = setUp()
  const body = { number: 1, canceled: 0, ready: 0, isBlocked: true, blockReason: 'paperError', blockedUUID: UUID }
  const send: Send = (request) =>
    request.url.endsWith('/getRequestsQueueStatus') ? Promise.resolve(Response.json(body)) : answer(request)
  expect(last(await look({ send }))).toEqual({
    state: 'wrong',
    about: 'queue',
    said: expect.stringContaining('it is blocked (paperError): look at the register'),
  })
})

test('a question that the register does not answer is told with its error', async () => {
  const { fault, look } = setUp()
  expect((await fault({ task_error: { code: 3, match: { task: 'getFnInfo' } } })).status).toBe(200)
  expect(last(await look())).toEqual({
    state: 'wrong',
    about: 'register',
    said: expect.stringMatching(/getFnInfo: .*3/),
  })
})

test('answers in another form are told', async () => {
  const { answer, look } = setUp()
  const send: Send = async (request) => {
    const response = await answer(request)
    if (request.method !== 'GET' || !request.url.includes('/requests/')) return response
    return new Response((await response.text()).replaceAll('"fnInfo"', '"fnDetails"'), response)
  }
  expect(last(await look({ send }))).toEqual({
    state: 'wrong',
    about: 'register',
    said: expect.stringContaining('a form that this version does not know'),
  })
})

test('what does not fit the settings is told beside what does', async () => {
  const { clock, fault, look } = setUp()
  await fault({ paper_out: true })
  const found = await look({ wanted: { ...WANTED, timeZone: 'Asia/Yekaterinburg' } })
  expect(found.filter(({ state }) => state === 'wrong').map(({ about }) => about)).toEqual(['time zone', 'ready'])
  expect(clock.waiting).toBe(0)
})
