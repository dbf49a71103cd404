import { describe, expect, test } from 'bun:test'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { MAX_ANSWER_BYTES, type RefusedAnswer, readAnswer } from './bounded.ts'

/** An answer in pieces of these sizes, and how much of it was read. */
function answer(pieces: readonly number[], headers: Record<string, string> = {}) {
  const seen = { pulled: 0, isCancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const bytes = pieces[seen.pulled++]
        if (bytes === undefined) controller.close()
        else controller.enqueue(new Uint8Array(bytes).fill(0x61))
      },
      cancel() {
        seen.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { response: new Response(body, { headers }), seen }
}

/** The length of the text, or the reason of the refusal. */
const outcome = (response: Response) =>
  readAnswer(response).then(
    ({ length }) => length,
    ({ why }: RefusedAnswer) => why,
  )

describe('an answer is read whole', () => {
  test.each([
    ['in pieces', [10, 20], {}],
    ['of an announced length', [10, 20], { 'content-length': '30' }],
    ['said to be plain', [30], { 'content-encoding': 'Identity' }],
    ['whose length is no number', [30], { 'content-length': 'many' }],
    ['in chunks, whatever length is announced', [30], { 'content-length': '99999999', 'transfer-encoding': 'chunked' }],
  ])('%s', async (_what, pieces, headers) => {
    expect(await outcome(answer(pieces, headers).response)).toBe(30)
  })

  test('up to the limit', async () => {
    expect(await outcome(answer([MAX_ANSWER_BYTES - 1, 1]).response)).toBe(MAX_ANSWER_BYTES)
    const headers = { 'content-length': String(MAX_ANSWER_BYTES) }
    expect(await outcome(answer([MAX_ANSWER_BYTES], headers).response)).toBe(MAX_ANSWER_BYTES)
  })

  test('with nothing in it', async () => {
    expect(await readAnswer(new Response(null))).toBe('')
  })
})

const PACKINGS: [string, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>][] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  // The default quality packs as small as possible, which takes a second here.
  ['br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
]

test.each(PACKINGS)('a packed answer is read, though nobody asked for that: %s', async (encoding, pack) => {
  const packed = pack(Buffer.from('Очки'))
  expect(await readAnswer(new Response(packed, { headers: { 'content-encoding': encoding } }))).toBe('Очки')
})

describe('an answer is given up, and no more of it taken,', () => {
  test('as soon as it is longer than the limit', async () => {
    const { response, seen } = answer([MAX_ANSWER_BYTES, 1, 1, 1])
    expect(await outcome(response)).toBe('too_large')
    expect(seen).toEqual({ pulled: 2, isCancelled: true })
  })

  test('unread when it announces that it is longer', async () => {
    const { response, seen } = answer([1], { 'content-length': String(MAX_ANSWER_BYTES + 1) })
    expect(await outcome(response)).toBe('too_large')
    expect(seen).toEqual({ pulled: 0, isCancelled: true })
  })

  test.each(PACKINGS)('when it unpacks to more than the limit: %s', async (encoding, pack) => {
    const packed = pack(Buffer.alloc(2 * MAX_ANSWER_BYTES))
    expect(packed.length).toBeLessThan(MAX_ANSWER_BYTES)
    expect(await outcome(new Response(packed, { headers: { 'content-encoding': encoding } }))).toBe('too_large')
  })

  test.each(['gzip', 'br', 'identity, gzip', 'zstd'])('when it cannot be unpacked: %s', async (encoding) => {
    expect(await outcome(new Response('plain', { headers: { 'content-encoding': encoding } }))).toBe('packed')
  })
})
