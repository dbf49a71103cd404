import { readBounded } from './bounded.ts'
import { Problem } from './problem.ts'
import { inEach } from './words/words.ts'

/** Deeper than any contract here. Code that walks or serialises a value of unlimited nesting overflows the stack. */
export const MAX_NESTING = 64

/**
 * Reads a request's body as JSON whatever its Content-Type: a plain `curl -d` sends a form type. Use it as a route's
 * `parse`.
 * @param limitBytes larger bodies are refused unread, so that no client can fill the memory
 * @throws Problem as `readText` and `parseJson` do
 */
export const jsonBody =
  (limitBytes: number) =>
  async ({ request }: { request: Request }): Promise<unknown> =>
    parseJson(await readText(request, limitBytes))

/** The same for a route that requires nothing of its body: an empty one reads as `{}`. */
export const jsonOrNothing =
  (limitBytes: number) =>
  async ({ request }: { request: Request }): Promise<unknown> => {
    const text = await readText(request, limitBytes)
    return text === '' ? {} : parseJson(text)
  }

/** @throws Problem 413 above the limit, 400 for bytes that are not UTF-8 or for a body that breaks off */
export async function readText(request: Request, limitBytes: number): Promise<string> {
  const bytes = await readBytes(request, limitBytes)
  if (!bytes || bytes.length > limitBytes) {
    throw new Problem(
      413,
      'body_too_large',
      inEach((words) => words.bodyTooLarge(limitBytes)),
    )
  }
  return decode(bytes)
}

/** @throws Problem 400 for a text that is not JSON or nested too deep */
export function parseJson(text: string): unknown {
  const value = parse(text)
  if (isDeeperThan(MAX_NESTING, value)) {
    throw new Problem(
      400,
      'malformed_json',
      inEach((words) => words.nestedTooDeep(MAX_NESTING)),
    )
  }
  return value
}

/** Read in one piece when the length is announced, which takes half the time. */
async function readBytes(request: Request, limitBytes: number): Promise<Uint8Array | null> {
  const announced = request.headers.has('transfer-encoding') ? null : request.headers.get('content-length')
  if (announced !== null && Number(announced) > limitBytes) return null
  try {
    return await (announced === null ? readBounded(request.body, limitBytes) : request.bytes())
  } catch {
    throw new Problem(
      400,
      'malformed_body',
      inEach((words) => words.malformedBody()),
    )
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A SyntaxError, or a RangeError for nesting deeper than the stack.
    throw new Problem(
      400,
      'malformed_json',
      inEach((words) => words.malformedJson()),
    )
  }
}

type Nest = Record<string, unknown> | unknown[]
const isNest = (value: unknown): value is Nest => typeof value === 'object' && value !== null

/** Recursive, because lists of each level's values would take many times as long. */
function isDeeperThan(levels: number, value: unknown): boolean {
  if (!isNest(value)) return false
  if (levels === 0) return true
  if (Array.isArray(value)) {
    for (const inner of value) if (isNest(inner) && isDeeperThan(levels - 1, inner)) return true
    return false
  }
  for (const name in value) if (isNest(value[name]) && isDeeperThan(levels - 1, value[name])) return true
  return false
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Problem(
      400,
      'not_utf8',
      inEach((words) => words.notUtf8()),
    )
  }
}
