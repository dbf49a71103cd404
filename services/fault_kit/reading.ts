/** Reads a mock's requests, however malformed. */
import { parseJson, readText } from '@kkt/platform/json_body.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { MAX_ID_LENGTH } from './fields.ts'

export type Body = {
  text: string
  /** The text, parsed as JSON. */
  value: unknown
}
/** The fields by which a body names its receipt or its sender. */
export type IdField = 'receipt_id' | 'pos_id' | 'kkt_id' | 'uuid'

/** A body that cannot be read. `text` is null when the bytes are not text. */
export type Unreadable = { text: string | null; problem: Problem }

/** @returns for an unreadable body a Problem, which the caller may throw or ignore */
export async function readBody(request: Request, limitBytes: number): Promise<Body | Unreadable> {
  let text: string | null = null
  try {
    text = await readText(request, limitBytes)
    return { text, value: parseJson(text) }
  } catch (problem) {
    if (problem instanceof Problem) return { text, problem }
    throw problem
  }
}

/** An id in a body that may not fit its contract. Null for a value that a log must not keep. */
export function idIn(body: unknown, field: IdField): string | null {
  if (typeof body !== 'object' || body === null) return null
  const id: unknown = Reflect.get(body, field)
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : null
}
