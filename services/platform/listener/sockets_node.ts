import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type ClientSocket, type Door, type Meet, peerName } from './sockets.ts'

/** Sockets of `node:net`. @throws the system's error, with its code */
export function openDoor(port: number, hostname: string, meet: Meet): Promise<Door> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const events = meet(clientSocket(socket))
    socket.on('data', (bytes) => events.heard(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
    socket.on('drain', () => events.drained())
    // Node emits no `drain` after `end`.
    socket.on('finish', () => events.drained())
    socket.on('end', () => events.ended())
    socket.on('close', () => events.closed())
    // `close` follows and reports the unsent bytes.
    socket.on('error', () => socket.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => {
      server.off('error', reject)
      // For example, no descriptor is left: a waiting client is accepted once there is one.
      server.on('error', () => undefined)
      resolve({ port: (server.address() as AddressInfo).port, close: () => server.close() })
    })
  })
}

const clientSocket = (socket: Socket): ClientSocket => ({
  peer: peerName(socket.remoteAddress, socket.remotePort),
  get isWritable() {
    return socket.writable
  },
  write: (bytes) => socket.write(bytes),
  end: () => socket.end(),
  destroy: (how) => {
    if (how === 'reset') socket.resetAndDestroy()
    else socket.destroy()
  },
  pause: () => socket.pause(),
  resume: () => socket.resume(),
})
