import { MAX_ANSWER_BYTES, RefusedAnswer, readAnswer } from '@kkt/platform/bounded.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { jsonOrUndefined } from '@kkt/platform/json_text.ts'
import { certificateAdvice, certificateFault } from '@kkt/platform/peer_certificate.ts'
import { z } from 'zod'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalisedReceipt, ReceiptId } from '../domain/receipt.ts'
import { codeOf, neverArrived, PooledConnectionLost } from './ofd_connection.ts'
import { ofdDocument } from './ofd_document.ts'
import { ofdWords } from './ofd_words.ts'
import { createTimeLimit } from './time_limit.ts'

/** The outcome of sending a receipt to the OFD. */
export type OfdOutcome =
  /** `atMs`: the OFD's time in Unix milliseconds, if it gave one. `isNamed`: the answer names this receipt. */
  | { kind: 'done'; ofdId: string; atMs: number | null; isNamed: boolean }
  /** The OFD did not take the receipt. It blames the receipt, the outdated fencing token, or the service. */
  | { kind: 'refused'; blames: 'receipt' | 'token' | 'service'; reason: string }
  /** The OFD may have taken it. `isCutOff`: no complete answer came, so it may still be at work on it. */
  | { kind: 'unknown'; reason: string; isCutOff: boolean }

/** A reused connection was dead, which says nothing about the OFD. The receipt may have arrived. */
export type ConnectionLost = { kind: 'connection_lost'; reason: string }

/** `found`, `absent` and `rejected` are the OFD's own answers about this receipt: they name it. */
export type OfdLookup =
  | { kind: 'found'; ofdId: string; atMs: number | null }
  | { kind: 'absent' }
  /** The route does not exist: this OFD has no look-up, or a proxy answered. */
  | { kind: 'unsupported'; reason: string }
  /** The OFD took the receipt and rejected it later. */
  | { kind: 'rejected'; reason: string }
  /** The OFD knows a newer token than the adapter's. */
  | { kind: 'outdated'; reason: string }
  | { kind: 'unknown'; reason: string }

/** A client of the OFD. Its calls never reject: failures are outcomes. */
export type OfdClient = {
  /** The scheme, host and port of the OFD. */
  readonly origin: string
  deliver(receipt: FiscalisedReceipt, token: FencingToken): Promise<OfdOutcome | ConnectionLost>
  /** After an `absent` answer, an OFD with fencing takes the receipt from no holder of an older token any more. */
  lookup(receipt: FiscalisedReceipt, token: FencingToken): Promise<OfdLookup>
  /** Cuts off the current requests; they end as `unknown`. */
  abort(): void
}

/** The statuses that refuse this very receipt. Any other 4xx is about the service. */
const BLAMES_RECEIPT = [400, 409, 413, 422]

/** An OFD with fencing uses it to say that another process is the sender now (RFC 9110, section 15.5.13). */
const OUTDATED_TOKEN = 412
const OUTDATED =
  'it knows a newer fencing token, from another adapter with this KKT_ID or from one with a fast clock; the adapter that sends takes a newer token by itself'

/** The end of the year 9999. */
const MAX_UNIX_SECONDS = 253_402_300_799

/** `body`: `text` parsed as JSON; undefined when it is not JSON. */
type Answer = { status: number; text: string; body: unknown }

/** The receipt that an answer should be about: its id, and the document, which the OFD may repeat. */
type Subject = { id: ReceiptId; document: object }

const accepted = z.object({
  status: z.literal('accepted'),
  ofd_id: z.string().min(1).max(128),
  // A wrong timestamp is no reason to doubt that the OFD took the receipt.
  timestamp: z.number().min(0).max(MAX_UNIX_SECONDS).nullable().catch(null),
})
const rejected = z.object({ status: z.literal('rejected') })
const notFound = z.object({ status: z.literal('not_found') })

type OfdClientOptions = {
  url: string
  kktId: string
  timeoutMs: number
  clock: Clock
  send: (request: Request) => Promise<Response>
}

/** @param options.send sends the requests: see `createOfdSend` */
export function createOfdClient(options: OfdClientOptions): OfdClient {
  const base = options.url.replace(/\/+$/, '')
  const timeLimit = createTimeLimit({
    clock: options.clock,
    get limitMs() {
      return options.timeoutMs
    },
  })

  /** One request. The answer must come whole and in time. */
  const request = (
    path: string,
    init: { method: 'GET' | 'POST'; headers: Record<string, string>; body?: string },
  ): Promise<Answer> =>
    timeLimit.within(async (signal) => {
      // A customer's receipt goes to the configured address and to no other.
      const response = await options.send(new Request(base + path, { ...init, redirect: 'manual', signal }))
      const text = await readAnswer(response)
      return { status: response.status, text, body: jsonOrUndefined(text) }
    })

  return {
    origin: new URL(options.url).origin,
    async deliver(receipt, token) {
      const document = ofdDocument(receipt, options.kktId)
      try {
        const response = await request('/ofd/v1/receipt', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': receipt.id,
            'fencing-token': String(token),
          },
          body: JSON.stringify(document),
        })
        return readOutcome(response, { id: receipt.id, document })
      } catch (error) {
        if (error instanceof PooledConnectionLost)
          return { kind: 'connection_lost', reason: failureReason(error.cause) }
        return { kind: 'unknown', reason: failureReason(error), isCutOff: !neverArrived(error) }
      }
    },
    async lookup(receipt, token) {
      const { id } = receipt
      const headers = { 'fencing-token': String(token), 'kkt-id': options.kktId }
      try {
        const answer = await request(`/ofd/v1/receipt/${id}`, { method: 'GET', headers })
        return readLookup(answer, { id, document: ofdDocument(receipt, options.kktId) })
      } catch (error) {
        return { kind: 'unknown', reason: failureReason(error) }
      }
    },
    abort: timeLimit.abort,
  }
}

function readOutcome({ status, text, body }: Answer, { id, document }: Subject): OfdOutcome {
  const answered = `the OFD answered ${status}`
  const subject = subjectOf(body, id)
  const isOfAnother = subject === 'another' || (status === 404 && notFound.safeParse(body).success)
  // An answer to another request, such as a late one on the same connection. The right answer may still come.
  if (isOfAnother) return { kind: 'unknown', reason: `${answered}, to another request`, isCutOff: true }
  const taken = accepted.safeParse(body).data
  if (status === 200 && taken) return { kind: 'done', ...acceptance(taken), isNamed: subject === 'ours' }
  const reason = `${answered}${status === 200 ? ' with an unreadable body' : ''}${saying(text, document)}`
  if (BLAMES_RECEIPT.includes(status)) return { kind: 'refused', blames: 'receipt', reason }
  if (status === OUTDATED_TOKEN) return { kind: 'refused', blames: 'token', reason: `${answered}: ${OUTDATED}` }
  if (status >= 400 && status < 500) return { kind: 'refused', blames: 'service', reason }
  return { kind: 'unknown', reason, isCutOff: false }
}

function saying(text: string, document: object): string {
  const words = ofdWords(text, document)
  return words === '' ? '' : ` and said "${words}"`
}

const acceptance = ({ ofd_id, timestamp }: z.output<typeof accepted>) => ({
  ofdId: ofd_id,
  atMs: timestamp === null ? null : Math.floor(timestamp * 1000),
})

function readLookup({ status, text, body }: Answer, { id, document }: Subject): OfdLookup {
  const answered = `the OFD answered ${status} to the look-up`
  const subject = subjectOf(body, id)
  if (subject === 'another') return { kind: 'unknown', reason: `${answered}, about another receipt` }
  const said = saying(text, document)
  const told = lookupAnswer({ status, body, said })
  if (told !== null) return subject === 'ours' ? told : { kind: 'unknown', reason: `${answered}, and named no receipt` }
  const reason = `${answered}${said}`
  if (status === 404 || status === 405 || status === 501) return { kind: 'unsupported', reason }
  if (status === OUTDATED_TOKEN) return { kind: 'outdated', reason: `${answered}: ${OUTDATED}` }
  return { kind: 'unknown', reason }
}

/** The OFD's own answers to a look-up. Null: this is none of them. */
function lookupAnswer({ status, body, said }: { status: number; body: unknown; said: string }): OfdLookup | null {
  if (status === 404) return notFound.safeParse(body).success ? { kind: 'absent' } : null
  if (status !== 200) return null
  if (rejected.safeParse(body).success) return { kind: 'rejected', reason: `the OFD has rejected it${said}` }
  const found = accepted.safeParse(body).data
  return found ? { kind: 'found', ...acceptance(found) } : null
}

/** Compares the receipt that an answer names, if any. */
function subjectOf(body: unknown, id: ReceiptId): 'ours' | 'another' | 'unnamed' {
  const named = typeof body === 'object' && body !== null && 'receipt_id' in body ? body.receipt_id : null
  if (named === null) return 'unnamed'
  // UUIDs are equal in either case (RFC 9562, section 4). Ours are in lower case.
  return typeof named === 'string' && named.toLowerCase() === id ? 'ours' : 'another'
}

const WHY_REFUSED: Readonly<Record<RefusedAnswer['why'], string>> = {
  too_large: `the OFD answered with more than ${MAX_ANSWER_BYTES} bytes`,
  packed: 'the OFD packed its answer in a way that cannot be read',
}

/** Names the failure by its kind: a message could hold an address or a body. */
function failureReason(error: unknown): string {
  const name = error instanceof Error ? error.name : 'Error'
  if (name === 'OutOfTime') return 'the OFD did not answer in time'
  if (name === 'AbortError') return 'cut off at shutdown'
  if (error instanceof RefusedAnswer) return WHY_REFUSED[error.why]
  const fault = certificateFault(error)
  if (fault !== null) return certificateAdvice(fault, 'the OFD', { ca: 'OFD_CA_FILE', url: 'OFD_API_URL' })
  return `the connection to the OFD failed (${codeOf(error) ?? name})`
}
