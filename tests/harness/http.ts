import { connect } from 'node:net'
import { ofetch } from 'ofetch'
import type { z } from 'zod'
import { problem } from './wire.ts'

export type Answer = { status: number; headers: Headers; text: string }

export type Call = {
  method?: string
  headers?: Record<string, string>
  /** Sent unchanged. Bytes have no Content-Type, a string has that of JSON unless `headers` names another. */
  body?: string | Uint8Array<ArrayBuffer>
  withinMs: number
}

/** Sends one request once. It fails unless the whole answer arrives in time. Any status is an answer. */
export async function call(url: string, { method = 'GET', headers = {}, body, withinMs }: Call): Promise<Answer> {
  const response = await ofetch.raw<string, 'text'>(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    retry: false,
    ignoreResponseError: true,
    responseType: 'text',
    signal: AbortSignal.timeout(withinMs),
  })
  return { status: response.status, headers: response.headers, text: response._data ?? '' }
}

/** The header by which a client shows this token; none without one. */
export const tokenHeaders = (token: string | undefined): Record<string, string> =>
  token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }

/**
 * A service, addressed by path. Bodies are sent as JSON.
 * @param always headers of each request
 */
export const at = (baseUrl: string, answerMs: number, always: Record<string, string> = {}) => ({
  get: (path: string, withinMs = answerMs) => call(baseUrl + path, { headers: always, withinMs }),
  post: (path: string, body?: unknown, headers?: Record<string, string>, withinMs = answerMs) =>
    call(baseUrl + path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...always, ...headers },
      withinMs,
    }),
})

export function withQuery(path: string, query: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}

/**
 * The answer's body, checked against the schema.
 * @throws Error with the whole answer when the status or the body is not the expected one
 */
export function expectBody<T>(answer: Answer, status: number, schema: z.ZodType<T>): T {
  const parsed = answer.status === status ? schema.safeParse(jsonOrText(answer.text)) : undefined
  if (parsed?.success) return parsed.data
  const why = parsed ? parsed.error.message : `it is not ${status}`
  throw new Error(`unexpected answer ${answer.status} ${answer.text.slice(0, 2_000)}: ${why}`)
}

/** A refusal, in the one form that all refusals have (RFC 9457). */
export function expectProblem(answer: Answer, status: number): z.infer<typeof problem> {
  const contentType = answer.headers.get('content-type')
  if (contentType !== 'application/problem+json') throw new Error(`${answer.status} came as ${contentType}`)
  const document = expectBody(answer, status, problem)
  if (document.status !== status) throw new Error(`the document of a ${status} says ${document.status}`)
  return document
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Sends bytes that no HTTP client would send: broken heads, bodies that are cut short or far too long.
 * Stops writing as soon as the other side answers.
 * @returns the answer, or null when the connection ended without one
 */
export function callRaw(url: string, chunks: Iterable<string | Uint8Array>, withinMs: number): Promise<Answer | null> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connect({ host: hostname, port: Number(port || 80) })
    const settle = (outcome: () => void) => {
      clearTimeout(timer)
      socket.destroy()
      outcome()
    }
    const timer = setTimeout(() => settle(() => reject(new Error(`no end within ${withinMs} ms`))), withinMs)
    const rest = chunks[Symbol.iterator]()
    const write = () => {
      if (received !== '') return
      for (let next = rest.next(); !next.done; next = rest.next()) {
        if (!socket.write(next.value)) return void socket.once('drain', write)
      }
      socket.end()
    }
    const answered = () => settle(() => resolve(parseAnswer(received)))
    socket.once('connect', write)
    socket.on('data', (data) => {
      received += data.toString('utf8')
      if (parseAnswer(received)) answered()
    })
    socket.on('error', answered)
    socket.on('close', answered)
  })
}

/** Null while the answer is not whole. */
function parseAnswer(received: string): Answer | null {
  const endOfHead = received.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1]
  if (endOfHead < 0 || status === undefined) return null
  const headers = new Headers()
  for (const line of received.slice(0, endOfHead).split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  const text = received.slice(endOfHead + 4)
  if (Buffer.byteLength(text) < Number(headers.get('content-length') ?? 0)) return null
  return { status: Number(status), headers, text }
}
