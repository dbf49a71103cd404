import { STATUS_CODES } from 'node:http'
import type { Problem } from '../problem.ts'
import type { Head } from './head.ts'

const STREAMED = new WeakSet<Response>()

/** Marks a response whose body comes bit by bit. Any other is sent when all of its body is there. */
export function streamed(response: Response): Response {
  STREAMED.add(response)
  return response
}

export const isStreamed = (response: Response): boolean => STREAMED.has(response)

/** The time, and the parts of a request, by which its answer is written. */
export type Terms = Pick<Head, 'method' | 'isHttp10' | 'isLast'> & { wallMs: number }

/** An answer as it goes over the wire. @param body all of it */
export function wholeAnswer(answer: Response, body: Uint8Array, terms: Terms): Buffer {
  const hasBody = answer.status !== 204 && answer.status !== 304
  const head = headOf(answer, terms, hasBody ? `content-length: ${body.length}\r\n` : '')
  if (terms.method === 'HEAD' || !hasBody) return Buffer.from(head, 'latin1')
  // The head is a byte a character. To put two buffers together takes longer.
  const whole = Buffer.allocUnsafe(head.length + body.length)
  whole.write(head, 'latin1')
  whole.set(body, head.length)
  return whole
}

/**
 * The same, bit by bit. The head comes with the first of the body: an answer that breaks off before that is none.
 * @param left ends the body's stream
 * @throws an Error when the client has left
 */
export async function* streamedAnswer(answer: Response, terms: Terms, left: AbortSignal): AsyncGenerator<Uint8Array> {
  let head = Buffer.from(headOf(answer, terms, terms.isHttp10 ? '' : 'transfer-encoding: chunked\r\n'), 'latin1')
  const chunk = (bytes: Uint8Array) =>
    terms.isHttp10 ? bytes : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF])
  const reader = (answer.body ?? new Blob().stream()).getReader()
  const cancel = () => void reader.cancel().catch(() => undefined)
  left.addEventListener('abort', cancel)
  try {
    for (let bit = await reader.read(); !bit.done && terms.method !== 'HEAD'; bit = await reader.read()) {
      yield Buffer.concat([head, chunk(bit.value)])
      head = NOTHING
    }
    if (left.aborted) throw new Error('The client has left')
    yield Buffer.concat([head, terms.isHttp10 || terms.method === 'HEAD' ? NOTHING : LAST_CHUNK])
  } finally {
    left.removeEventListener('abort', cancel)
    cancel()
  }
}

/** A problem as the last answer of a connection. */
export async function lastWord(problem: Problem, wallMs: number): Promise<Buffer> {
  const answer = problem.toResponse()
  return wholeAnswer(answer, await answer.bytes(), { method: 'GET', isHttp10: false, isLast: true, wallMs })
}

const NOTHING = Buffer.alloc(0)
const CRLF = Buffer.from('\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')
/** How a message ends, and when a connection does, is for the listener to say. */
const OWN_FIELDS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

function headOf(answer: Response, { isHttp10, isLast, wallMs }: Terms, framing: string): string {
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  answer.headers.forEach((value, name) => {
    if (!OWN_FIELDS.has(name)) text += `${name}: ${value}\r\n`
  })
  if (isLast) text += 'connection: close\r\n'
  else if (isHttp10) text += 'connection: keep-alive\r\n'
  return `${text}date: ${dateOf(wallMs)}\r\n${framing}\r\n`
}

/** Most answers are given in the same second as the one before. */
let latest = { second: Number.NaN, text: '' }

function dateOf(wallMs: number): string {
  const second = Math.floor(wallMs / 1000)
  if (second !== latest.second) latest = { second, text: new Date(second * 1000).toUTCString() }
  return latest.text
}
