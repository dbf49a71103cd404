/** A mock OFD with a port of its own, and clients that see each byte. Runs on Bun and on Deno. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import { z } from 'zod'
import { createMockOfd } from '../app.ts'
import { idOf, receipt } from '../testing.ts'

export const IS_BUN = process.versions['bun'] !== undefined
/** On Deno a server has no hold of its connections: what it breaks off ends with FIN. */
export const BROKEN_OFF = IS_BUN ? 'ECONNRESET' : 'FIN'
/** Where bytes can be sent behind the server's back. */
export const REACHES_CONNECTIONS = IS_BUN && process.platform === 'linux'

const callList = z.object({
  calls: z.array(
    z.object({
      fault: z.string().nullable(),
      effect: z.boolean(),
      reply_sent: z.boolean(),
      status: z.int().nullable(),
    }),
  ),
})

const running: { server: Port; sockets: Socket[] }[] = []
export async function stopAll(): Promise<void> {
  for (const { server, sockets } of running.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await server.stop('now')
  }
}

export function start() {
  const { app, listenOn } = createMockOfd({
    clock: systemClock,
    logger: createLogger('test', 'error', () => undefined),
  })
  const options = { hostname: '127.0.0.1', port: 0, idleTimeoutSeconds: 0 }
  const server = openPort((request) => app.fetch(request), options)
  listenOn(server)
  const sockets: Socket[] = []
  running.push({ server, sockets })
  const url = `http://127.0.0.1:${server.port}/ofd/v1`
  const config = async (change: unknown) => {
    const answer = await fetch(`${url}/_test/config`, { method: 'POST', body: JSON.stringify(change) })
    assert.equal(answer.status, 200, await answer.text())
  }
  const lastCall = async () => callList.parse(await (await fetch(`${url}/_test/calls`)).json()).calls.at(-1)
  const isTaken = async (fd: number) => (await fetch(`${url}/receipt/${idOf(fd)}`)).status === 200
  const dial = () => {
    const line = conversation(server.port)
    sockets.push(line.socket)
    return line
  }
  return { url, port: server.port, config, lastCall, isTaken, dial }
}

/** A client with nothing between it and the bytes. */
export function conversation(port: number) {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  let notify: () => unknown = () => undefined
  const ended = new Promise<string>((resolve) => {
    socket.on('end', () => resolve('FIN'))
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.name))
  })
  socket.on('data', (chunk) => {
    received += chunk
    notify()
  })
  return {
    socket,
    ended,
    received: () => received,
    post(fd: number) {
      const body = JSON.stringify(receipt(fd))
      const head = `POST /ofd/v1/receipt HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
      socket.write(head + body)
    },
    until: (text: string) =>
      new Promise<void>((resolve) => {
        notify = () => {
          if (received.includes(text)) resolve()
        }
        notify()
      }),
  }
}
