/** Runs under `bun test` and `deno test`: each tests its own `fetch`. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, test } from 'node:test'
import { fetchOver } from './fetch.ts'

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
  let held: (() => void)[] | null = null
  const server = createServer((socket) => {
    const ordinal = String(++connections)
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => {
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
    while ((held?.length ?? 0) < count) await new Promise((resolve) => setImmediate(resolve))
  }
  return { url: `http://127.0.0.1:${port}/`, powerCycle, hold, isWaiting }
}

const request = (url: string, method = 'POST') =>
  new Request(url, { method, ...(method === 'POST' && { body: '{}' }), redirect: 'manual' })

const answered = async (response: Promise<Response>) => await (await response).text()

test('a pooled request goes over the connection of the one before, a fresh one over its own', async () => {
  const { url } = await startPeer()
  const ordinals = []
  for (const connection of ['pooled', 'pooled', 'fresh', 'fresh', 'pooled'] as const) {
    ordinals.push(await answered(fetchOver(request(url), connection)))
  }
  assert.deepEqual(ordinals, ['1', '1', '2', '3', '1'])
})

for (const method of ['POST', 'GET']) {
  test(`a fresh ${method} meets no connection that died in the pool`, async () => {
    const { url, powerCycle } = await startPeer()
    // A late request may reuse the connection of an answered one.
    const pooled = await Promise.all([1, 2, 3].map(() => answered(fetchOver(request(url), 'pooled'))))
    powerCycle()
    assert.equal(await answered(fetchOver(request(url, method), 'fresh')), String(new Set(pooled).size + 1))
    await assert.rejects(answered(fetchOver(request(url), 'pooled')))
  })
}

test('a new pool meets no connection that died in the one before, and keeps its own', async () => {
  const { url, powerCycle } = await startPeer()
  const before = await Promise.all([1, 2, 3].map(() => answered(fetchOver(request(url), 'pooled'))))
  powerCycle()
  const ordinal = String(new Set(before).size + 1)
  assert.equal(await answered(fetchOver(request(url), 'new_pool')), ordinal)
  for (let i = 0; i < 3; i++) assert.equal(await answered(fetchOver(request(url), 'pooled')), ordinal)
})

test('a request under way when a new pool begins gets its answer, and leaves its connection to nobody', async () => {
  const { url, hold, isWaiting } = await startPeer()
  const letGo = hold()
  const underWay = answered(fetchOver(request(url), 'pooled'))
  await isWaiting(1)
  const renewing = answered(fetchOver(request(url), 'new_pool'))
  await isWaiting(2)
  letGo()
  assert.equal(await underWay, '1')
  assert.equal(await renewing, '2')
  const both = await Promise.all([1, 2].map(() => answered(fetchOver(request(url), 'pooled'))))
  assert.ok(!both.includes('1'), `a request went over a connection of the earlier pool: ${both}`)
})

test('a fresh request follows no redirect either, and ends with its signal', async () => {
  const { url } = await startPeer('HTTP/1.1 307 Moved\r\nlocation: /elsewhere')
  assert.equal((await fetchOver(request(url), 'fresh')).status, 307)
  const signal = AbortSignal.abort(new Error('at once'))
  await assert.rejects(fetchOver(new Request(url, { method: 'POST', signal }), 'fresh'))
})
