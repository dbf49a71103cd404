/** Random bytes, and good requests with random changes, drawn by fast-check. */
import fc from 'fast-check'
import { receipt } from '../../harness/receipts.ts'
import { type Attack, inParallel, message, send } from '../attack.ts'

const AT_ONCE = 24
const TRIES = { short: 300, long: 10_000 }
/** One try in this many has no request as its beginning. */
const ONE_RANDOM_IN = 5
/** Few, so that most changed sales replay an earlier one and the OFD's ledger does not fill with them. */
const KEYS = 50
const MOST_EDITS = 8
const MOST_BYTES = 2000
/** Bytes at which readers of HTTP and JSON turn. */
const TURNING = [0, 9, 10, 13, 32, 34, 37, 44, 45, 46, 47, 48, 58, 59, 63, 91, 92, 93, 123, 125, 127, 128, 255]

type Edit = { at: number; do: 'put' | 'insert' | 'remove' | 'repeat' | 'cut'; byte: number; length: number }

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat({ max: MOST_BYTES }),
  do: fc.constantFrom('put', 'insert', 'remove', 'repeat', 'cut'),
  byte: fc.oneof(fc.constantFrom(...TURNING), fc.nat({ max: 255 })),
  length: fc.integer({ min: 1, max: 40 }),
})

/** The bytes with one change. */
export function edited(bytes: Buffer, { at, do: what, byte, length }: Edit): Buffer {
  const from = bytes.length === 0 ? 0 : at % bytes.length
  const [before, middle, after] = [bytes.subarray(0, from), bytes.subarray(from, from + length), bytes.subarray(from)]
  switch (what) {
    case 'put':
      return Buffer.concat([before, Buffer.of(byte), after.subarray(1)])
    case 'insert':
      return Buffer.concat([before, Buffer.of(byte), after])
    case 'remove':
      return Buffer.concat([before, after.subarray(length)])
    case 'repeat':
      return Buffer.concat([before, middle, after])
    case 'cut':
      return Buffer.from(before)
  }
}

const bytesOf = (parts: Uint8Array[]) => Buffer.concat(parts)

/** Good requests, one of each kind. */
function goodRequests(token: string): Buffer[] {
  const body = JSON.stringify(receipt({ pos_id: 'fuzz' }))
  const sale = (i: number) => ({ method: 'POST', path: '/v1/kkt/receipt', fields: [`Idempotency-Key: fuzz-${i}`] })
  const chunked = [...sale(0).fields, 'Transfer-Encoding: chunked']
  const inChunks = Buffer.from(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)
  const gets = [
    ...[
      '/v1/kkt/receipts?status=pending&limit=5',
      '/v1/kkt/buffer/status',
      '/v1/kkt/buffer/events?kind=receipt&limit=2',
    ],
    ...['/v1/health', '/metrics', '/', '/docs', '/openapi.json', '/v1/kkt/buffer/dlq?reason=refused_by_ofd'],
    ...['/v1/kkt/buffer/samples', '/v1/kkt/receipt/00000000-0000-7000-8000-000000000000/slip?format=html&width=32'],
  ]
  return [
    ...Array.from({ length: KEYS }, (_, i) => bytesOf(message({ ...sale(i), body }, token))),
    ...gets.map((path) => bytesOf(message({ path }, token))),
    bytesOf([...message({ ...sale(0), fields: chunked }, token), inChunks]),
    bytesOf(message({ method: 'POST', path: '/v1/kkt/buffer/dlq/requeue', body: '{"dry_run":true}' }, token)),
    bytesOf(message({ method: 'OPTIONS', path: '/v1/kkt/receipt', fields: ['Origin: http://a.example'] }, token)),
  ]
}

/** The tries that this seed draws. */
export function drawTries(seed: number, count: number, token: string): Buffer[] {
  const good = goodRequests(token)
  const random = fc.uint8Array({ minLength: 1, maxLength: MOST_BYTES }).map((bytes) => Buffer.from(bytes))
  const changed = fc
    .tuple(fc.constantFrom(...good), fc.array(edit, { minLength: 1, maxLength: MOST_EDITS }))
    .map(([request, edits]) => edits.reduce(edited, request))
  const one = fc.oneof({ weight: 1, arbitrary: random }, { weight: ONE_RANDOM_IN - 1, arbitrary: changed })
  return fc.sample(one, { seed, numRuns: count })
}

export const fuzz: Attack = {
  name: 'random bytes and changed requests',
  lane: 'strikes',
  begin: (siege) =>
    inParallel(drawTries(siege.draw(2 ** 31), TRIES[siege.size], siege.token), AT_ONCE, (bytes) =>
      send(siege, [bytes]),
    ),
}
