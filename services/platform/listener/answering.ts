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

/** What an answer's form depends on, besides itself. */
export type Terms = Pick<Head, 'method' | 'isHttp10' | 'isLast'> & { wallMs: number }

/** An answer as it goes over the wire. */
export async function wholeAnswer(answer: Response, terms: Terms): Promise<Buffer> {
  const body = await answer.bytes()
  const hasBody = answer.status !== 204 && answer.status !== 304
  const head = headOf(answer, terms, hasBody ? `content-length: ${body.length}\r\n` : '')
  return terms.method === 'HEAD' || !hasBody ? head : Buffer.concat([head, body])
}

/** The same, bit by bit. The head comes with the first of the body: an answer that breaks off before that is none. */
export async function* streamedAnswer(answer: Response, terms: Terms): AsyncGenerator<Uint8Array> {
  const head = headOf(answer, terms, terms.isHttp10 ? '' : 'transfer-encoding: chunked\r\n')
  if (terms.method === 'HEAD' || answer.body === null) {
    await answer.body?.cancel()
    yield head
    return
  }
  const chunk = (bytes: Uint8Array) =>
    terms.isHttp10 ? bytes : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, CRLF])
  let isFirst = true
  for await (const bytes of answer.body) {
    yield isFirst ? Buffer.concat([head, chunk(bytes)]) : chunk(bytes)
    isFirst = false
  }
  if (isFirst) yield head
  if (!terms.isHttp10) yield LAST_CHUNK
}

/** A problem as the last answer of a connection. */
export async function lastWord(problem: Problem, wallMs: number): Promise<Buffer> {
  return await wholeAnswer(problem.toResponse(), { method: 'GET', isHttp10: false, isLast: true, wallMs })
}

const CRLF = Buffer.from('\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')
/** How a message ends, and when a connection does, is for the listener to say. */
const OWN_FIELDS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

function headOf(answer: Response, { isHttp10, isLast, wallMs }: Terms, framing: string): Buffer {
  let text = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n`
  answer.headers.forEach((value, name) => {
    if (!OWN_FIELDS.has(name)) text += `${name}: ${value}\r\n`
  })
  if (isLast) text += 'connection: close\r\n'
  else if (isHttp10) text += 'connection: keep-alive\r\n'
  return Buffer.from(`${text}date: ${dateOf(wallMs)}\r\n${framing}\r\n`, 'latin1')
}

/** Most answers are given in the same second as the one before. */
let latest = { second: Number.NaN, text: '' }

function dateOf(wallMs: number): string {
  const second = Math.floor(wallMs / 1000)
  if (second !== latest.second) latest = { second, text: new Date(second * 1000).toUTCString() }
  return latest.text
}
