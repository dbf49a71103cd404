import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { LONG, SEED } from '../testing.ts'
import { BodyMemory } from './bodies.ts'
import { LIMITS } from './limits.ts'
import { type Reading, RequestReader } from './reader.ts'

/** The short form meets each kind of request and of cut many times. */
const RUNS = LONG ? 1000 : 80

type Sent = { method: string; body: string; in: 'one piece' | 'chunks' | 'nothing' }

function written({ method, body, in: form }: Sent): string {
  const head = `${method} /${body.length} HTTP/1.1\r\nhost: a\r\n`
  if (form === 'nothing') return `${head}\r\n`
  if (form === 'one piece') return `${head}content-length: ${body.length}\r\n\r\n${body}`
  const chunks = body.match(/[\s\S]{1,7}/g) ?? []
  const inChunks = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')
  return `${head}transfer-encoding: chunked\r\n\r\n${inChunks}0\r\n\r\n`
}

/** The requests read from bytes that arrive in these pieces. */
function readAll(pieces: Buffer[], memory: BodyMemory): Extract<Reading, { kind: 'request' | 'refused' }>[] {
  const reader = new RequestReader(LIMITS, memory)
  const all: Extract<Reading, { kind: 'request' | 'refused' }>[] = []
  for (const piece of pieces) {
    reader.add(piece)
    for (;;) {
      const reading = reader.read()
      if (reading.kind !== 'request' && reading.kind !== 'refused') break
      all.push(reading)
      if (reading.kind === 'refused') return all
    }
  }
  return all
}

/** Cuts bytes at these places. */
function cut(bytes: Buffer, places: number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end))
}

const sent = fc.record<Sent>({
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  body: fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[^\x20-\x7e\r\n]/g, '?')),
  in: fc.constantFrom('one piece', 'chunks', 'nothing'),
})
const places = fc.array(fc.nat(), { maxLength: 20 })

test(`whatever comes in whatever pieces is read as it was sent (SEED=${SEED})`, () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 5 }), places, (requests, at) => {
      const memory = new BodyMemory(1_000_000)
      const read = readAll(cut(Buffer.from(requests.map(written).join('\r\n')), at), memory)
      const bodies = read.map((one) =>
        one.kind === 'request' ? [one.head.method, String(one.body)] : one.problem.code,
      )
      expect(bodies).toEqual(requests.map(({ method, body, in: form }) => [method, form === 'nothing' ? '' : body]))
      expect(memory.heldBytes).toBe(0)
    }),
    { seed: SEED, numRuns: RUNS },
  )
})

test(`invariant 10: any bytes are read or refused, alike in whatever pieces they come (SEED=${SEED})`, () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)),
    fc
      .tuple(sent, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 3 }))
      .map(([request, place, some]) =>
        Buffer.concat(cut(Buffer.from(written(request)), [place]).toSpliced(1, 0, Buffer.from(some))),
      ),
  )
  const told = (pieces: Buffer[]) =>
    readAll(pieces, new BodyMemory(1_000_000)).map((one) =>
      one.kind === 'request' ? [one.head, String(one.body)] : one.problem.status,
    )
  fc.assert(
    fc.property(bytes, places, (some, at) => {
      const whole = told([some])
      for (const one of whole) expect(typeof one === 'object' || (one >= 400 && one < 500)).toBe(true)
      expect(told(cut(some, at))).toEqual(whole)
    }),
    { seed: SEED, numRuns: RUNS },
  )
})

test.each([
  ['LF in a chunk extension', '1;\n\r\na\r\n0\r\n\r\n'],
  ['CR in a chunk extension', '1;a=\r\r\na\r\n0\r\n\r\n'],
  ['a null in a chunk extension', '1;\0\r\na\r\n0\r\n\r\n'],
  ['LF in a trailer', '1\r\na\r\n0\r\nb: c\n\nGET / HTTP/1.1\r\n\r\n'],
  ['a trailer that is no field', '1\r\na\r\n0\r\nGET / HTTP/1.1\r\n\r\n'],
])('%s, at which another reader could see the end of the body, is refused', (_what, body) => {
  const request = Buffer.from(`POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n${body}`)
  const [reading, ...others] = readAll([request], new BodyMemory(1_000_000))
  expect(reading).toMatchObject({ kind: 'refused', problem: { status: 400, code: 'malformed_request' } })
  expect(others).toEqual([])
})
