import { describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { settle } from '@kkt/platform/testing.ts'
import { openShiftResult, queueStatus, receiptResult, serverSettings } from './answers.ts'
import { CLOSE, OPEN, SALE } from './fixtures/fixture.ts'
import { API } from './routes/route.ts'
import { newServer } from './server.ts'
import { fnStatus, shiftStatus } from './state_answers.ts'
import { type Client, checked, clientOf } from './wire.ts'

const HOUR_MS = 3_600_000
const WRONG = { ...SALE, taxationType: 'envd' }

const newClient = () => clientOf(newServer())
const statuses = async (client: Client, uuid: string) => (await client.results(uuid)).map(({ status }) => status)
const queue = async (client: Client) => checked(await client.get(`${API}/getRequestsQueueStatus`), 200, queueStatus)
const lastFd = async (client: Client) =>
  fnStatus.parse((await client.done({ type: 'getFnStatus' })).result).fnStatus.fiscalDocumentNumber

describe('the queue', () => {
  test('does one request after another: wait, inProgress, ready', async () => {
    const client = newClient()
    const first = await client.submit([SALE])
    const second = await client.submit([SALE])
    await client.advance(1)
    expect(await statuses(client, first)).toEqual(['inProgress'])
    expect(await statuses(client, second)).toEqual(['wait'])
    expect(await queue(client)).toMatchObject({ number: 2, ready: 0, isBlocked: false })
    const [one] = await client.finish(first)
    expect(one).toMatchObject({ status: 'ready', error: { code: 0 } })
    const [other] = await client.finish(second)
    const fds = [one, other].map((end) => receiptResult.parse(end?.result).fiscalParams.fiscalDocumentNumber)
    expect(fds).toEqual([3, 4])
    expect(await queue(client)).toMatchObject({ number: 0, ready: 2 })
  })

  test('ends a request at its first error, and interrupts the rest of it', async () => {
    const client = newClient()
    const ends = await client.finish(await client.submit([{ type: 'getFnStatus' }, WRONG, SALE, { type: 'reportX' }]))
    expect(ends.map(({ status }) => status)).toEqual(['ready', 'error', 'interrupted', 'interrupted'])
    expect(await lastFd(client)).toBe(1)
    expect(await client.run(SALE)).toMatchObject({ status: 'ready' })
  })

  test('lets go of a request that has not begun, which is never done', async () => {
    const client = newClient()
    const first = await client.submit([SALE])
    const second = await client.submit([SALE])
    await client.advance(1)
    expect((await client.remove(second)).status).toBe(200)
    expect(await statuses(client, second)).toEqual(['canceled'])
    expect((await client.remove(first)).status).toBe(409)
    await client.finish(first)
    expect((await client.remove(first)).status).toBe(409)
    await client.advance(HOUR_MS)
    expect(await queue(client)).toMatchObject({ number: 0, canceled: 1, ready: 1 })
    expect(await lastFd(client)).toBe(3)
  })

  test('keeps results for thirty days, and then knows them no more', async () => {
    const client = newClient()
    const uuid = await client.submit([SALE])
    await client.finish(uuid)
    await client.advance(29 * 24 * HOUR_MS)
    expect((await client.get(`${API}/requests/${uuid}`)).status).toBe(200)
    await client.advance(2 * 24 * HOUR_MS)
    expect((await client.get(`${API}/requests/${uuid}`)).status).toBe(404)
  })

  test('keeps results for as many minutes as it is told', async () => {
    const client = newClient()
    const settings = checked(await client.get(`${API}/settings`), 200, serverSettings)
    expect((await client.settings({ ...settings, deleteRequestsAfter: 10 })).status).toBe(200)
    const uuid = await client.submit([SALE])
    await client.finish(uuid)
    await client.advance(9 * 60_000)
    expect((await client.get(`${API}/requests/${uuid}`)).status).toBe(200)
    await client.advance(2 * 60_000)
    expect((await client.get(`${API}/requests/${uuid}`)).status).toBe(404)
  })
})

describe('an answer to POST that is lost', () => {
  test.each([
    ['before the request was queued', 'hang', 201],
    ['after the request was queued', 'effect_then_silence', 409],
  ])('%s: the same POST again is safe, and makes one document', async (_, fault, again) => {
    const client = newClient()
    await client.fail({ [fault]: 1 })
    const body = { uuid: randomUUID(), request: [SALE] }
    const lost = client.post(`${API}/requests`, body)
    await settle()
    expect((await client.post(`${API}/requests`, body)).status).toBe(again)
    const [end] = await client.finish(body.uuid)
    expect(end).toMatchObject({ status: 'ready' })
    expect(await lastFd(client)).toBe(3)
    await client.reset()
    await lost.catch(() => undefined)
  })
})

describe('a shift', () => {
  const state = async (client: Client) =>
    shiftStatus.parse((await client.done({ type: 'getShiftStatus' })).result).shiftStatus

  test('opens by itself at the first receipt, which says so', async () => {
    const client = newClient()
    const first = await client.done(SALE)
    const second = await client.done(SALE)
    const [said, unsaid] = [first, second].map(({ result, warnings }) => JSON.stringify({ result, warnings }))
    expect(said).toContain('"shiftAutoOpened":true')
    expect(unsaid).not.toContain('"shiftAutoOpened":true')
  })

  test('is over after a day: no receipt more until it is closed and another opened', async () => {
    const client = newClient()
    await client.done(OPEN)
    const opened = await state(client)
    await client.advance(25 * HOUR_MS)
    expect((await state(client)).state).toBe('expired')
    expect(await client.run(SALE)).toMatchObject({ status: 'error', error: { code: 68 } })
    expect(await lastFd(client)).toBe(2)
    await client.done(CLOSE)
    await client.done(OPEN)
    await client.done(SALE)
    expect(await state(client)).toMatchObject({ state: 'opened', number: opened.number + 1 })
    expect(await lastFd(client)).toBe(5)
  })

  test('expires a day after its opening', async () => {
    const client = newClient()
    const end = await client.done(OPEN)
    const { fiscalDocumentDateTime } = openShiftResult.parse(end.result).fiscalParams
    const { expiredTime, expiredAt } = await state(client)
    const livesMs = Date.parse(expiredTime ?? expiredAt ?? '') - Date.parse(fiscalDocumentDateTime)
    expect(Math.abs(livesMs - 24 * HOUR_MS)).toBeLessThanOrEqual(60_000)
  })
})

test('results are told in the same words to both prefixes', async () => {
  const client = newClient()
  const uuid = await client.submit([SALE])
  await client.finish(uuid)
  const told = await client.get(`${API}/requests/${uuid}`)
  expect(told).toMatchObject({ status: 200, body: { results: [{ status: 'ready' }] } })
  expect(await client.get(`/requests/${uuid}`)).toEqual(told)
})
