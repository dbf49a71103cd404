/** A mock OFD with a port of its own, and clients that see each byte. Runs on Bun and on Deno. */
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { systemClock } from '@kkt/platform/clock.ts'
import { conversation } from '@kkt/platform/listener/testing.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import { z } from 'zod'
import { createMockOfd } from '../app.ts'
import { idOf, receipt } from '../testing.ts'

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

export async function start() {
  const { app, listenOn } = createMockOfd({
    clock: systemClock,
    logger: createLogger('test', 'error', () => undefined),
  })
  const server = await openPort((request) => app.fetch(request), { hostname: '127.0.0.1', port: 0 })
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
    const post = (fd: number) => line.socket.write(postOf(fd))
    return { ...line, post }
  }
  return { url, port: server.port, config, lastCall, isTaken, dial }
}

function postOf(fd: number): string {
  const body = JSON.stringify(receipt(fd))
  return `POST /ofd/v1/receipt HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}
