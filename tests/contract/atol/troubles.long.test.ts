import { describe, expect, test } from 'bun:test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { callback, httpError } from './answers.ts'
import { NO_SUCH_DATA } from './errors.ts'
import { SALE } from './fixtures/fixture.ts'
import { API } from './routes/route.ts'
import { newServer } from './server.ts'
import { fnStatus } from './state_answers.ts'
import { type Client, checked, clientOf } from './wire.ts'

const newClient = async () => {
  const client = clientOf(newServer())
  await client.done(SALE)
  return client
}
const lastFd = async (client: Client) =>
  fnStatus.parse((await client.done({ type: 'getFnStatus' })).result).fnStatus.fiscalDocumentNumber

describe('a restart', () => {
  test.each([
    { made: true, ends: { status: 'ready', result: { warnings: { recovered: true } } }, fd: 5 },
    { made: false, ends: { status: 'error', error: { code: NO_SUCH_DATA } }, fd: 4 },
  ])('looks the task up that it broke (made: $made), and goes on with the queue', async ({ made, ends, fd }) => {
    const client = await newClient()
    const broken = await client.submit([SALE])
    const next = await client.submit([SALE])
    await client.advance(1)
    await client.fail({ restart: { queue: 'kept', seconds: 2, made } })
    await client.advance(10_000)
    expect(await client.results(broken)).toMatchObject([ends])
    expect(await client.results(next)).toMatchObject([{ status: 'ready' }])
    expect(await lastFd(client)).toBe(fd)
  })

  test('knows no request of a queue that was lost', async () => {
    const client = await newClient()
    const uuid = await client.submit([SALE])
    await client.fail({ restart: { queue: 'lost', seconds: 2 } })
    await client.advance(10_000)
    checked(await client.get(`${API}/requests/${uuid}`), 404, httpError)
  })
})

test('results may be deleted early: the uuid is unknown, and the document is there', async () => {
  const client = await newClient()
  const uuid = await client.submit([SALE])
  await client.finish(uuid)
  await client.fail({ results_deleted: true })
  checked(await client.get(`${API}/requests/${uuid}`), 404, httpError)
  await client.advance(5_000)
  expect(await lastFd(client)).toBe(4)
})

test('a slow task takes so much longer', async () => {
  const client = await newClient()
  await client.fail({ slow: { seconds: 14, times: 1 } })
  const uuid = await client.submit([SALE])
  await client.advance(14_000)
  expect(await client.results(uuid)).toMatchObject([{ status: 'inProgress' }])
  expect(await client.finish(uuid)).toMatchObject([{ status: 'ready' }])
})

describe('a callback', () => {
  /** A till that is told. */
  async function till() {
    const bodies: unknown[] = []
    const { promise: told, resolve } = Promise.withResolvers<void>()
    const server = createServer(async (request, response) => {
      let text = ''
      for await (const part of request) text += part
      bodies.push(JSON.parse(text))
      response.end()
      resolve()
    })
    const port = await new Promise<number>((listens) =>
      server.listen(0, '127.0.0.1', () => listens(portOf(server.address()))),
    )
    return { url: `http://127.0.0.1:${port}/told`, bodies, told, [Symbol.dispose]: () => void server.close() }
  }
  const portOf = (address: AddressInfo | string | null) => (typeof address === 'object' ? (address?.port ?? 0) : 0)
  const uuid = '2ba40014-5fa5-11ea-b5e9-037d4786a49d'

  test('has the results as they are told to who asks', async () => {
    using shop = await till()
    const client = await newClient()
    await client.post(`${API}/requests`, { uuid, callbacks: { resultUrl: shop.url }, request: [SALE] })
    const results = await client.finish(uuid)
    await shop.told
    expect(shop.bodies.map((body) => callback.parse(body))).toEqual([{ uuid, results }])
  })

  test('may be lost, and the results are there to be asked for', async () => {
    using shop = await till()
    const client = await newClient()
    await client.fail({ callback_lost: 1 })
    await client.post(`${API}/requests`, { uuid, callbacks: { resultUrl: shop.url }, request: [SALE] })
    expect(await client.finish(uuid)).toMatchObject([{ status: 'ready' }])
    await client.post(`${API}/requests`, { uuid: 'aaaabbbb', callbacks: { resultUrl: shop.url }, request: [SALE] })
    await client.finish('aaaabbbb')
    await shop.told
    expect(shop.bodies).toMatchObject([{ uuid: 'aaaabbbb' }])
  })
})
