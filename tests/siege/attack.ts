/** The interface of an attack, and the ways to send its bytes. */
import type { Clock } from '@kkt/platform/clock.ts'
import { type Answer, callRaw } from '../harness/http.ts'
import type { Reply, Tally } from './tally.ts'

export type Size = 'short' | 'long'

export type Siege = {
  /** The besieged adapter. */
  url: string
  seed: number
  /** Whole numbers from 0 to below `limit`, by the seed. */
  draw: (limit: number) => number
  size: Size
  tally: Tally
  clock: Clock
  /** Aborts when the siege is over. */
  over: AbortSignal
  /** Opens all routes. */
  token: string
}

/**
 * - `strikes`: the attack ends by itself, and the next one follows.
 * - `holds`: it keeps connections for a while, beside the others.
 */
export type Attack = { name: string; lane: 'strikes' | 'holds'; begin: (siege: Siege) => Promise<void> }

/** Longer than the listener's limits for a head and for a body: 10 s and its check of a second. */
const PATIENCE_MS = 20_000

/** Sends bytes on a connection of their own, and counts what comes of them. Nothing more is sent once the siege is over. */
export async function send({ url, tally, over }: Siege, bytes: Iterable<string | Uint8Array>): Promise<Reply> {
  if (over.aborted) return 'cut'
  const reply = await callRaw(url, bytes, PATIENCE_MS).then(
    (answer): Reply => answer ?? 'cut',
    (): Reply => 'hung',
  )
  tally.count(reply)
  return reply
}

export const isAnswer = (reply: Reply): reply is Answer => typeof reply === 'object'

type Message = { method?: string; path?: string; fields?: readonly string[]; body?: string | Uint8Array }

/** A request in its right form, as bytes. @param token of who sends it; without it nobody's */
export function message({ method = 'GET', path = '/', fields = [], body }: Message, token?: string): Uint8Array[] {
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]
  const rights = token === undefined ? [] : [`Authorization: Bearer ${token}`]
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', ...rights, ...fields, ...length]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return body === undefined ? [head] : [head, Buffer.from(body)]
}

/** Works through all items, so many at once. */
export async function inParallel<T>(items: Iterable<T>, atOnce: number, work: (item: T) => Promise<unknown>) {
  const rest = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
