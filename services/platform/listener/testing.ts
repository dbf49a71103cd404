import { connect, type Socket } from 'node:net'

/** A client with nothing between it and the bytes. */
export function conversation(port: number) {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
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
    /** How the other side has ended the connection. */
    ended,
    received: () => received,
    /** Resolves when this has come so often. */
    until: (text: string, count = 1) =>
      new Promise<void>((resolve) => {
        notify = () => {
          if (received.split(text).length > count) resolve()
        }
        notify()
      }),
  }
}
