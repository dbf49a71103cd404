import { z } from 'zod'
import type { SimTime } from './time.ts'

/** What an OFD does with a request: whether it takes effect, and what of the answer arrives. */
type Conduct = {
  effect: 'now' | 'late' | 'none'
  answer: 'proper' | 'slow' | 'silence' | 'reset' | 'cut' | 'unreadable' | 'unreachable' | 500 | 503 | 401 | 429
}

export const OFD_FAULTS = {
  unavailable: { effect: 'none', answer: 503 },
  unreachable: { effect: 'none', answer: 'unreachable' },
  unauthorised: { effect: 'none', answer: 401 },
  too_many_requests: { effect: 'none', answer: 429 },
  silence: { effect: 'none', answer: 'silence' },
  reset: { effect: 'none', answer: 'reset' },
  effect_then_silence: { effect: 'now', answer: 'silence' },
  effect_then_reset: { effect: 'now', answer: 'reset' },
  effect_then_cut: { effect: 'now', answer: 'cut' },
  effect_then_error: { effect: 'now', answer: 500 },
  effect_then_unreadable: { effect: 'now', answer: 'unreadable' },
  slow: { effect: 'now', answer: 'slow' },
  /** Goes on working when nobody waits for its answer any more. */
  late_effect: { effect: 'late', answer: 'silence' },
} as const satisfies Record<string, Conduct>
export type OfdFault = keyof typeof OFD_FAULTS

/** How an OFD says that it has no look-up. It then knows a receipt that it was sent before by its key. */
export const NO_LOOKUP = [404, 405, 501] as const

export type OfdSettings = {
  lookup: 'offered' | (typeof NO_LOOKUP)[number]
  /** How far its clock is ahead. */
  skewMs: number
  /** Whether it tells the time to the microsecond, as `time.time()` does, or in whole seconds. */
  tellsFractions: boolean
  /** How long it goes on with a request whose sender is gone, at most. */
  settleMs: number
}

const document = z.object({
  receipt_id: z.guid(),
  pos_id: z.string(),
  total: z.number(),
  fiscal_doc: z.object({ fiscal_doc_number: z.int() }),
})

/** A request on its way, as the OFD sees it. */
export type OfdCall = {
  /** The process that sent it. */
  from: string
  method: string
  receiptId: string
  token: number
  key: string
  /** Of a POST. */
  body: string
  /** @param isWhole whether it can be read */
  answer(response: Response, isWhole: boolean): void
  fail(error: Error): void
  /** Calls back when the sender has gone away; at once where it has. */
  onCutOff(then: () => void): void
}

export type Acceptance = {
  receiptId: string
  posId: string
  fdNumber: number
  token: number
  ofdId: string
  /** When it was taken, as the OFD tells it. */
  timestamp: number
}

export type OfdFaultPlan = { name: OfdFault; on: 'posts' | 'lookups' | 'all'; left: number }
/** The statuses by which an OFD refuses a receipt, and one that says nothing: a receipt that its service stumbles over. */
export const REFUSALS = [400, 409, 413, 422, 500] as const
export type Refusal = { what: 'next' | 'till' | 'all'; till: string; status: (typeof REFUSALS)[number] }

/** An OFD that keeps no receipt from being taken twice where it offers the look-up: that is the sender's to prevent. */
export class SimOfd {
  /** In the order of acceptance, each as often as it was taken. */
  readonly ledger: Acceptance[] = []
  newestToken = 0
  fault: OfdFaultPlan | null = null
  refusal: Refusal | null = null
  /** Receipts that it will never take, until it is healed. */
  #refused = new Map<string, number>()

  constructor(
    private readonly time: SimTime,
    private readonly settings: OfdSettings,
    private readonly random: () => number,
    private readonly watch: {
      accepted(acceptance: Acceptance): void
      refused(receiptId: string, status: number): void
      arrived(call: OfdCall, conduct: OfdFault | 'no fault'): void
    },
  ) {}

  heal(): void {
    this.fault = null
    this.refusal = null
    this.#refused.clear()
  }

  /** A request arrives. */
  take(call: OfdCall): void {
    const fault = this.#faultFor(call)
    this.watch.arrived(call, fault ?? 'no fault')
    const { effect, answer }: Conduct = fault ? OFD_FAULTS[fault] : { effect: 'now', answer: 'proper' }
    if (effect === 'late') {
      this.#takeLate(call)
      return
    }
    const response = effect === 'now' ? this.#serve(call) : null
    const slowMs = answer === 'slow' ? this.settings.settleMs * 0.9 * this.random() : 0
    this.time.after(this.#latencyMs() + slowMs, () => this.#reply(call, answer, response))
  }

  /** Works on it for as long as its sender waits, or may wait, and then some. */
  #takeLate(call: OfdCall): void {
    let isDone = false
    const finish = () => {
      if (!isDone) this.#serve(call)
      isDone = true
    }
    this.time.after(this.settings.settleMs, finish)
    call.onCutOff(() => this.time.after(this.settings.settleMs * 0.9 * this.random(), finish))
  }

  #latencyMs = () => 1 + Math.floor(this.random() * 15)

  #faultFor({ method }: OfdCall): OfdFault | null {
    const { fault } = this
    if (!fault || fault.on === (method === 'GET' ? 'posts' : 'lookups')) return null
    fault.left -= 1
    if (fault.left <= 0) this.fault = null
    return fault.name
  }

  #reply(call: OfdCall, how: Conduct['answer'], proper: Response | null): void {
    if (how === 'silence') return
    if (proper && (how === 'proper' || how === 'slow')) call.answer(proper, true)
    else if (how === 'cut') call.answer(new Response(cutBody(), { status: 200 }), false)
    else if (how === 'unreadable') call.answer(new Response('<html>', { status: 200 }), false)
    else if (how === 'reset') call.fail(networkError('ECONNRESET'))
    else if (how === 'unreachable') call.fail(networkError('ECONNREFUSED'))
    else call.answer(new Response('{"error":"no"}', { status: typeof how === 'number' ? how : 500 }), false)
  }

  #serve(call: OfdCall): Response {
    if (call.token < this.newestToken && (call.method === 'POST' || this.settings.lookup === 'offered')) {
      this.watch.refused(call.receiptId, 412)
      return json(412, { error: 'an older fencing token' })
    }
    if (call.method === 'GET') return this.#lookUp(call)
    this.newestToken = call.token
    const { receipt_id: receiptId, pos_id: posId, fiscal_doc } = document.parse(JSON.parse(call.body))
    const status = this.#refusalOf(receiptId, posId)
    if (status !== null) {
      this.watch.refused(receiptId, status)
      return json(status, { error: 'not acceptable' })
    }
    const known = this.settings.lookup === 'offered' ? undefined : this.#find(call.key)
    if (known) return this.#accepted(known)
    const acceptance = {
      ...{ receiptId, posId, token: call.token },
      fdNumber: fiscal_doc.fiscal_doc_number,
      ofdId: `OFD-${this.ledger.length + 1}`,
      timestamp: this.#timestamp(),
    }
    this.ledger.push(acceptance)
    this.watch.accepted(acceptance)
    return this.#accepted(acceptance)
  }

  #refusalOf(receiptId: string, posId: string): number | null {
    const { refusal } = this
    const known = this.#refused.get(receiptId)
    if (known !== undefined) return known
    if (!refusal || (refusal.what === 'till' && refusal.till !== posId)) return null
    this.#refused.set(receiptId, refusal.status)
    if (refusal.what === 'next') this.refusal = null
    return refusal.status
  }

  #find = (receiptId: string) => this.ledger.find((one) => one.receiptId === receiptId)

  #lookUp({ receiptId, token }: OfdCall): Response {
    const { lookup } = this.settings
    if (lookup !== 'offered') return new Response('no such page', { status: lookup })
    this.newestToken = Math.max(this.newestToken, token)
    const found = this.#find(receiptId)
    return found ? this.#accepted(found) : json(404, { status: 'not_found', receipt_id: receiptId })
  }

  #timestamp(): number {
    const seconds = (this.time.wallMs() + this.settings.skewMs) / 1000
    return this.settings.tellsFractions ? seconds + 0.000321 : Math.floor(seconds)
  }

  #accepted = ({ receiptId, ofdId, timestamp }: Acceptance) =>
    json(200, { status: 'accepted', ofd_id: ofdId, timestamp, receipt_id: receiptId })
}

const json = (status: number, body: object) => new Response(JSON.stringify(body), { status })

const networkError = (code: string) => Object.assign(new TypeError('The connection failed'), { code })

const cutBody = () =>
  new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"status":'))
      controller.error(networkError('ECONNRESET'))
    },
  })
