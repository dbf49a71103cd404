import { describe, expect, test } from 'bun:test'
import { jsonBody, jsonOrNothing } from './json_body.ts'
import { Problem } from './problem.ts'

const LIMIT_BYTES = 300_000
const read = (body: string | Uint8Array<ArrayBuffer> | ReadableStream | null, headers: Record<string, string> = {}) =>
  jsonBody(LIMIT_BYTES)({ request: new Request('http://localhost/', { method: 'POST', body, headers }) })

async function refusal(reading: Promise<unknown>): Promise<{ status: number; code: string }> {
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw new Error('expected a Problem')
  return { status: error.status, code: error.code }
}

/** A body of unknown length, as with `Transfer-Encoding: chunked`, that counts how much of it was read. */
function endless() {
  const chunk = new Uint8Array(100_000)
  let given = 0
  let cancelled = false
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        given += chunk.length
        controller.enqueue(chunk)
      },
      cancel: () => {
        cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, givenBytes: () => given, cancelled: () => cancelled }
}

const inChunks = (...chunks: (string | Uint8Array)[]) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      controller.close()
    },
  })

describe('reading JSON', () => {
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']) {
    test(`whatever the type says: ${type}`, async () => {
      expect(await read('{"a":[1]}', { 'content-type': type })).toEqual({ a: [1] })
    })
  }

  test('puts chunks together, also where one cuts a character', async () => {
    const [head, tail] = [new Uint8Array([0xd0]), new Uint8Array([0x96])]
    expect(await read(inChunks('{"name":"', head, tail, '"}'))).toEqual({ name: 'Ж' })
  })

  test('of announced length, as it comes over the wire', async () => {
    const body = '{"name":"Ж"}'
    expect(await read(body, { 'content-length': String(Buffer.byteLength(body)) })).toEqual({ name: 'Ж' })
  })

  test('takes a body of exactly the limit', async () => {
    expect(await read(`"${'x'.repeat(LIMIT_BYTES - 2)}"`)).toHaveLength(LIMIT_BYTES - 2)
  })
})

test('a route that requires nothing takes no body and an empty one as an empty object, and any other as it is', async () => {
  const orNothing = (body: string | null) =>
    jsonOrNothing(LIMIT_BYTES)({ request: new Request('http://localhost/', { method: 'POST', body }) })
  expect([await orNothing(null), await orNothing(''), await orNothing('{"a":1}')]).toEqual([{}, {}, { a: 1 }])
  expect(await refusal(orNothing(' '))).toEqual({ status: 400, code: 'malformed_json' })
})

describe('refusing', () => {
  const tooLarge = { status: 413, code: 'body_too_large' }
  const malformed = { status: 400, code: 'malformed_json' }

  test('a declared length above the limit, unread', async () => {
    const stream = endless()
    expect(await refusal(read(stream.body, { 'content-length': String(LIMIT_BYTES + 1) }))).toEqual(tooLarge)
    expect(stream.givenBytes()).toBe(0)
  })

  test('more than the length that was declared, above the limit', async () => {
    expect(await refusal(read('x'.repeat(LIMIT_BYTES + 1), { 'content-length': '1' }))).toEqual(tooLarge)
  })

  test('one byte above the limit', async () => {
    expect(await refusal(read(inChunks('"', 'x'.repeat(LIMIT_BYTES - 1), '"')))).toEqual(tooLarge)
  })

  test('a body without end as soon as it is above the limit', async () => {
    const stream = endless()
    expect(await refusal(read(stream.body))).toEqual(tooLarge)
    expect(stream.givenBytes()).toBe(400_000)
    expect(stream.cancelled()).toBe(true)
  })

  test('a body that breaks off', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    expect(await refusal(read(broken))).toEqual({ status: 400, code: 'malformed_body' })
  })

  test('bytes that are not UTF-8', async () => {
    expect(await refusal(read(new Uint8Array([0x22, 0xff, 0xfe, 0x22])))).toEqual({ status: 400, code: 'not_utf8' })
  })

  for (const body of ['', '{', '{"a":1', '{"a":1}}', '{a:1}', "{'a':1}", 'a=1', 'NaN']) {
    test(`what is not one JSON document: ${body || 'nothing'}`, async () => {
      expect(await refusal(read(body))).toEqual(malformed)
    })
  }

  test('no body at all', async () => {
    expect(await refusal(read(null))).toEqual(malformed)
  })

  test('250 KB of opened brackets', async () => {
    expect(await refusal(read('['.repeat(250_000)))).toEqual(malformed)
  })

  test('well-formed JSON nested too deep to be written out again', async () => {
    const nested = (levels: number) => '[{"a":'.repeat(levels / 2) + 1 + '}]'.repeat(levels / 2)
    expect(await refusal(read(nested(60_000)))).toEqual(malformed)
    expect(await refusal(read(`[${nested(64)}]`))).toEqual(malformed)
    expect(await read(nested(64))).toBeArray()
  })
})
