import { brotliDecompressSync, unzipSync } from 'node:zlib'

/** A service's answer has only a few fields. */
export const MAX_ANSWER_BYTES = 64 * 1024

/** An answer that was not read to its end. `packed`: in an unknown encoding, or damaged. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer'
  constructor(readonly why: 'too_large' | 'packed') {
    super(why)
  }
}

const utf8 = new TextDecoder()

/**
 * The text of another service's answer to a request sent by `fetchOver`. `limitBytes` holds before and after unpacking.
 * @throws RefusedAnswer
 */
export async function readAnswer(response: Response, limitBytes: number = MAX_ANSWER_BYTES): Promise<string> {
  const { headers } = response
  const announced = headers.has('transfer-encoding') ? null : announcedBytes(headers)
  if (announced !== null && announced > limitBytes) {
    await response.body?.cancel()
    throw new RefusedAnswer('too_large')
  }
  const encoding = (headers.get('content-encoding') ?? 'identity').toLowerCase()
  // Read in one piece when the length is announced, which takes less time.
  if (announced !== null && encoding === 'identity') return await response.text()
  const bytes = await readBounded(response.body, limitBytes)
  if (!bytes) throw new RefusedAnswer('too_large')
  return utf8.decode(encoding === 'identity' ? bytes : unpack(bytes, encoding, limitBytes))
}

/** For servers that pack despite the request for plain answers. Stops once the text exceeds the limit. */
function unpack(bytes: Uint8Array, encoding: string, limitBytes: number): Uint8Array {
  const unpackBy = UNPACK[encoding]
  if (!unpackBy) throw new RefusedAnswer('packed')
  try {
    return unpackBy(bytes, { maxOutputLength: limitBytes })
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
    throw new RefusedAnswer(isTooLarge ? 'too_large' : 'packed')
  }
}

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Uint8Array
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: unzipSync,
  'x-gzip': unzipSync,
  deflate: unzipSync,
  br: brotliDecompressSync,
}

function announcedBytes(headers: Headers): number | null {
  const announced = headers.get('content-length') ?? ''
  return /^\d+$/.test(announced) ? Number(announced) : null
}

/**
 * Reads a body to its end, or gives up when it exceeds the limit, so that no sender can fill the memory.
 * @returns null for a body of more than `limitBytes`
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > limitBytes) return null
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
