/** An answer of a service is a handful of fields. */
export const MAX_ANSWER_BYTES = 64 * 1024

/** An answer that is not read to its end. `packed`: nobody asked for that, and it may hold a thousand times its length. */
export class RefusedAnswer extends Error {
  override readonly name = 'RefusedAnswer'
  constructor(readonly why: 'too_large' | 'packed') {
    super(why)
  }
}

const utf8 = new TextDecoder()

/**
 * The text of an answer from outside, to a request that `fetchOver` has sent.
 * @throws RefusedAnswer
 */
export async function readAnswer(response: Response, limitBytes: number = MAX_ANSWER_BYTES): Promise<string> {
  const refuse = async (why: RefusedAnswer['why']) => {
    await response.body?.cancel()
    throw new RefusedAnswer(why)
  }
  const { headers } = response
  if ((headers.get('content-encoding') ?? 'identity').toLowerCase() !== 'identity') await refuse('packed')
  const announced = headers.has('transfer-encoding') ? null : announcedBytes(headers)
  if (announced !== null && announced > limitBytes) await refuse('too_large')
  // In one piece where the length is announced: that takes less time.
  if (announced !== null) return await response.text()
  const bytes = await readBounded(response.body, limitBytes)
  if (!bytes) throw new RefusedAnswer('too_large')
  return utf8.decode(bytes)
}

function announcedBytes(headers: Headers): number | null {
  const announced = headers.get('content-length') ?? ''
  return /^\d+$/.test(announced) ? Number(announced) : null
}

/**
 * Reads a body to its end, or gives up on one that is too large, so that no sender can fill the memory.
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
