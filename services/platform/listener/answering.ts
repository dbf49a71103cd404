import { STATUS_CODES } from 'node:http'
import type { Problem } from '../problem.ts'
import type { Head } from './head.ts'
import { JsonAnswer } from './json_answer.ts'

const STREAMED = new WeakSet<Response>()

/** Marks a response whose body is sent bit by bit. Any other is sent once its body is complete. */
export function streamed(response: Response): Response {
  STREAMED.add(response)
  return response
}

export const isStreamed = (response: Response): boolean => STREAMED.has(response)

/** The properties of a request that the form of its answer depends on, and the time. */
export type Terms = Pick<Head, 'method' | 'isHttp10' | 'isLast'> & { wallMs: number }

/** The complete body of an answer. */
export const bodyOf = (answer: Response): Uint8Array | Promise<Uint8Array> =>
  answer instanceof JsonAnswer ? answer.encoded() : answer.bytes()

/** An answer's bytes on the wire. @param body the complete body */
export function wholeAnswer(answer: Response, body: Uint8Array, terms: Terms): Buffer {
  const hasBody = answer.status !== 204 && answer.status !== 304
  const head = headOf(answer, terms, hasBody ? `content-length: ${body.length}\r\n` : '')
  if (terms.method === 'HEAD' || !hasBody) return Buffer.from(head, 'latin1')
  // The head has one byte a character. Joining two buffers takes longer.
  const whole = Buffer.allocUnsafe(head.length + body.length)
  whole.write(head, 'latin1')
  whole.set(body, head.length)
  return whole
}

/**
 * An answer's bytes on the wire, bit by bit. The head is sent with the first part of the body, so an answer that breaks
 * off earlier sends nothing.
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
  if (left.aborted) cancel()
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
export async function lastAnswer(problem: Problem, wallMs: number): Promise<Buffer> {
  const answer = problem.toAnswer()
  return wholeAnswer(answer, await answer.bytes(), { method: 'GET', isHttp10: false, isLast: true, wallMs })
}

const NOTHING = Buffer.alloc(0)
const CRLF = Buffer.from('\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')
/** The listener sets these: it decides how a message is framed and when the connection ends. */
const OWN_FIELDS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

function headOf(answer: Response, { isHttp10, isLast, wallMs }: Terms, framing: string): string {
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  const tell = (value: string, name: string) => {
    if (!OWN_FIELDS.has(name)) text += `${name}: ${value}\r\n`
  }
  if (answer instanceof JsonAnswer) answer.eachField(tell)
  else answer.headers.forEach(tell)
  if (isLast) text += 'connection: close\r\n'
  else if (isHttp10) text += 'connection: keep-alive\r\n'
  return `${text}date: ${dateOf(wallMs)}\r\n${framing}\r\n`
}

/** Cached because most answers fall into the same second as the one before. */
let latest = { second: Number.NaN, text: '' }

function dateOf(wallMs: number): string {
  const second = Math.floor(wallMs / 1000)
  if (second !== latest.second) latest = { second, text: new Date(second * 1000).toUTCString() }
  return latest.text
}
