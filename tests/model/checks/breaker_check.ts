import type { Heard } from '../world/network.ts'
import type { SimNode } from '../world/node.ts'
import type { OfdCall } from '../world/ofd.ts'
import type { Findings } from './findings.ts'
import type { Tracked } from './tracked.ts'

/** The statuses by which an OFD refuses this receipt. They also prove that the OFD is there. */
export const BLAMES_RECEIPT: readonly unknown[] = [400, 409, 413, 422]

/** A node's breaker, as the model sees it. */
type Seen = {
  /** Failures in a row, and the time of the last one. */
  failures: number
  lastFailureMs: number
  openedAtMs: number
  /** The receipt whose delivery is the probe. */
  probing: string | null
  /** The number of manual syncs under way, and whether one was asked for since the breaker opened. */
  syncs: number
  askedToProbe: boolean
  /** The end of the pause that the OFD has asked for, and the time of the last request for one. */
  leftAloneUntilMs: number
  lastAskedMs: number
}

const FRESH: Seen = {
  failures: 0,
  lastFailureMs: 0,
  openedAtMs: 0,
  probing: null,
  syncs: 0,
  askedToProbe: false,
  leftAloneUntilMs: 0,
  lastAskedMs: 0,
}

type BreakerDeps = {
  findings: Findings
  nowMs: () => number
  threshold: number
  timeoutMs: number
  /** The status of look-ups at an OFD without any, or null. */
  noLookupStatus: number | null
  /** The OFD's acceptances name their receipts. */
  namesReceipts: boolean
}

/** Invariant 11: enough failures in a row open the breaker. One receipt then probes, after the time-out or in a manual sync. */
export class BreakerCheck {
  #seen = new Map<string, Seen>()

  constructor(private readonly deps: BreakerDeps) {}

  /** A new process starts without any memory. */
  started(node: string): void {
    this.#seen.set(node, { ...FRESH })
  }

  opened(node: string): void {
    const seen = this.#of(node)
    seen.openedAtMs = this.deps.nowMs()
    seen.probing = null
    seen.askedToProbe = seen.syncs > 0
  }

  /** An operator's manual sync is under way until the returned function is called. */
  syncs(node: string): () => void {
    const seen = this.#of(node)
    Object.assign(seen, { syncs: seen.syncs + 1, askedToProbe: true, leftAloneUntilMs: 0 })
    return () => {
      seen.syncs -= 1
    }
  }

  sends({ name, served }: SimNode, receipt: Tracked): void {
    const { findings, nowMs, threshold, timeoutMs } = this.deps
    const seen = this.#of(name)
    const state = served?.delivery.breaker.snapshot.state ?? 'CLOSED'
    receipt.isProbe = state !== 'CLOSED'
    this.#checkLeftAlone(name, seen, receipt)
    if (state === 'CLOSED') {
      seen.probing = null
      if (seen.failures >= threshold && nowMs() > seen.lastFailureMs) {
        findings.violated('invariant 11', `${name} sends ${receipt.key} after ${seen.failures} failures in a row`)
      }
      return
    }
    if (state === 'OPEN') findings.violated('invariant 11', `${name} sends ${receipt.key} through an open breaker`)
    if (seen.probing === null) {
      findings.count('breaker', 'probes')
      const sinceMs = nowMs() - seen.openedAtMs
      if (sinceMs < timeoutMs && !seen.askedToProbe) {
        findings.violated('invariant 11', `${name} probes with ${receipt.key} ${sinceMs} ms after its breaker opened`)
      }
    } else if (seen.probing !== receipt.id) {
      findings.violated('invariant 11', `${name} sends ${receipt.key} while another receipt probes`)
    }
    seen.probing = receipt.id
  }

  /** Nothing is sent before the time that the OFD asked for. Requests that had left and manual syncs may be earlier. */
  #checkLeftAlone(name: string, { leftAloneUntilMs, lastAskedMs, syncs }: Seen, { key }: Tracked): void {
    const earlyMs = leftAloneUntilMs - this.deps.nowMs()
    if (earlyMs <= 0 || syncs > 0 || this.deps.nowMs() <= lastAskedMs) return
    this.deps.findings.violated('invariant 11', `${name} sends ${key} ${earlyMs} ms earlier than the OFD has asked for`)
  }

  /** A node has got an answer from the OFD, or none. */
  heard(node: string, call: OfdCall, heard: Heard): void {
    const seen = this.#of(node)
    // A dead connection tells nothing of the OFD. The answer over the next connection does.
    if (heard === 'dead connection') {
      this.deps.findings.count('breaker', 'dead connections')
      return
    }
    const status = heard?.response.status ?? null
    const isRight = heard?.isRight ?? false
    if (heard !== null) this.#noteRetryAfter(seen, heard.response)
    // Another receipt's acceptance, without its name: a failure, unless the journal could not record that other receipt.
    if (status === 200 && !isRight && call.method === 'POST' && !this.deps.namesReceipts) return
    const isDone = status === 200 && isRight
    const isBlamed = call.method === 'POST' && isRight && BLAMES_RECEIPT.includes(status)
    const isAbsent = call.method === 'GET' && isRight && status === (this.deps.noLookupStatus ?? 404)
    if (isDone || isBlamed) seen.failures = 0
    else if (!isAbsent) {
      seen.failures += 1
      seen.lastFailureMs = this.deps.nowMs()
    }
  }

  #noteRetryAfter(seen: Seen, { headers }: Response): void {
    const askedMs = Number(headers.get('retry-after') ?? 0) * 1000
    // A manual sync that begins later than this answer may let the adapter forget the pause.
    if (askedMs === 0 || seen.syncs > 0) return
    seen.lastAskedMs = this.deps.nowMs()
    seen.leftAloneUntilMs = Math.max(seen.leftAloneUntilMs, seen.lastAskedMs + askedMs)
    this.deps.findings.count('breaker', 'OFD asks to be left alone')
  }

  #of(node: string): Seen {
    const seen = this.#seen.get(node) ?? { ...FRESH }
    this.#seen.set(node, seen)
    return seen
  }
}
