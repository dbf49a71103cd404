import type { Heard } from '../world/network.ts'
import type { SimNode } from '../world/node.ts'
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
  /** How many operators ask for everything to be delivered now; whether one has asked since the breaker opened. */
  syncs: number
  askedToProbe: boolean
  /** Until when the OFD has asked to be left alone, and when it did so last. */
  leftAloneUntilMs: number
  lastAskedMs: number
}

const FRESH: Seen = {
  ...{ failures: 0, lastFailureMs: 0, openedAtMs: 0, probing: null, syncs: 0, askedToProbe: false },
  ...{ leftAloneUntilMs: 0, lastAskedMs: 0 },
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
    seen.askedToProbe = seen.syncs > 0
  }

  /** An operator asks a node to deliver everything now, until the returned function is called. */
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
    const state = served?.breaker.snapshot.state ?? 'CLOSED'
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

  /** Nothing goes before the time that the OFD has asked for, but what had left when it did. An operator need not wait. */
  #checkLeftAlone(name: string, { leftAloneUntilMs, lastAskedMs, syncs }: Seen, { key }: Tracked): void {
    const earlyMs = leftAloneUntilMs - this.deps.nowMs()
    if (earlyMs <= 0 || syncs > 0 || this.deps.nowMs() <= lastAskedMs) return
    this.deps.findings.violated('invariant 11', `${name} sends ${key} ${earlyMs} ms earlier than the OFD has asked for`)
  }

  /** A node has heard from the OFD. */
  heard(node: string, call: OfdCall, heard: Heard): void {
    const seen = this.#of(node)
    // That says nothing of the OFD: what is heard over the next connection does.
    if (heard === 'dead connection') {
      this.deps.findings.count('breaker', 'dead connections')
      return
    }
    const status = heard?.response.status ?? null
    const isRight = heard?.isRight ?? false
    if (heard !== null) this.#noteRetryAfter(seen, heard.response)
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
    // The adapter may forget a wait that it hears of during a manual sync: that sync may begin only now.
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
