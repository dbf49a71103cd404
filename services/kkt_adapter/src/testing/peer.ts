/** Servers for the tests of clients: HTTP servers, and sockets that speak HTTP badly or not at all. */
import { onTestFinished } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { serve } from '@kkt/platform/serve.ts'

export type Asked = { method: string; path: string; headers: Headers; body: string }

/** Answers HTTP as a test says, and keeps the requests. */
export async function httpPeer(answer: (asked: Asked) => Response | Promise<Response>) {
  const asked: Asked[] = []
  const handle = async (request: Request) => {
    const { method, headers } = request
    const one = { method, headers, path: new URL(request.url).pathname, body: await request.text() }
    asked.push(one)
    return answer(one)
  }
  const { port, stop } = await serve(handle, { hostname: '127.0.0.1', port: 0 })
  onTestFinished(() => stop('now'))
  return { url: `http://127.0.0.1:${port}`, asked }
}

/** Accepts connections, and calls `onData` for received data. */
export async function rawPeer(onData: (socket: Socket, data: string) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', (data) => onData(socket, String(data)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(stop)
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, sockets, stop }
}

/** The beginning of an answer whose announced body is longer than the bytes that follow. */
export const CUT_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"status":'

const SUBMISSION = /^POST .*\r\n(?:.*\r\n)*?idempotency-key: (\S+)/i
const LOOK_UP = /^GET \S*\/([^\s/]+) /

/**
 * An OFD on a machine that can lose its power: its connections die silently, and clients learn it at their next use.
 * @param together the number of submissions that it takes before it answers the first, so that each has its own
 * connection
 */
export async function powerCycledOfd(together: number) {
  /** Each receipt as often as it was taken. */
  const ledger: string[] = []
  const dead = new Set<Socket>()
  let resets = 0
  const first = Promise.withResolvers<void>()
  const answerTo = (request: string): object => {
    const sent = SUBMISSION.exec(request)?.[1]
    if (sent !== undefined && ledger.push(sent) >= together) first.resolve()
    const id = sent ?? LOOK_UP.exec(request)?.[1] ?? ''
    const isThere = ledger.includes(id)
    return isThere
      ? { status: 'accepted', ofd_id: `OFD-${id}`, timestamp: 1, receipt_id: id }
      : { status: 'not_found', receipt_id: id }
  }
  const answer = (socket: Socket, request: string) => {
    if (dead.has(socket)) {
      resets += 1
      socket.resetAndDestroy()
      return
    }
    const body = JSON.stringify(answerTo(request))
    const status = body.includes('not_found') ? '404 Not Found' : '200 OK'
    void first.promise.then(() => socket.write(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n\r\n${body}`))
  }
  const { url, sockets, stop } = await rawPeer((socket, beginning) => {
    let received = beginning
    const take = () => {
      const request = wholeRequest(received)
      if (request === null) return
      received = ''
      answer(socket, request)
    }
    socket.on('data', (more) => {
      received += String(more)
      take()
    })
    take()
  })
  return {
    url,
    ledger,
    stop,
    sockets,
    get resets() {
      return resets
    },
    powerCycle: () => {
      for (const socket of sockets) dead.add(socket)
    },
  }
}

/** Clients send the next request only after the answer to the one before. */
function wholeRequest(received: string): string | null {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return null
  const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0)
  return Buffer.byteLength(received) >= headEnd + 4 + length ? received : null
}
