import { describe, expect, test } from 'bun:test'
import { httpError, queueStatus, receiptResult, serverSettings } from './answers.ts'
import { NO_SUCH_DATA } from './errors.ts'
import { SALE } from './fixtures/fixture.ts'
import { API } from './routes/route.ts'
import { newServer } from './server.ts'
import { deviceStatus, fnStatus } from './state_answers.ts'
import { type Client, checked, clientOf } from './wire.ts'

const newClient = async () => {
  const client = clientOf(newServer())
  await client.done(SALE)
  return client
}
const queue = async (client: Client) => checked(await client.get(`${API}/getRequestsQueueStatus`), 200, queueStatus)
const lastFd = async (client: Client) =>
  fnStatus.parse((await client.done({ type: 'getFnStatus' })).result).fnStatus.fiscalDocumentNumber

async function blockOnPrintErrors(client: Client): Promise<void> {
  const settings = checked(await client.get(`${API}/settings`), 200, serverSettings)
  expect((await client.settings({ ...settings, blockQueueOnPrintErrors: true })).status).toBe(200)
}

describe('a task that is blocked', () => {
  test('stops the queue, which names it, and takes requests', async () => {
    const client = await newClient()
    await client.fail({ blocked: { made: true, seconds: 20, times: 1 } })
    const uuid = await client.submit([SALE])
    expect((await client.finish(uuid)).map(({ status }) => status)).toEqual(['blocked'])
    const next = await client.post(`${API}/requests`, { uuid: 'aaaabbbb', request: [SALE] })
    expect(next).toMatchObject({ status: 201, body: { isBlocked: true, blockedUUID: uuid } })
    await client.advance(5_000)
    expect(await client.results('aaaabbbb')).toMatchObject([{ status: 'wait' }])
    expect(await queue(client)).toMatchObject({ isBlocked: true, blockReason: 'connectionError', blockedUUID: uuid })
    await client.advance(20_000)
    expect(await queue(client)).toMatchObject({ isBlocked: false, number: 0 })
  })

  test('becomes ready by itself where the FN has the document: recovered', async () => {
    const client = await newClient()
    await client.fail({ blocked: { made: true, seconds: 20, times: 1 } })
    const uuid = await client.submit([SALE])
    await client.finish(uuid)
    await client.advance(25_000)
    const [end] = await client.results(uuid)
    expect(end).toMatchObject({ status: 'ready', result: { warnings: { recovered: true } } })
    expect(receiptResult.parse(end?.result).fiscalParams).toMatchObject({ fiscalDocumentNumber: 4, total: 1250 })
    expect(await lastFd(client)).toBe(4)
  })

  test('becomes an error by itself where the FN has no document: no such data', async () => {
    const client = await newClient()
    await client.fail({ blocked: { made: false, seconds: 20, times: 1 } })
    const uuid = await client.submit([SALE])
    await client.finish(uuid)
    await client.advance(25_000)
    expect(await client.results(uuid)).toMatchObject([{ status: 'error', error: { code: NO_SUCH_DATA } }])
    expect(await lastFd(client)).toBe(3)
  })
})

describe('a document that does not come out on paper', () => {
  test('is ready all the same, and the next one is refused until there is paper', async () => {
    const client = await newClient()
    await client.fail({ paper_out: true })
    expect(await client.run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: true } } })
    expect(await client.run(SALE)).toMatchObject({ status: 'error', error: { code: 44 } })
    expect(deviceStatus.parse((await client.done({ type: 'getDeviceStatus' })).result).deviceStatus.paperPresent).toBe(
      false,
    )
    await client.fail({ paper_out: false })
    await client.done({ type: 'continuePrint' })
    expect(await client.run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: false } } })
    expect(await lastFd(client)).toBe(5)
  })

  test('stops the queue where it shall, until there is paper', async () => {
    const client = await newClient()
    await blockOnPrintErrors(client)
    await client.fail({ paper_out: true })
    const uuid = await client.submit([SALE])
    expect((await client.finish(uuid)).map(({ status }) => status)).toEqual(['blocked'])
    expect(await queue(client)).toMatchObject({ isBlocked: true, blockReason: 'paperError', blockedUUID: uuid })
    await client.fail({ paper_out: false })
    await client.advance(60_000)
    expect(await client.results(uuid)).toMatchObject([{ status: 'ready' }])
    expect(await queue(client)).toMatchObject({ isBlocked: false })
    expect(await lastFd(client)).toBe(4)
  })

  test('may be one that the driver failed to close: it is closed', async () => {
    const client = await newClient()
    await client.fail({ close_fails_but_closed: 1 })
    expect(await client.run(SALE)).toMatchObject({
      status: 'ready',
      result: { fiscalParams: { fiscalDocumentNumber: 4 }, warnings: { notPrinted: true } },
    })
  })
})

test('queries get 408 while the driver is busy', async () => {
  const client = await newClient()
  await client.fail({ query_busy: 1 })
  const busy = await client.post(`${API}/operations/queryFnStatus`)
  expect(checked(busy, 408, httpError).error.code).toBeGreaterThan(0)
  expect((await client.post(`${API}/operations/queryFnStatus`)).status).toBe(200)
})

test('a known request may be told as unknown, and is done all the same', async () => {
  const client = await newClient()
  const uuid = await client.submit([SALE])
  await client.finish(uuid)
  await client.fail({ request_unknown: 1 })
  checked(await client.get(`${API}/requests/${uuid}`), 404, httpError)
  expect(await client.results(uuid)).toMatchObject([{ status: 'ready' }])
  expect(await lastFd(client)).toBe(4)
})
