/** The faults that need a port: each as a client with raw bytes meets it. */
import { afterEach, expect, test } from 'bun:test'
import { systemClock } from '@kkt/platform/clock.ts'
import { conversation } from '@kkt/platform/listener/testing.ts'
import { openPort } from '@kkt/platform/serve.ts'
import { until } from '@kkt/platform/testing.ts'
import { AUTH, buildWhole, sale, uuidOf } from './testing/service.ts'

/** Stops whatever the last test has left open. */
const leftovers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of leftovers.splice(0)) await close()
})

async function start() {
  const mock = buildWhole({ clock: systemClock })
  const server = await openPort((request) => mock.app.handle(request), { hostname: '127.0.0.1', port: 0 })
  mock.listenOn(server)
  leftovers.push(() => server.stop('now'))
  const url = `http://127.0.0.1:${server.port}`
  return {
    ...mock,
    url,
    dial() {
      const line = conversation(server.port)
      leftovers.push(() => line.socket.destroy())
      const post = (n: number) => {
        const body = JSON.stringify({ uuid: uuidOf(n), request: [sale] })
        const head = `POST /api/v2/requests HTTP/1.1\r\nhost: localhost\r\nauthorization: ${AUTH.authorization}`
        line.socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      }
      return { ...line, post, answer: (n: number) => line.until(`"uuid":"${uuidOf(n)}"`) }
    },
  }
}

const configured = async (url: string, change: object) => {
  const { status } = await fetch(`${url}/_test/config`, { method: 'POST', body: JSON.stringify(change) })
  expect(status).toBe(200)
}

test('second_answer: the next request on that connection gets the answer of the one before', async () => {
  const { dial, url } = await start()
  await configured(url, { second_answer: 1 })
  const line = dial()
  line.post(1)
  await line.answer(1)
  line.post(2)
  await line.answer(2)
  const uuids = [...line.received().matchAll(/"uuid":"([^"]+)"/g)].map(([, uuid]) => uuid)
  expect(uuids).toEqual([uuidOf(1), uuidOf(1), uuidOf(2)])
})

test('dead_connections: a connection that was open is reset at its next request, which is not taken', async () => {
  const { dial, url, get } = await start()
  const line = dial()
  line.post(1)
  await line.answer(1)
  await configured(url, { dead_connections: true })
  line.post(2)
  expect(await line.ended).toBe('ECONNRESET')
  expect((await get(2)).status).toBe(404)
})

test('half_open: a request is answered, and the next on its connection is swallowed', async () => {
  const { dial, url, get } = await start()
  await configured(url, { half_open: { times: 1 } })
  const line = dial()
  line.post(1)
  await line.answer(1)
  line.post(2)
  expect((await fetch(`${url}/_test/wait?calls=2&fault=half_open&timeout=10`)).status).toBe(200)
  expect((await get(2)).status).toBe(404)
})

test.each(['refuse_to_accept', 'restart'])('%s: the port is closed meanwhile, and opens again', async (fault) => {
  const { dial, url } = await start()
  const line = dial()
  line.post(1)
  await line.answer(1)
  await configured(url, { [fault]: { seconds: 0.1 } })
  expect(await line.ended).toMatch(/ECONNRESET|FIN/)
  const isBack = () =>
    fetch(`${url}/health`).then(
      ({ status }) => status === 200,
      () => false,
    )
  await until('the port to open again', isBack)
})
