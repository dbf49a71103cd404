/** Faults of connections that serve several calls. Runs under `bun test` and `deno test`: each has its own sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, test } from 'node:test'
import { z } from 'zod'
import { start, stopAll } from './testing/port.ts'
import { idOf, receipt } from './testing.ts'

afterEach(stopAll)

const answersIn = (received: string) => [...received.matchAll(/"ofd_id":"OFD-0*(\d+)"/g)].map(([, number]) => number)
const log = z.object({ calls: z.array(z.object({ receipt_id: z.string().nullable(), attempt: z.int() })) })

type Started = Awaited<ReturnType<typeof start>>
const callsThatMet = async ({ url }: Started, fault: string) =>
  log.parse(await (await fetch(`${url}/_test/calls?fault=${fault}`)).json()).calls
/** Asks the control side, which faults of connections never strike. */
const isInLedger = async ({ url }: Started, fd: number) =>
  (await (await fetch(`${url}/_test/receipts?receipt_id=${idOf(fd)}`)).text()).includes('"count":1')

test('second_answer: the next call on that connection gets the answer of the one before, and then its own', async () => {
  const mock = await start()
  await mock.config({ second_answer: 1 })
  const [line, other] = [mock.dial(), mock.dial()]
  line.post(1)
  await line.until('OFD-000001')
  other.post(2)
  await other.until('OFD-000002')
  line.post(3)
  await line.until('OFD-000003')
  line.post(4)
  await line.until('OFD-000004')
  assert.deepEqual(answersIn(other.received()), ['2'])
  assert.deepEqual(answersIn(line.received()), ['1', '1', '3', '4'])
  const met = (await callsThatMet(mock, 'second_answer')).map(({ receipt_id }) => receipt_id)
  assert.deepEqual(met, [idOf(1), idOf(3)])
})

test('second_answer: each is a whole answer, the same as the first to its last byte of JSON', async () => {
  const { config, dial } = await start()
  await config({ second_answer: true })
  const line = dial()
  line.post(1)
  await line.until('OFD-000001')
  line.post(2)
  await line.until('OFD-000002')
  const bodies = line
    .received()
    .split('HTTP/1.1 200 OK\r\n')
    .slice(1)
    .map((answer) => answer.split('\r\n\r\n'))
  assert.equal(bodies.length, 3)
  for (const [head = '', body = ''] of bodies) {
    assert.equal(Number(/content-length: (\d+)/i.exec(head)?.[1] ?? body.length), body.length)
    assert.match(body, /^\{.*\}$/)
  }
  assert.equal(bodies[1]?.[1], bodies[0]?.[1])
})

test('second_answer: what fetch takes for the answer to its second request', async () => {
  const { config, url } = await start()
  const sell = async (fd: number) =>
    await (await fetch(`${url}/receipt`, { method: 'POST', body: JSON.stringify(receipt(fd)) })).text()
  await config({ second_answer: 1 })
  assert.deepEqual(answersIn(await sell(1)), ['1'])
  assert.deepEqual(answersIn(await sell(2)), ['1'])
})

test('second_answer: a reset forgets what is yet to come', async () => {
  const { config, dial, url } = await start()
  await config({ second_answer: 1 })
  const line = dial()
  line.post(1)
  await line.until('OFD-000001')
  await fetch(`${url}/_test/reset`, { method: 'POST' })
  line.post(2)
  await line.until('"timestamp"')
  line.post(3)
  await line.until('OFD-000002')
  assert.deepEqual(answersIn(line.received()), ['1', '1', '2'])
})

test('dead_connections: what was open is reset when it is used, what is new is served', async () => {
  const mock = await start()
  const [used, silent] = [mock.dial(), mock.dial()]
  await once(silent.socket, 'connect')
  used.post(1)
  await used.until('OFD-000001')
  await mock.config({ dead_connections: true })
  const fresh = mock.dial()
  fresh.post(2)
  await fresh.until('OFD-000002')
  fresh.post(3)
  await fresh.until('OFD-000003')
  for (const [line, fd] of [
    [used, 4],
    [silent, 5],
  ] as const) {
    const before = line.received()
    line.post(fd)
    assert.equal(await line.ended, 'ECONNRESET')
    assert.equal(line.received(), before)
    assert.equal(await isInLedger(mock, fd), false)
  }
  const unread = { receipt_id: null, attempt: 0 }
  assert.deepEqual(await callsThatMet(mock, 'dead_connections'), [unread, unread])
})

test('dead_connections: a look-up is reset as a submission is', async () => {
  const { config, dial } = await start()
  const line = dial()
  line.post(1)
  await line.until('OFD-000001')
  await config({ dead_connections: true })
  const before = line.received()
  line.socket.write(`GET /ofd/v1/receipt/${idOf(1)} HTTP/1.1\r\nhost: localhost\r\n\r\n`)
  assert.equal(await line.ended, 'ECONNRESET')
  assert.equal(line.received(), before)
})

test('dead_connections: ended before they are used, they live', async () => {
  const { config, dial } = await start()
  const line = dial()
  line.post(1)
  await line.until('OFD-000001')
  await config({ dead_connections: true })
  await config({ dead_connections: false })
  line.post(2)
  await line.until('OFD-000002')
})

test('half_open: what is swallowed is not read, and not named', async () => {
  const mock = await start()
  await mock.config({ half_open: { times: 1 } })
  const line = mock.dial()
  line.post(1)
  await line.until('OFD-000001')
  line.post(2)
  assert.equal((await fetch(`${mock.url}/_test/wait?calls=2&fault=half_open&timeout=10`)).status, 200)
  assert.deepEqual(await callsThatMet(mock, 'half_open'), [
    { receipt_id: idOf(1), attempt: 1 },
    { receipt_id: null, attempt: 0 },
  ])
})
