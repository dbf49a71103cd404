import type { Node } from '../world/node.ts'
import type { OfdCall } from '../world/ofd.ts'
import type { Findings } from './findings.ts'
import type { Tracked } from './tracked.ts'

/** The statuses by which an OFD says that this receipt is not acceptable, and with it that it is there. */
export const BLAMES_RECEIPT: readonly unknown[] = [400, 409, 413, 422]

/** What is seen of a node's breaker. */
type Seen = {
  /** Failures in a row, and when the last of them was. */
  failures: number
  lastFailureMs: number
  openedAtMs: number
  /** The receipt whose delivery is the probe. */
  probing: string | null
  /** An operator asks for everything to be delivered now, or has asked since the breaker opened. */
  isSyncing: boolean
  askedToProbe: boolean
}

const FRESH: Seen = {
  ...{ failures: 0, lastFailureMs: 0, openedAtMs: 0, probing: null, isSyncing: false, askedToProbe: false },
}

/** Invariant 11: so many failures in a row open it, and then one receipt probes, after the time-out or when asked to. */
export class BreakerCheck {
  #seen = new Map<string, Seen>()

  constructor(
    private readonly deps: {
      findings: Findings
      nowMs: () => number
      threshold: number
      timeoutMs: number
      /** What a look-up is answered by an OFD without one. */
      noLookupStatus: number | null
    },
  ) {}

  /** A new process knows nothing of what was. */
  started(node: string): void {
    this.#seen.set(node, { ...FRESH })
  }

  opened(node: string): void {
    const seen = this.#of(node)
    seen.openedAtMs = this.deps.nowMs()
    seen.probing = null
    seen.askedToProbe = seen.isSyncing
  }

  /** An operator asks a node to deliver everything now, until the returned function is called. */
  syncs(node: string): () => void {
    const seen = this.#of(node)
    Object.assign(seen, { isSyncing: true, askedToProbe: true })
    return () => {
      seen.isSyncing = false
    }
  }

  sends({ name, served }: Node, receipt: Tracked): void {
    const { findings, nowMs, threshold, timeoutMs } = this.deps
    const seen = this.#of(name)
    const state = served?.breaker.snapshot.state ?? 'CLOSED'
    receipt.isProbe = state !== 'CLOSED'
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

  /**
   * A node has heard from the OFD: a status, or null when the request failed.
   * @param isRight whether the answer can be read, and is true of this receipt
   */
  heard(node: string, call: OfdCall, status: number | null, isRight: boolean): void {
    const seen = this.#of(node)
    const isDone = status === 200 && isRight
    const isBlamed = call.method === 'POST' && isRight && BLAMES_RECEIPT.includes(status)
    const isAbsent = call.method === 'GET' && isRight && status === (this.deps.noLookupStatus ?? 404)
    if (isDone || isBlamed) seen.failures = 0
    else if (!isAbsent) {
      seen.failures += 1
      seen.lastFailureMs = this.deps.nowMs()
    }
  }

  #of(node: string): Seen {
    const seen = this.#seen.get(node) ?? { ...FRESH }
    this.#seen.set(node, seen)
    return seen
  }
}
