/** Requests whose bytes, headers or addresses are wrong. */
import { describe, expect, test } from 'bun:test'
import { MARKER, withRaw, withValue } from '../harness/bad_input.ts'
import { adapter, urls } from '../harness/clients.ts'
import { type Answer, call, callRaw, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { expectRefused, postBody } from '../harness/refusals.ts'
import { replayableRandom } from '../harness/replayable_random.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

const MAX_BODY_BYTES = 256 * 1024
const FIFTY_MB = 50 * 1024 * 1024

const good = withValue('/type', 'sale')
const bytes = (...values: number[]) => Uint8Array.from(values)
const spliced = (inserted: Uint8Array) => {
  const [before = '', after = ''] = good.split('Glasses')
  return Uint8Array.from([...Buffer.from(before), ...inserted, ...Buffer.from(after)])
}

describe('invariant 10: a body that is no JSON is a 400', () => {
  test.each([
    ['nothing', ''],
    ['a cut document', good.slice(0, -1)],
    ['a document cut in a string', good.slice(0, good.indexOf(MARKER) + 3)],
    ['NaN', withRaw('/items/0/price', 'NaN')],
    ['two documents', good + good],
    ['a form', `pos_id=${MARKER}&type=sale`],
    ['a hundred thousand open brackets', '['.repeat(100_000)],
  ])('%s', async (_what, body) => {
    await expectRefused(() => postBody(body), 400, 'malformed_json')
  })

  test('a number too large for a double is out of range', async () => {
    await expectRefused(() => postBody(withRaw('/items/0/price', '1e999')), 422, 'invalid_body')
  })
})

describe('invariant 10: a body that is not UTF-8 is a 400', () => {
  test.each([
    ['a byte that never occurs', spliced(bytes(0xff))],
    ['Windows-1251', spliced(bytes(0xce, 0xf7, 0xea, 0xe8))],
    ['UTF-16', Uint8Array.from(Buffer.from(`\ufeff${good}`, 'utf16le'))],
  ])('%s', async (_what, body) => {
    await expectRefused(() => postBody(body), 400, 'not_utf8')
  })
})

test.each([
  ['in place of the items', withRaw('/items', '['.repeat(50_000) + ']'.repeat(50_000))],
  ['in an unknown field', withRaw(`/${MARKER}`, '['.repeat(50_000) + ']'.repeat(50_000))],
])('invariant 10: deep nesting %s is refused', async (_what, body) => {
  const { total_receipts: before } = await adapter.status()
  const answer = await postBody(body)
  expect([400, 422]).toContain(answer.status)
  expectProblem(answer, answer.status)
  expect(answer.text).not.toContain(MARKER)
  expect((await adapter.status()).total_receipts).toBe(before)
})

describe('invariant 10: a body above the limit is a 413', () => {
  const padded = (length: number) => good.padEnd(length, ' ')

  test('one byte above it, and 10 000 items', async () => {
    await expectRefused(() => postBody(padded(MAX_BODY_BYTES + 1)), 413, 'body_too_large')
    const [item] = receipt().items
    await expectRefused(() => postBody(withValue('/items', Array(10_000).fill(item))), 413, 'body_too_large')
  })

  test('a body at the limit is read', async () => {
    expect((await postBody(padded(MAX_BODY_BYTES))).status).toBe(200)
  })

  function* fiftyMegabytes(head: string, frame: (chunk: Buffer) => Iterable<string | Uint8Array>) {
    yield `POST /v1/kkt/receipt HTTP/1.1\r\nHost: ${new URL(urls.adapter).host}\r\nIdempotency-Key: ${newKey()}\r\n${head}\r\n\r\n`
    const chunk = Buffer.alloc(64 * 1024, MARKER)
    for (let sent = 0; sent < FIFTY_MB; sent += chunk.length) yield* frame(chunk)
  }

  const answered = async (request: Iterable<string | Uint8Array>): Promise<Answer> => {
    const answer = await callRaw(urls.adapter, request, limits.answerMs)
    if (!answer) throw new Error('the connection ended without an answer')
    return answer
  }

  test('50 MB with a Content-Length', async () => {
    const request = fiftyMegabytes(`Content-Length: ${FIFTY_MB}`, (chunk) => [chunk])
    await expectRefused(() => answered(request), 413, 'body_too_large')
  })

  test('50 MB in chunks', async () => {
    const request = fiftyMegabytes('Transfer-Encoding: chunked', (chunk) => [
      `${chunk.length.toString(16)}\r\n`,
      chunk,
      '\r\n',
    ])
    await expectRefused(() => answered(request), 413, 'body_too_large')
  })
})

describe('invariant 10: a request that breaks off stores nothing', () => {
  const head = (more: string) =>
    `POST /v1/kkt/receipt HTTP/1.1\r\nHost: ${new URL(urls.adapter).host}\r\nIdempotency-Key: ${newKey()}\r\n${more}\r\n\r\n`
  const size = Buffer.byteLength(good).toString(16)
  test.each([
    ['half of a body', [head(`Content-Length: ${good.length}`), good.slice(0, 50)]],
    ['a whole document, shorter than announced', [head(`Content-Length: ${good.length + 10}`), good]],
    ['a whole document without the last chunk', [head('Transfer-Encoding: chunked'), `${size}\r\n${good}\r\n`]],
    ['a chunk without a length', [head('Transfer-Encoding: chunked'), `xyz\r\n${good}\r\n0\r\n\r\n`]],
    ['only a head', [head(`Content-Length: ${good.length}`)]],
    ['bytes that are no HTTP', [`${MARKER}\r\n\r\n`]],
  ])('%s', async (_what, chunks) => {
    const { total_receipts: before } = await adapter.status()
    const answer = await callRaw(urls.adapter, chunks, limits.answerMs)
    if (answer) expect(answer.status).toBeWithin(400, 500)
    expect(answer?.text ?? '').not.toContain(MARKER)
    // Once a later receipt is taken, every earlier request has arrived.
    await adapter.print(receipt())
    expect((await adapter.status()).total_receipts).toBe(before + 1)
  })
})

describe('invariant 10: a bad Idempotency-Key is a 400', () => {
  test.each([
    ['too long', { 'idempotency-key': MARKER.padEnd(129, '-') }],
    ['with a space in it', { 'idempotency-key': `${MARKER} 1` }],
    ['not ASCII', { 'idempotency-key': `${MARKER}\u00e9` }],
  ])('%s', async (_what, headers) => {
    await expectRefused(() => postBody(good, headers), 400, 'invalid_headers')
  })

  test('a missing key', async () => {
    const send = () => call(`${urls.adapter}/v1/kkt/receipt`, { method: 'POST', body: good, withinMs: limits.answerMs })
    const { errors } = await expectRefused(send, 400, 'invalid_headers')
    expect(errors).toMatchObject([{ pointer: expect.stringContaining('idempotency-key') }])
  })

  test('a key of 128 visible characters is taken', async () => {
    await adapter.print(receipt(), `!~"${newKey()}`.padEnd(128, '~'))
  })
})

test.each([
  ['that of a form, as curl sends it', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a wrong one', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['an empty one', { 'content-type': '' }],
  ['none', {}],
])('a receipt is read as JSON whatever its content type: %s', async (_what, headers) => {
  expect((await postBody(new TextEncoder().encode(good), headers)).status).toBe(200)
})

describe('a wrong address', () => {
  const ask = (path: string, method = 'GET') => call(urls.adapter + path, { method, withinMs: limits.answerMs })

  test.each([
    ['GET', '/v1/kkt/receipt', 'POST'],
    ['DELETE', '/v1/kkt/receipt/00000000-0000-7000-8000-000000000000', 'GET'],
    ['PATCH', '/v1/health', 'GET'],
  ])('%s %s is a 405 that names what is allowed', async (method, path, allowed) => {
    const answer = await ask(path, method)
    expect(expectProblem(answer, 405).code).toBe('method_not_allowed')
    expect(answer.headers.get('allow')).toContain(allowed)
  })

  test.each(['/v1/kkt/receipt/a/b', '/receipts', `/${MARKER}`])('%s is a 404', async (path) => {
    await expectRefused(() => ask(path), 404, 'no_such_route')
  })

  test.each([
    '/v1/kkt/receipts?limit=0',
    '/v1/kkt/receipts?limit=1.5',
    '/v1/kkt/receipts?limit=1e1',
    `/v1/kkt/receipts?pos_id=${MARKER}%20`,
    `/v1/kkt/buffer/dlq?reason=${MARKER}`,
    '/v1/kkt/buffer/dlq?limit=-1',
    `/v1/kkt/buffer/events?kind=${MARKER}`,
    `/v1/kkt/buffer/events?receipt_id=${MARKER}`,
  ])('%s is a 422', async (path) => {
    await expectRefused(() => ask(path), 422, 'invalid_query')
  })

  test('a path that cannot be decoded is refused', async () => {
    for (const path of ['/v1/kkt/receipt/%E0%A4%A', '/v1/kkt/receipt/%00', '/%']) {
      const answer = await ask(path)
      expectProblem(answer, answer.status)
      expect(answer.status).toBeWithin(400, 500)
    }
  })
})

test('invariant 10: any changed bytes get a problem document', async () => {
  const random = replayableRandom('changed bytes')
  const { total_receipts: before } = await adapter.status()
  // The unknown field of two letters keeps any change of one byte from making a valid receipt.
  const document = Buffer.from(withValue('/zz', MARKER))
  const mutant = () => {
    const changed = Buffer.from(document)
    changed[random(changed.length)] = random(256)
    return Uint8Array.from(random(4) === 0 ? changed.subarray(0, random(changed.length)) : changed)
  }
  for (let round = 0; round < 20; round += 1) {
    const mutants = Array.from({ length: 10 }, mutant)
    for (const answer of await Promise.all(mutants.map((body) => postBody(body)))) {
      expect([400, 422]).toContain(answer.status)
      expectProblem(answer, answer.status)
      expect(answer.text).not.toContain(MARKER)
    }
  }
  expect((await adapter.status()).total_receipts).toBe(before)
})
