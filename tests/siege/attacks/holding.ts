/** Clients that take places and memory, and send nothing, too little or too slowly. */
import { MAX_BODY_BYTES } from '@kkt/adapter/src/http/receipt_schema.ts'
import type { Attack, Size } from '../attack.ts'
import { holdMany } from '../hold.ts'

/** The besieged adapter's MAX_CONNECTIONS: few, so that the attackers can take all places. */
export const MOST_CONNECTIONS = 200
const SURPLUS = 72
/** Until the adapter has ended them: its limits are 10 s, and it looks each second. */
const HELD_MS: Readonly<Record<Size, number>> = { short: 1000, long: 13_000 }
/** Idle connections may stay for more than a minute. */
const IDLE_MS: Readonly<Record<Size, number>> = { short: 1000, long: 5000 }
const SLOW: Readonly<Record<Size, number>> = { short: 5, long: 50 }
/** In the long form together above the 32 MiB that the listener sets aside for bodies, the first 16 KiB of each not counted. */
const LARGE_BODIES: Readonly<Record<Size, number>> = { short: 4, long: 150 }

const POST = 'POST /v1/kkt/receipt HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: slow\r\n'

export const slowHeads: Attack = {
  name: 'slow heads',
  lane: 'holds',
  begin: (siege) =>
    holdMany(siege, { count: SLOW[siege.size], first: () => `${POST}x: `, drip: 'a', forMs: HELD_MS[siege.size] }),
}

export const slowBodies: Attack = {
  name: 'slow bodies',
  lane: 'holds',
  begin: (siege) =>
    holdMany(siege, {
      count: SLOW[siege.size],
      first: (i) => `${POST}${i % 2 === 0 ? 'Content-Length: 100000\r\n\r\n' : 'Transfer-Encoding: chunked\r\n\r\n'}`,
      // For a chunked body it is a chunk, and for the others just bytes.
      drip: '1\r\n \r\n',
      forMs: HELD_MS[siege.size],
    }),
}

export const unfinishedBodies: Attack = {
  name: 'large bodies without an end',
  lane: 'holds',
  begin: (siege) => {
    const body = Buffer.concat([
      Buffer.from(`${POST}Content-Length: ${MAX_BODY_BYTES}\r\n\r\n`),
      Buffer.alloc(MAX_BODY_BYTES - 1, ' '),
    ])
    return holdMany(siege, { count: LARGE_BODIES[siege.size], first: () => body, drip: '', forMs: HELD_MS[siege.size] })
  },
}

export const idle: Attack = {
  name: 'more idle connections than there is room for',
  lane: 'holds',
  begin: (siege) =>
    holdMany(siege, {
      count: MOST_CONNECTIONS + SURPLUS,
      // Half of them have begun a request, which takes a firmer hold of a place.
      first: (i) => (i % 2 === 0 ? '' : 'GET /v1/health HTTP/1.1\r\n'),
      drip: '',
      forMs: IDLE_MS[siege.size],
    }),
}
