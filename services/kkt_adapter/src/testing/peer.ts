/** Other ends of a connection for the tests of clients: HTTP servers, and sockets that speak it badly or not at all. */
import { onTestFinished } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { serve } from '@kkt/platform/serve.ts'

export type Asked = { method: string; path: string; headers: Headers; body: string }

/** Answers HTTP as a test says, and keeps what it was asked. */
export function httpPeer(answer: (asked: Asked) => Response | Promise<Response>) {
  const asked: Asked[] = []
  const handle = async (request: Request) => {
    const { method, headers } = request
    const one = { method, headers, path: new URL(request.url).pathname, body: await request.text() }
    asked.push(one)
    return answer(one)
  }
  const { port, stop } = serve(handle, { hostname: '127.0.0.1', port: 0, idleTimeoutSeconds: 0 })
  onTestFinished(() => stop('now'))
  return { url: `http://127.0.0.1:${port}`, asked }
}

/** Takes connections and does with each whatever a test says, once something has come in. */
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

/** The beginning of an answer whose body is said to be longer than what follows. */
export const CUT_ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"status":'
