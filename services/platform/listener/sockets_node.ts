import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { type ClientSocket, type Door, type Identity, type Meet, type Place, peerName } from './sockets.ts'

/** Sockets of `node:net` and `node:tls`. @throws the system's error, with its code */
export function openDoor({ port, hostname, identity }: Place, meet: Meet): Promise<Door> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (raw) => {
    if (identity === null) follow(raw, raw, meet)
    else follow(secureSocket(raw, identity()), raw, meet)
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

/** The server's side of a TLS connection. It emits `secure` when the handshake is done. */
function secureSocket(raw: Socket, identity: Identity): TLSSocket {
  // The types lack `allowHalfOpen`, which both runtimes take.
  const options = { isServer: true, secureContext: createSecureContext(identity), allowHalfOpen: true }
  return new TLSSocket(raw, options)
}

/** @param raw the connection that carries the socket; without TLS, the socket itself */
function follow(socket: Socket, raw: Socket, meet: Meet): void {
  const client = clientSocket(socket, raw)
  const events = meet(client)
  socket.on('secure', () => {
    client.isSecured = true
    events.secured()
  })
  socket.on('data', (bytes) => events.heard(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
  socket.on('drain', () => events.drained())
  // Node emits no `drain` after `end`.
  socket.on('finish', () => events.drained())
  socket.on('end', () => events.ended())
  socket.on('close', () => events.closed())
  // `close` follows and reports the unsent bytes.
  socket.on('error', () => socket.destroy())
}

const clientSocket = (socket: Socket, raw: Socket): ClientSocket & { isSecured: boolean } => ({
  peer: peerName(raw.remoteAddress, raw.remotePort),
  isSecured: socket === raw,
  get isWritable() {
    return socket.writable
  },
  write: (bytes) => socket.write(bytes),
  end: () => socket.end(),
  destroy: (how) => {
    if (how === 'reset') raw.resetAndDestroy()
    else socket.destroy()
  },
  pause: () => socket.pause(),
  resume: () => socket.resume(),
})
