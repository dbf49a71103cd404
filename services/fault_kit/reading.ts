/** How a mock reads what it is sent, however wrong that is. */
import { parseJson, readText } from '@kkt/platform/json_body.ts'
import { Problem } from '@kkt/platform/problem.ts'
import { MAX_ID_LENGTH } from './fields.ts'

export type Body = {
  text: string
  /** The text, parsed as JSON. */
  value: unknown
}
/** The fields by which a body names what it is about. */
export type IdField = 'receipt_id' | 'pos_id' | 'kkt_id'

/** A body that cannot be read. Its text is null where it is not even that. */
export type Unreadable = { text: string | null; problem: Problem }

/** @returns the Problem of a body that cannot be read: whether it is told is for the caller */
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

/** An id in a body that need not fit its contract. Null for anything that a log should not keep. */
export function idIn(body: unknown, field: IdField): string | null {
  if (typeof body !== 'object' || body === null) return null
  const id: unknown = Reflect.get(body, field)
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH ? id : null
}
