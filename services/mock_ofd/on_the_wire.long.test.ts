/** Lost answers, as a client's socket sees them. Runs under `bun test` and `deno test`: each shows its own server. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { afterEach, test } from 'node:test'
import { type Listening, serve } from '@kkt/platform/serve.ts'
import { until } from '@kkt/platform/testing.ts'
import { buildNew, first, idOf, receipt } from './testing.ts'

const running: Listening[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop('now')
})

async function start() {
  const mock = buildNew()
  const handle = (request: Request) => mock.app.fetch(request)
  const server = await serve(handle, { hostname: '127.0.0.1', port: 0 })
  running.push(server)
  const url = `http://127.0.0.1:${server.port}/ofd/v1`
  const send = (fd: number, signal?: AbortSignal) =>
    fetch(`${url}/receipt`, { method: 'POST', body: JSON.stringify(receipt(fd)), ...(signal && { signal }) })
  return { ...mock, port: server.port, send }
}

/** A client that sends receipt 1 and leaves when told to. */
function impatient(send: Awaited<ReturnType<typeof start>>['send']) {
  const client = new AbortController()
  const outcome = send(1, client.signal).then(
    () => 'answered',
    () => 'gave up',
  )
  return { leave: () => client.abort(), outcome }
}

/** All bytes that a server sends to one request on a connection that the client would keep open. */
async function received(port: number, body: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  const head = `POST /ofd/v1/receipt HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  socket.write(head + body)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk.toString()
  })
  await new Promise((resolve) => socket.on('error', resolve).on('close', resolve))
  return answer
}

test('effect_then_cut: the head of a 200, half of the JSON, and the end of the connection', async () => {
  const { port, config, find } = await start()
  await config({ effect_then_cut: 1 })
  const answer = await received(port, JSON.stringify(receipt(1)))
  const half = JSON.stringify(first).slice(0, JSON.stringify(first).length / 2)
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/)
  assert.match(answer, /\r\ntransfer-encoding: chunked\r\n/i)
  assert.ok(answer.endsWith(`\r\n${half}\r\n`), answer)
  assert.equal((await find(idOf(1))).status, 200)
})

test('effect_then_cut: a client of HTTP sees that the answer is not whole', async () => {
  const { config, send } = await start()
  await config({ effect_then_cut: 1 })
  await assert.rejects(send(1).then((response) => response.text()))
  assert.deepEqual(await (await send(2)).json(), { ...first, ofd_id: 'OFD-000002', receipt_id: idOf(2) })
})

test('effect_then_silence: the receipt is there, and its sender hears nothing', async () => {
  const { ask, config, send, find } = await start()
  await config({ effect_then_silence: 1 })
  const { leave, outcome } = impatient(send)
  assert.equal((await ask('GET', '/ofd/v1/_test/wait?receipts=1&timeout=60')).status, 200)
  assert.equal((await send(2)).status, 200)
  leave()
  assert.equal(await outcome, 'gave up')
  assert.equal((await find(idOf(1))).status, 200)
})

test('effect_delay: what was cut off takes effect all the same, when its time has come', async () => {
  const { config, send, find, advance, sleepers } = await start()
  await config({ effect_delay: 3 })
  const { leave, outcome } = impatient(send)
  await until('the effect to wait', () => sleepers() > 0)
  leave()
  assert.equal(await outcome, 'gave up')
  await advance(2999)
  assert.equal((await find(idOf(1))).status, 404)
  await advance(1)
  assert.equal((await find(idOf(1))).status, 200)
})

test('effect_delay: a client that stays gets its answer', async () => {
  const { config, send, advance, sleepers } = await start()
  await config({ effect_delay: 3 })
  const answer = send(1)
  await until('the effect to wait', () => sleepers() > 0)
  await advance(3000)
  assert.deepEqual(await (await answer).json(), { ...first, timestamp: first.timestamp + 3 })
})
