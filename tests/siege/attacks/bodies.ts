/** Bodies that are far too large, also packed ones, and bodies that never end. */
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { type Attack, inParallel, message, send } from '../attack.ts'
import { isTaken } from '../tally.ts'

const MEGABYTE = 2 ** 20
const AT_ONCE = 4
const TIMES = { short: 1, long: 4 }
/** Packed, it is below the limit of a body. */
const PACKED_MEGABYTES = { short: 4, long: 64 }
const ROUTES = [
  '/v1/kkt/receipt',
  '/v1/kkt/buffer/dlq/requeue',
  '/v1/kkt/buffer/dlq/00000000-0000-7000-8000-000000000000/close',
  '/v1/kkt/buffer/sync',
]
const PACKERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync }
const KEY = 'Idempotency-Key: bodies'

function* endless(head: string, frame: (chunk: Buffer) => Iterable<string | Uint8Array>, bytes: number) {
  yield `${head}\r\n\r\n`
  const chunk = Buffer.alloc(64 * 1024, ' ')
  for (let sent = 0; sent < bytes; sent += chunk.length) yield* frame(chunk)
}

const headOf = (path: string, field: string) => `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${KEY}\r\n${field}`

function large(path: string): (readonly [name: string, bytes: Iterable<string | Uint8Array>])[] {
  const length = 50 * MEGABYTE
  const framed = (chunk: Buffer) => [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n']
  const chunked = headOf(path, 'Transfer-Encoding: chunked')
  return [
    ['50 MB of a said length', endless(headOf(path, `Content-Length: ${length}`), (chunk) => [chunk], length)],
    ['50 MB in chunks', endless(chunked, framed, length)],
    ['a length of 2^53', endless(headOf(path, `Content-Length: ${2 ** 53}`), (chunk) => [chunk], MEGABYTE)],
    ['a chunk of 4 GB', [`${chunked}\r\n\r\nffffffff\r\n`, Buffer.alloc(MEGABYTE)]],
    ['300 000 chunks of a byte', [`${chunked}\r\n\r\n`, '1\r\n \r\n'.repeat(300_000)]],
    ['trailers of a megabyte', [`${chunked}\r\n\r\n0\r\n`, `a: ${'b'.repeat(1000)}\r\n`.repeat(1000)]],
  ]
}

export const bodies: Attack = {
  name: 'huge and packed bodies',
  lane: 'strikes',
  async begin(siege) {
    const plain = Buffer.from(`{"a":"${' '.repeat(PACKED_MEGABYTES[siege.size] * MEGABYTE)}"}`)
    const packed = Object.entries(PACKERS).flatMap(([encoding, pack]) => {
      const body = pack(plain)
      return ROUTES.map(
        (path) =>
          [
            `${encoding} of ${plain.length} bytes at ${path}`,
            message({ method: 'POST', path, fields: [KEY, `Content-Encoding: ${encoding}`], body }, siege.token),
          ] as const,
      )
    })
    for (let time = 0; time < TIMES[siege.size]; time += 1) {
      const all = [...packed, ...ROUTES.slice(0, siege.size === 'short' ? 1 : undefined).flatMap(large)]
      await inParallel(all, AT_ONCE, async ([name, bytes]) => {
        const reply = await send(siege, bytes)
        // A manual sync reads no body.
        if (isTaken(reply) && !name.endsWith('/sync')) siege.tally.fault(`${name} was taken`)
      })
    }
  },
}
