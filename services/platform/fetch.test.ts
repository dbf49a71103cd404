/** Runs under `bun test` and `deno test`: each tests its own `fetch`. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { type Connection, fetchOver } from './fetch.ts'
import { until } from './testing.ts'

const servers: Server[] = []
const open = new Set<Socket>()
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const socket of open) socket.destroy()
})

/** Answers each request with the ordinal of its connection, and keeps connections open until `powerCycle`. */
async function startPeer(head = 'HTTP/1.1 200 OK') {
  const dead = new Set<Socket>()
  let connections = 0
  let posts = 0
  let held: (() => void)[] | null = null
  const server = createServer((socket) => {
    const ordinal = String(++connections)
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      if (String(data).startsWith('POST')) posts += 1
      const answer = () => socket.write(`${head}\r\ncontent-length: ${ordinal.length}\r\n\r\n${ordinal}`)
      if (dead.has(socket)) socket.resetAndDestroy()
      else if (held) held.push(answer)
      else answer()
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  /** Like a power cut: the client learns of each dead connection at its next use. */
  const powerCycle = () => {
    for (const socket of open) dead.add(socket)
  }
  /** From now on requests wait for their answers. @returns lets them have those */
  const hold = () => {
    const waiting: (() => void)[] = []
    held = waiting
    return () => {
      held = null
      for (const answer of waiting) answer()
    }
  }
  const isWaiting = async (count: number) => {
    await until(`${count} requests`, () => (held?.length ?? 0) >= count)
  }
  return { url: `http://127.0.0.1:${port}/`, powerCycle, hold, isWaiting, posts: () => posts }
}

const request = (url: string, method = 'POST') =>
  new Request(url, { method, ...(method === 'POST' && { body: '{}' }), redirect: 'manual' })

const answered = async (response: Promise<Response>) => await (await response).text()

test('a pooled request goes over the connection of the one before, a fresh one over its own', async () => {
  const { url } = await startPeer()
  const ordinals = []
  for (const connection of ['pooled', 'pooled', 'fresh', 'fresh', 'pooled'] as const) {
    ordinals.push(await answered(fetchOver(request(url, 'GET'), connection)))
  }
  assert.deepEqual(ordinals, ['1', '1', '2', '3', '1'])
})

/** @returns how many connections are in the pool then; a late request may reuse the connection of an answered one */
async function fillPool(url: string): Promise<number> {
  return new Set(await Promise.all([1, 2, 3].map(() => answered(fetchOver(request(url, 'GET'), 'pooled'))))).size
}

for (const connection of ['fresh', 'new_pool'] as const) {
  for (const method of ['POST', 'GET']) {
    test(`a ${method} over a ${connection} connection meets none that died in the pool`, async () => {
      const { url, powerCycle } = await startPeer()
      const pooled = await fillPool(url)
      powerCycle()
      assert.equal(await answered(fetchOver(request(url, method), connection)), String(pooled + 1))
    })
  }
}

test('invariant 4: a POST is sent once, also where its connection died in the pool', async () => {
  const { url, powerCycle, posts } = await startPeer()
  await fillPool(url)
  await answered(fetchOver(request(url), 'pooled'))
  powerCycle()
  const before = posts()
  await answered(fetchOver(request(url), 'pooled')).catch(() => undefined)
  assert.equal(posts() - before, 1)
})

test('a new pool keeps its own connection', async () => {
  const { url, powerCycle } = await startPeer()
  const before = await fillPool(url)
  powerCycle()
  for (const connection of ['new_pool', 'pooled', 'pooled'] as const) {
    assert.equal(await answered(fetchOver(request(url, 'GET'), connection)), String(before + 1))
  }
})

test('a request under way when a new pool begins gets its answer, and leaves its connection to nobody', async () => {
  const { url, hold, isWaiting } = await startPeer()
  const get = (connection: Connection) => answered(fetchOver(request(url, 'GET'), connection))
  const letGo = hold()
  const underWay = get('pooled')
  await isWaiting(1)
  const renewing = get('new_pool')
  await isWaiting(2)
  letGo()
  assert.equal(await underWay, '1')
  assert.equal(await renewing, '2')
  const both = await Promise.all([get('pooled'), get('pooled')])
  assert.ok(!both.includes('1'), `a request went over a connection of the earlier pool: ${both}`)
})

test('a fresh request follows no redirect either, and ends with its signal', async () => {
  const { url } = await startPeer('HTTP/1.1 307 Moved\r\nlocation: /elsewhere')
  assert.equal((await fetchOver(request(url), 'fresh')).status, 307)
  const signal = AbortSignal.abort(new Error('at once'))
  await assert.rejects(fetchOver(new Request(url, { method: 'POST', signal }), 'fresh'))
})
