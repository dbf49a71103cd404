import { Buffer } from 'node:buffer'
import { RefusedAnswer, readAnswer } from '@kkt/platform/bounded.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { jsonOrUndefined } from '@kkt/platform/json_text.ts'
import { z } from 'zod'

/** The service answers at once where it need not ask the register: it takes a request into its queue, or tells of one. */
const SERVICE_LIMIT_MS = 5000
/** It says that its driver is busy after 30 seconds. */
export const QUERY_LIMIT_MS = 35_000
/** Twenty documents of the FN, with all their tags. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

/** `isSent`: the service may have got the request. */
export type Silence = { kind: 'silent'; reason: string; isSent: boolean }
/** `body`: undefined where it is no JSON. */
export type Answer = { kind: 'answered'; status: number; body: unknown }

/** A client of the register's service. Its calls never reject: failures are outcomes. */
export type AtolClient = {
  /** Puts a request into the queue. @param limitMs @default SERVICE_LIMIT_MS, which it is at most */
  post(request: { uuid: string; request: readonly object[] }, limitMs?: number): Promise<Answer | Silence>
  /** The results of a request. @param limitMs as of `post` */
  get(uuid: string, limitMs?: number): Promise<Answer | Silence>
  /** Takes a request out of the queue that has not begun. */
  cancel(uuid: string): Promise<Answer | Silence>
  /** Asks beside the queue. @param name such as `FnInfo`. @param limitMs @default QUERY_LIMIT_MS */
  query(name: string, limitMs?: number): Promise<Answer | Silence>
  /** The versions of the service. It tells them without an account. */
  serverInfo(): Promise<Answer | Silence>
  /** The state of the queue. @param limitMs as of `post` */
  queue(limitMs?: number): Promise<Answer | Silence>
  /** Aborted by `close`. */
  readonly stopping: AbortSignal
  /** Cuts off the current requests, and refuses others. */
  close(): void
}

export type AtolClientDeps = {
  url: string
  login: string
  password: string
  /** The id of the register where the service has several. Null: its default one. */
  device: string | null
  clock: Clock
  /** Sends a request, and rejects where no answer comes. */
  send: (request: Request) => Promise<Response>
}

type Asked = { method: 'GET' | 'POST' | 'DELETE'; path: string; body?: object; limitMs: number }

class OutOfTime extends Error {
  override readonly name = 'OutOfTime'
}

export function createAtolClient({ clock, send, ...deps }: AtolClientDeps): AtolClient {
  const base = `${deps.url.replace(/\/+$/, '')}/api/v2`
  const authorization = `Basic ${Buffer.from(`${deps.login}:${deps.password}`).toString('base64')}`
  const ofDevice = deps.device === null ? '' : `?deviceID=${encodeURIComponent(deps.device)}`
  const end = new AbortController()

  /** Runs a request, and cuts it off after its time. */
  async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const [late, done] = [new AbortController(), new AbortController()]
    void clock.wait(limitMs, done.signal).then(() => {
      if (!done.signal.aborted) late.abort(new OutOfTime())
    })
    try {
      return await work(AbortSignal.any([late.signal, end.signal]))
    } finally {
      done.abort()
    }
  }

  async function ask({ method, path, body, limitMs }: Asked): Promise<Answer | Silence> {
    if (end.signal.aborted) return { kind: 'silent', reason: STOPPED, isSent: false }
    const headers = { authorization, ...(body && { 'content-type': 'application/json' }) }
    const written = body === undefined ? {} : { body: JSON.stringify(body) }
    try {
      return await within(limitMs, async (signal) => {
        // The password goes to the configured address and to no other.
        const request = new Request(base + path, { method, headers, redirect: 'manual', signal, ...written })
        const response = await send(request)
        const text = await readAnswer(response, MAX_ANSWER_BYTES)
        return { kind: 'answered', status: response.status, body: jsonOrUndefined(text) }
      })
    } catch (error) {
      return { kind: 'silent', reason: silenceInWords(error), isSent: !wasNeverSent(error) }
    }
  }

  return {
    stopping: end.signal,
    post: (request, limitMs) =>
      ask({ method: 'POST', path: `/requests${ofDevice}`, body: request, limitMs: ofService(limitMs) }),
    get: (uuid, limitMs) => ask({ method: 'GET', path: `/requests/${uuid}`, limitMs: ofService(limitMs) }),
    cancel: (uuid) => ask({ method: 'DELETE', path: `/requests/${uuid}`, limitMs: SERVICE_LIMIT_MS }),
    query: (name, limitMs = QUERY_LIMIT_MS) =>
      ask({ method: 'POST', path: `/operations/query${name}${ofDevice}`, limitMs }),
    serverInfo: () => ask({ method: 'GET', path: '/serverInfo', limitMs: SERVICE_LIMIT_MS }),
    queue: (limitMs) => ask({ method: 'GET', path: '/getRequestsQueueStatus', limitMs: ofService(limitMs) }),
    close: () => end.abort(),
  }
}

const ofService = (limitMs: number = SERVICE_LIMIT_MS): number => Math.max(0, Math.min(SERVICE_LIMIT_MS, limitMs))

const STOPPED = 'the adapter stops'
/** The connection was never made. */
const NEVER_MADE = ['ECONNREFUSED', 'ConnectionRefused', 'ENOTFOUND', 'EAI_AGAIN']

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

const wasNeverSent = (error: unknown): boolean => NEVER_MADE.includes(String(codeOf(error)))

/** Names the failure by its kind: a message could hold an address with a password. */
function silenceInWords(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error'
  if (name === 'OutOfTime') return 'the service of the KKT did not answer in time'
  if (name === 'AbortError') return STOPPED
  if (error instanceof RefusedAnswer) return 'the answer of the service of the KKT cannot be read'
  return `the connection to the service of the KKT failed (${codeOf(error) ?? name}): see that it runs at KKT_URL`
}

const httpError = z.object({ error: z.object({ code: z.int(), description: z.string().catch('') }) })

/** The error that the service names in an answer. Null: the answer is not in its form. */
export const errorIn = (body: unknown): { code: number; description: string } | null =>
  httpError.safeParse(body).data?.error ?? null

/** The causes of answers by which the service did nothing, and what to do. */
const HTTP_WORDS: ReadonlyMap<number, string> = new Map([
  [401, 'the service of the KKT does not know this login and password: see KKT_LOGIN and KKT_PASSWORD'],
  [403, 'the KKT is not active in its service: activate it there'],
  [404, 'the service knows no such KKT: see KKT_URL and KKT_DEVICE'],
  [408, 'the driver of the KKT was busy for 30 seconds'],
])

/** An answer that is no success, in words. */
export function answerInWords({ status, body }: Answer): string {
  const words = HTTP_WORDS.get(status)
  if (words !== undefined) return words
  const error = errorIn(body)
  return `the service of the KKT answered ${status}${error === null ? '' : ` (error ${error.code})`}`
}
