import type { SimNode } from '../world/node.ts'
import type { Acceptance, OfdCall } from '../world/ofd.ts'
import { BLAMES_RECEIPT } from './breaker_check.ts'
import type { ContentCheck } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { JournalCheck } from './journal_check.ts'
import type { KktCheck } from './kkt_check.ts'
import { mayComeLate, type Receipts, type Tracked } from './tracked.ts'

/** Statuses by which an OFD says that it has not taken the receipt. */
const isRefusal = (status: number) => status >= 400 && status < 500

type OfdDeps = {
  findings: Findings
  receipts: Receipts
  contents: ContentCheck
  journal: JournalCheck
  kkt: KktCheck
  offersLookup: boolean
}

/** Checks the requests to the OFD, and the receipts that it takes. */
export class OfdCheck {
  readonly ledger: Acceptance[] = []
  /** The receipts that the OFD has got from a register. One that it got twice is there twice. */
  readonly ofRegister: string[] = []
  #newestToken = 0
  /** The number of times that the receipt had been sent when the request came to the OFD. */
  #postsAt = new WeakMap<OfdCall, number>()
  /** Receipts whose look-up a node has heard answered by the OFD itself. */
  #lookedUp = new Set<Tracked>()
  #isLookupKnown = false

  constructor(private readonly deps: OfdDeps) {}

  /** Whether a receipt was sent or settled after such an answer: by then the journal knows that this OFD answers look-ups. */
  get isLookupKnown(): boolean {
    this.#isLookupKnown ||= [...this.#lookedUp].some(({ status }) => status === 'synced')
    return this.#isLookupKnown
  }

  /** How often the OFD has taken a receipt. */
  timesOf = (id: string): number =>
    this.ledger.filter(({ receiptId }) => receiptId === id).length + this.ofRegister.filter((one) => one === id).length

  /** A node is about to send a request. @returns its receipt */
  sends(node: SimNode, request: Request): Tracked | undefined {
    const { findings, receipts, journal, offersLookup } = this.deps
    const isPost = request.method === 'POST'
    const id = isPost ? request.headers.get('idempotency-key') : new URL(request.url).pathname.split('/').at(-1)
    const receipt = receipts.find(id ?? '')
    if (!receipt) {
      findings.violated('invariant 1', `${node.name} sends a receipt that is not in the journal`)
      return undefined
    }
    findings.tell(`${node.name} ${isPost ? 'sends' : 'looks up at the OFD:'} ${receipt.key}`)
    if (!isPost) return receipt
    if (this.#lookedUp.has(receipt)) this.#isLookupKnown = true
    if (offersLookup && receipt.atOfd !== 'absent') {
      findings.violated(
        'invariant 4',
        `${node.name} sends ${receipt.key}, which may be at the OFD, without looking it up`,
      )
    }
    if (receipt.atOfd === 'absent') receipt.atOfd = 'unclear'
    if (journal.holder !== node.self) {
      findings.violated('invariant 6', `${node.name} sends ${receipt.key}, and does not hold the lease`)
    }
    if (receipt.status !== 'syncing') {
      findings.violated('invariant 4', `${node.name} sends ${receipt.key}, which the journal has as ${receipt.status}`)
    }
    return receipt
  }

  /** A request has arrived at the OFD. */
  arrived(call: OfdCall, how: string): void {
    const { findings, receipts, journal } = this.deps
    const receipt = receipts.find(call.receiptId)
    const isStale = journal.holder !== call.from
    if (isStale)
      findings.count('lease', `${call.method === 'GET' ? 'a look-up' : 'a receipt'} of a former holder arrives`)
    findings.count('OFD', `${call.method === 'GET' ? 'look-up' : 'receipt'} meets ${how.replaceAll('_', ' ')}`)
    findings.tell(`OFD: ${call.method} of ${receipts.name(call.receiptId)} meets ${how}`)
    if (!receipt) return
    // The current holder cannot know of a former holder's request under way. The OFD refuses its token.
    if (call.method === 'POST' && !isStale) receipt.posts += 1
    this.#postsAt.set(call, receipt.posts)
  }

  /** A node is about to get the answer to an earlier request. */
  strayed(call: OfdCall): void {
    const { findings, receipts } = this.deps
    findings.count('OFD', `${call.method === 'GET' ? 'look-up' : 'receipt'} gets a stray answer`)
    findings.tell(`OFD: ${call.method} of ${receipts.name(call.receiptId)} gets a stray answer`)
  }

  /**
   * A node has an answer from the OFD: its status, or null where the request failed.
   * @param isRight whether the answer can be read and is true of this receipt
   */
  heard(node: string, call: OfdCall, status: number | null, isRight: boolean): void {
    const { findings, receipts, offersLookup } = this.deps
    const receipt = receipts.find(call.receiptId)
    findings.tell(`${node} hears from the OFD about ${receipt?.key}: ${status ?? 'nothing'}`)
    const isOwnWord = offersLookup && isRight && call.method === 'GET' && (status === 200 || status === 404)
    if (receipt && isOwnWord) this.#lookedUp.add(receipt)
    // An answer from before the last submission tells nothing of the present.
    if (!isRight || !receipt || status === null || receipt.atOfd === 'there') return
    if (this.#postsAt.get(call) !== receipt.posts) return
    if (call.method === 'GET' ? status === 404 : isRefusal(status)) receipt.atOfd = 'absent'
  }

  accepted(acceptance: Acceptance): void {
    const { findings, receipts, contents, kkt } = this.deps
    const { receiptId: id, posId, fdNumber, token } = acceptance
    const receipt = receipts.find(id)
    findings.count('totals', 'accepted by the OFD')
    findings.tell(`OFD: takes ${receipts.name(id)} as ${acceptance.ofdId}`)
    if (!receipt) {
      findings.violated('invariant 1', 'the OFD took a receipt that is not in the journal')
      return
    }
    if (this.ledger.some((one) => one.receiptId === id)) {
      findings.violated('invariant 4', `the OFD took ${receipt.key} twice`)
    }
    if (token < this.#newestToken) findings.violated('invariant 6', `the OFD took ${receipt.key} by an outdated token`)
    if (kkt.fdOf.get(id) !== fdNumber) {
      findings.violated(
        'invariant 4',
        `${receipt.key} came to the OFD as document ${fdNumber}, and is ${kkt.fdOf.get(id)}`,
      )
    }
    this.#newestToken = token
    this.ledger.push(acceptance)
    this.#checkOrder(receipt, posId)
    contents.taken(receipt, acceptance.document)
    receipt.atOfd = 'there'
    receipt.acceptedAtMs = Math.floor(acceptance.timestamp * 1000)
  }

  /** Invariant 5: no later receipt of the same till came first. */
  #checkOrder(receipt: Tracked, posId: string): void {
    const { findings, receipts, kkt } = this.deps
    if (mayComeLate(receipt)) return
    for (const other of receipts.all.values()) {
      const isEarlier = kkt.placeOf(other.id) < kkt.placeOf(receipt.id)
      if (other.posId !== posId || !isEarlier || mayComeLate(other) || other.atOfd === 'there') continue
      findings.violated('invariant 5', `${receipt.key} of ${posId} came to the OFD before ${other.key}`)
    }
  }

  refused(id: string, status: number): void {
    const { findings, receipts } = this.deps
    const receipt = receipts.find(id)
    findings.count('OFD', `refuses with ${status}`)
    findings.tell(`OFD: refuses ${receipts.name(id)} with ${status}`)
    if (receipt && BLAMES_RECEIPT.includes(status)) receipt.refusedByOfd = status
  }
}
