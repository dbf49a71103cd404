import { z } from 'zod'
import { type Conduct, OFD_FAULTS, type OfdFault } from './ofd_faults.ts'
import { cutBody, json, networkError, PAGE, type Reply, sent } from './replies.ts'
import { Strays } from './strays.ts'
import type { SimTime } from './time.ts'

/** Statuses of an OFD without a look-up. Such an OFD recognises a receipt by its key. */
export const NO_LOOKUP = [404, 405, 501] as const

export type OfdSettings = {
  lookup: 'offered' | (typeof NO_LOOKUP)[number]
  /** Whether its answers to submissions name the receipt. Those to look-ups always do. */
  namesReceipts: boolean
  /** By how much its clock is ahead. */
  skewMs: number
  /** Whether it tells the time to the microsecond, as Python's `time.time()` does, or in whole seconds. */
  tellsFractions: boolean
  /** The longest time that it works on a request whose sender is gone. */
  settleMs: number
}

const document = z.object({
  receipt_id: z.guid(),
  pos_id: z.string(),
  total: z.number(),
  fiscal_doc: z.object({ fiscal_doc_number: z.int() }),
})

/** A request on its way to the OFD. */
export type OfdCall = {
  /** The process that sent it. */
  from: string
  method: string
  receiptId: string
  token: number
  key: string
  /** Empty unless it is a POST. */
  body: string
  /** @param isRight whether the answer can be read and is true of this receipt */
  answer(response: Response, isRight: boolean): void
  fail(error: Error): void
  /** Calls back when the sender goes away, or at once where it has gone. */
  onCutOff(then: () => void): void
}

export type Acceptance = {
  receiptId: string
  posId: string
  fdNumber: number
  token: number
  ofdId: string
  /** Its source. */
  document: string
  /** The time of acceptance by the OFD's clock. */
  timestamp: number
}

export type OfdFaultPlan = { name: OfdFault; on: 'posts' | 'lookups' | 'all'; left: number }
/** The statuses by which an OFD refuses a receipt, and 500, when the receipt crashes its service. */
export const REFUSALS = [400, 409, 413, 422, 500] as const
export type Refusal = { what: 'next' | 'till' | 'all'; till: string; status: (typeof REFUSALS)[number] }

type OfdWatch = {
  accepted(acceptance: Acceptance): void
  refused(receiptId: string, status: number): void
  arrived(call: OfdCall, conduct: OfdFault | 'no fault'): void
  strayed(call: OfdCall): void
  /** Whether the adapters know that it answers look-ups. Before that, a proxy's page counts as its answer. */
  readonly isLookupKnown: boolean
}

/** The id of no receipt. */
const NOBODYS = '01900000-0000-7000-8000-000000000000'

/** An OFD that offers a look-up does not deduplicate: that is up to the sender. */
export class SimOfd {
  /** In order of acceptance. A receipt that was taken twice has two entries. */
  readonly ledger: Acceptance[] = []
  newestToken = 0
  fault: OfdFaultPlan | null = null
  refusal: Refusal | null = null
  /** How often its machine has lost its power. Each time all connections die silently. */
  powerCycles = 0
  /** Receipts that it refuses until it is healed. */
  #refused = new Map<string, number>()
  #strays = new Strays()

  constructor(
    private readonly time: SimTime,
    private readonly settings: OfdSettings,
    private readonly random: () => number,
    private readonly watch: OfdWatch,
  ) {}

  heal(): void {
    this.fault = null
    this.refusal = null
    this.#refused.clear()
    this.#strays.clear()
  }

  /** A request arrives. */
  take(call: OfdCall): void {
    const fault = this.#faultFor(call)
    this.watch.arrived(call, fault ?? 'no fault')
    const conduct: Conduct = fault ? OFD_FAULTS[fault] : { effect: 'now', answer: 'proper' }
    const { effect, answer } = conduct
    const stray = this.settings.lookup === 'offered' || call.method === 'POST' ? this.#strays.takenFor(call) : null
    if (stray) {
      this.watch.strayed(call)
      this.time.after(this.#latencyMs(), () => call.answer(sent(stray.reply), stray.isRight))
    }
    if (effect === 'late') this.#takeLate(call, answer === 'reset')
    if (effect === 'late' && answer !== 'reset') return
    const response = effect === 'now' ? this.#serve(call) : null
    if (stray) return
    const slowMs = answer === 'slow' ? this.settings.settleMs * 0.9 * this.random() : 0
    this.time.after(this.#latencyMs() + slowMs, () => this.#reply(call, conduct, response))
  }

  /** Works on a request while its sender waits, and for some time after that. */
  #takeLate(call: OfdCall, isCutOff: boolean): void {
    let isDone = false
    const finish = () => {
      if (!isDone) this.#serve(call)
      isDone = true
    }
    this.time.after(this.settings.settleMs, finish)
    const soon = () => this.time.after(this.settings.settleMs * 0.9 * this.random(), finish)
    if (isCutOff) soon()
    else call.onCutOff(soon)
  }

  #latencyMs = () => 1 + Math.floor(this.random() * 15)

  #faultFor({ method }: OfdCall): OfdFault | null {
    const { fault } = this
    if (!fault || fault.on === (method === 'GET' ? 'posts' : 'lookups')) return null
    fault.left -= 1
    if (fault.left <= 0) this.fault = null
    return fault.name
  }

  #reply(call: OfdCall, { answer: how, retryAfter }: Conduct, proper: Reply | null): void {
    switch (how) {
      case 'silence':
        break
      case 'reset':
        call.fail(networkError('ECONNRESET'))
        break
      case 'unreachable':
        call.fail(networkError('ECONNREFUSED'))
        break
      case 'cut':
        call.answer(new Response(cutBody(), { status: 200 }), false)
        break
      case 'unreadable':
        call.answer(sent({ status: 200, text: '<html>' }), false)
        break
      case 'of_another':
        call.answer(sent(this.#ofAnother(call.receiptId)), false)
        break
      case 'page':
        this.#showPage(call)
        break
      case 'proper':
      case 'slow':
      case 'twice':
        if (proper && how === 'twice') this.#addStray(call, proper)
        if (proper) call.answer(sent(proper), true)
        break
      default:
        call.answer(failure(how, retryAfter), true)
    }
  }

  #addStray(call: OfdCall, reply: Reply): void {
    const { lookup, namesReceipts } = this.settings
    if (call.method === 'POST') this.#strays.add(call, reply, namesReceipts)
    else if (lookup === 'offered') this.#strays.add(call, reply, reply.status !== 412 || namesReceipts)
  }

  /** An answer about another receipt, or about one that nobody has sent. */
  #ofAnother(receiptId: string): Reply {
    const other = this.ledger.findLast((one) => one.receiptId !== receiptId)
    return other ? this.#found(other) : json(404, { status: 'not_found', receipt_id: NOBODYS })
  }

  #showPage(call: OfdCall): void {
    const { lookup } = this.settings
    if (call.method === 'POST') call.answer(sent({ status: 404, text: PAGE }), true)
    else if (lookup !== 'offered') call.answer(sent(this.#lookUp(call)), true)
    else if (!this.watch.isLookupKnown) call.answer(sent(json(503, { error: 'no' })), true)
    else call.answer(sent({ status: this.#anyOf(NO_LOOKUP), text: PAGE }), false)
  }

  #anyOf = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(this.random() * values.length)] ?? values[0]

  #serve(call: OfdCall): Reply {
    if (call.token < this.newestToken && (call.method === 'POST' || this.settings.lookup === 'offered')) {
      this.watch.refused(call.receiptId, 412)
      return json(412, { error: 'an older fencing token', ...this.#named(call) })
    }
    if (call.method === 'GET') return this.#lookUp(call)
    this.newestToken = call.token
    const { receipt_id: receiptId, pos_id: posId, fiscal_doc } = document.parse(JSON.parse(call.body))
    const status = this.#refusalOf(receiptId, posId)
    if (status !== null) {
      this.watch.refused(receiptId, status)
      return json(status, { error: 'not acceptable', ...this.#named(call) })
    }
    const known = this.settings.lookup === 'offered' ? undefined : this.#find(call.key)
    if (known) return this.#accepted(known)
    const acceptance = {
      receiptId,
      posId,
      token: call.token,
      document: call.body,
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

  #lookUp({ receiptId, token }: OfdCall): Reply {
    const { lookup } = this.settings
    if (lookup !== 'offered') return { status: lookup, text: PAGE }
    this.newestToken = Math.max(this.newestToken, token)
    const found = this.#find(receiptId)
    return found ? this.#found(found) : json(404, { status: 'not_found', receipt_id: receiptId })
  }

  #timestamp(): number {
    const seconds = (this.time.wallMs() + this.settings.skewMs) / 1000
    return this.settings.tellsFractions ? seconds + 0.000321 : Math.floor(seconds)
  }

  #accepted = (acceptance: Acceptance) => json(200, { ...told(acceptance), ...this.#named(acceptance) })

  #found = (acceptance: Acceptance) => json(200, { ...told(acceptance), receipt_id: acceptance.receiptId })

  #named = ({ receiptId }: { receiptId: string }) => (this.settings.namesReceipts ? { receipt_id: receiptId } : {})
}

const told = ({ ofdId, timestamp }: Acceptance) => ({ status: 'accepted', ofd_id: ofdId, timestamp })

const failure = (status: number, retryAfter: number | undefined) =>
  new Response('{"error":"no"}', {
    status,
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  })
