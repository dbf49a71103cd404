/** A bare `node:net` server. It prints its port, and for each line on stdin the number of connections that have come. */
import { type AddressInfo, createServer } from 'node:net'

let came = 0
const server = createServer((socket) => {
  came += 1
  socket.on('error', () => undefined).resume()
})
server.on('error', () => undefined)
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.stdin.on('data', () => process.stdout.write(`${came}\n`)).on('end', () => process.exit())
