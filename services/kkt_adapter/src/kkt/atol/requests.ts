import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { ReceiptId } from '../../domain/receipt.ts'
import { NO_SECRETS, type Secrets } from '../../domain/secrets.ts'
import type { TaskId } from '../../domain/task.ts'
import { type Answer, type AtolClient, answerInWords, type Silence } from './client.ts'
import {
  type Entry,
  endOf,
  hasEnded,
  type NotTaken,
  notTaken,
  openInWords,
  readEntries,
  type TaskEnd,
  UNFIT,
} from './entries.ts'

/** A receipt takes 1 to 7 seconds, and up to 30 where the FN is slow. */
export const RECEIPT_LIMIT_MS = 30_000
/** The KKT asks a server about each marking code, which takes up to 60 seconds. */
export const MARKING_LIMIT_MS = 60_000
/** A report with a long tape takes up to 30 seconds. */
export const REPORT_LIMIT_MS = 60_000
/** A question waits behind a receipt in the queue. */
const READ_LIMIT_MS = 35_000

/** A POST that got no answer is sent again, unless it may be done: the service answers 409 once it has the request. */
const POSTS = 3
const POST_AGAIN_MS = 500
const FIRST_POLL_MS = 200
const POLL_GROWTH = 1.5
const MAX_POLL_MS = 2000

/** The namespace of the requests' names (RFC 9562, section 5.5). */
const NAMESPACE = Buffer.from('5b1e2a4c7d0f4c83a6d94e21f0b7c358', 'hex')

/** The uuid of an attempt's request: the same for the same attempt, so that a repeated POST is known. */
export function requestUuid(id: ReceiptId | TaskId, attempt: number): string {
  const hash = createHash('sha1').update(NAMESPACE).update(`${id}/${attempt}`).digest()
  hash[6] = (Number(hash[6]) & 0x0f) | 0x50
  hash[8] = (Number(hash[8]) & 0x3f) | 0x80
  const hex = hash.toString('hex', 0, 16)
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

export type RequestsDeps = { client: AtolClient; clock: Clock; logger: Logger; newUuid: () => string }

export type Requests = ReturnType<typeof createRequests>

type Open = { kind: 'open'; reason: string }
type Polled = { kind: 'ended'; entries: Entry[] } | { kind: 'gone' } | Open

type MayBeDone = () => Promise<boolean>
type Posting = { endMs?: number; mayBeDone?: MayBeDone; secrets?: Secrets }

/** `mayBeDone`: as the register counts. A service that lost its queue does not know the uuid. `secrets`: of the task. */
type Running = { limitMs: number; mayBeDone: MayBeDone; secrets: Secrets }

/**
 * Posts a request until it is known to be in the queue.
 * @param endMs none is posted after this time
 * @param mayBeDone whether it may be done already, and so must not be posted again: a service that lost its queue would do it twice
 */
function createPosting({ client, clock }: Pick<RequestsDeps, 'client' | 'clock'>) {
  return async function post(
    uuid: string,
    request: readonly object[],
    { endMs = Number.POSITIVE_INFINITY, mayBeDone = async () => false, secrets = NO_SECRETS }: Posting = {},
  ): Promise<{ kind: 'taken' } | Silence | NotTaken> {
    let isSent = false
    for (let posts = 1; ; posts++) {
      const answer = await client.post({ uuid, request }, endMs - clock.monotonicMs())
      const taken = takenBy(answer, { wasSent: isSent, secrets })
      const pauseMs = POST_AGAIN_MS * posts
      const isLast = posts === POSTS || client.stopping.aborted || clock.monotonicMs() + pauseMs >= endMs
      if (taken.kind !== 'silent' || isLast) return taken
      isSent = taken.isSent
      await clock.wait(pauseMs, client.stopping)
      if (isSent && (await mayBeDone())) return { kind: 'taken' }
    }
  }
}

/** Puts tasks into the queue of the register's service, and waits for their ends. Nothing here rejects. */
export function createRequests({ client, clock, logger, newUuid }: RequestsDeps) {
  const blocked = createBlockedLog(logger)

  const post = createPosting({ client, clock })

  async function look(uuid: string, limitMs?: number): Promise<Polled> {
    const answer = await client.get(uuid, limitMs)
    if (answer.kind === 'answered' && answer.status === 404) return { kind: 'gone' }
    const entries = readEntries(answer)
    if (!Array.isArray(entries)) return { kind: 'open', reason: entries }
    blocked.tell(
      uuid,
      entries.find(({ status }) => status === 'blocked'),
    )
    return entries.every(hasEnded) ? { kind: 'ended', entries } : { kind: 'open', reason: openInWords(entries) }
  }

  /** Looks until all tasks of a request have ended, or until the time is up. @param left of a look. @default the service's time */
  async function poll(uuid: string, endMs: number, left?: () => number): Promise<Polled> {
    for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(MAX_POLL_MS, pauseMs * POLL_GROWTH)) {
      const polled = await look(uuid, left?.())
      const isLast = clock.monotonicMs() + pauseMs > endMs || client.stopping.aborted
      if (polled.kind !== 'open' || isLast) return polled
      await clock.wait(pauseMs, client.stopping)
    }
  }

  /** Waits for the end of a request that may be in the queue. */
  async function follow(uuid: string, limitMs: number): Promise<TaskEnd> {
    const polled = await poll(uuid, clock.monotonicMs() + limitMs)
    if (polled.kind !== 'ended') return polled
    const [first] = polled.entries
    return first ? endOf(first) : { kind: 'open', reason: UNFIT }
  }

  return {
    follow,
    /**
     * Takes a request out of the queue that was meant for another FN.
     * @returns why it may still be done; null where it will not
     */
    async drop(uuid: string): Promise<string | null> {
      const answer = await client.cancel(uuid)
      if (answer.kind === 'silent') return answer.reason
      if (answer.status === 200 || answer.status === 404) return null
      if (answer.status !== 409) return answerInWords(answer)
      // Nothing more comes of one that has ended without its document.
      const end = await follow(uuid, 0)
      const isOver = end.kind === 'failed' || end.kind === 'not_begun'
      return isOver ? null : 'the service of the KKT has begun it after all'
    },
    /** Has a task done once, however often it is asked for under the same uuid. */
    async run(uuid: string, task: object, { limitMs, mayBeDone, secrets }: Running): Promise<TaskEnd | NotTaken> {
      const posted = await post(uuid, [task], { mayBeDone, secrets })
      if (posted.kind === 'taken') return await follow(uuid, limitMs)
      if (posted.kind === 'not_taken') return posted
      const { isSent, reason } = posted
      return isSent ? { kind: 'open', reason } : { kind: 'not_taken', isLasting: false, reason }
    },
    /**
     * Has tasks done that leave no trace in the FN, and takes them out of the queue where they have not begun in time.
     * @returns their ends in order
     */
    async read(tasks: readonly object[], limitMs = READ_LIMIT_MS): Promise<TaskEnd[] | Open> {
      const uuid = newUuid()
      const endMs = clock.monotonicMs() + limitMs
      const posted = await post(uuid, tasks, { endMs })
      if (posted.kind === 'not_taken') return { kind: 'open', reason: posted.reason }
      const polled: Polled =
        posted.kind === 'taken'
          ? await poll(uuid, endMs, () => endMs - clock.monotonicMs())
          : { kind: 'open', reason: posted.reason }
      if (polled.kind === 'ended') return polled.entries.map(endOf)
      if (polled.kind === 'gone') return { kind: 'open', reason: 'the service of the KKT lost a question' }
      // The caller's time is over.
      void client.cancel(uuid)
      return polled
    },
  }
}

/** Has one task done as `read` does. @returns its end */
export async function readOne(requests: Pick<Requests, 'read'>, task: object, limitMs?: number): Promise<TaskEnd> {
  const ends = await requests.read([task], limitMs)
  if (!Array.isArray(ends)) return ends
  const [end] = ends
  return end ?? { kind: 'open', reason: UNFIT }
}

/** @param wasSent an earlier POST of the same request may have come, and be done */
function takenBy(
  answer: Answer | Silence,
  { wasSent, secrets }: { wasSent: boolean; secrets: Secrets },
): { kind: 'taken' } | Silence | NotTaken {
  if (answer.kind === 'silent') return { ...answer, isSent: answer.isSent || wasSent }
  if (answer.status === 201 || answer.status === 409) return { kind: 'taken' }
  // A success that the service does not speak of may be one: of a proxy, or of another version.
  const isUnclear = wasSent || answer.status >= 500 || (answer.status >= 200 && answer.status < 300)
  return isUnclear ? { kind: 'silent', reason: answerInWords(answer), isSent: true } : notTaken(answer, secrets)
}

/** Logs once that the queue stands still for a request, and once that it moves again. */
function createBlockedLog(logger: Logger) {
  let toldFor: string | null = null
  return {
    tell(uuid: string, entryOfIt: Entry | undefined): void {
      if (entryOfIt && toldFor !== uuid) {
        toldFor = uuid
        logger.warn('kkt_queue_blocked', { request: uuid, error_code: entryOfIt.error?.code })
      } else if (!entryOfIt && toldFor === uuid) {
        toldFor = null
        logger.info('kkt_queue_moves', { request: uuid })
      }
    },
  }
}
