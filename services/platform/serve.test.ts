import { afterEach, expect, test } from 'bun:test'
import { type Listening, PortTaken, serve } from './serve.ts'

const running: Listening[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop('now')
})

function start(handle: () => Response | Promise<Response>, port = 0): Listening {
  const server = serve(handle, { hostname: '127.0.0.1', port, idleTimeoutSeconds: 0 })
  running.push(server)
  return server
}
const url = ({ port }: Listening) => `http://127.0.0.1:${port}/`

test('port 0 listens on a free port and tells which', async () => {
  const server = start(() => new Response('here'))
  expect(server.port).toBeGreaterThan(0)
  expect(await (await fetch(url(server))).text()).toBe('here')
})

test('a taken port is told by number, with what to do', () => {
  const { port } = start(() => new Response())
  expect(() => start(() => new Response(), port)).toThrow(new PortTaken(port))
  expect(new PortTaken(port).message).toContain(`Port ${port} is taken`)
})

test('stopping lets the answers under way be given', async () => {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const server = start(async () => {
    arrived.resolve()
    await release.promise
    return new Response('whole')
  })
  const answer = fetch(url(server)).then((response) => response.text())
  await arrived.promise
  const stopped = server.stop()
  release.resolve()
  expect(await answer).toBe('whole')
  await stopped
  await expect(fetch(url(server))).rejects.toThrow()
})

test('stopping now cuts off an answer that never comes', async () => {
  const arrived = Promise.withResolvers<void>()
  const server = start(() => {
    arrived.resolve()
    return new Promise<Response>(() => {})
  })
  const answer = fetch(url(server)).then(
    () => 'answered',
    () => 'cut off',
  )
  await arrived.promise
  await server.stop('now')
  expect(await answer).toBe('cut off')
})
