import type { Clock } from '@kkt/platform/clock.ts'
import { BrokenCircuitError, type CircuitBreakerPolicy, CircuitState, circuitBreaker, handleWhen } from 'cockatiel'
import type { ReceiptId } from '../domain/receipt.ts'
import { AskedWait, type Moment, momentIn } from './asked_wait.ts'
import type { OfdOutcome } from './ofd_client.ts'
import { RefusedInARow } from './refused_in_a_row.ts'

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'
export type BreakerSnapshot = {
  state: BreakerState
  /** Failures in a row. An open breaker counts those that opened it and the failed probes since. */
  failureCount: number
  /** Unix milliseconds; null while closed. */
  openedAtMs: number | null
  /** Unix milliseconds: when an open breaker allows a probe, or a closed one the next request. Null: at once. */
  nextProbeAtMs: number | null
}

export type Breaker = {
  readonly snapshot: BreakerSnapshot
  /** `free`: send at will. `probe`: one request may go and decides. `closed_off`: nothing may go for `waitMs`. */
  admission(): { kind: 'free' } | { kind: 'probe' } | { kind: 'closed_off'; waitMs: number }
  /** Whether work begun in this state may still send: it has not changed, and the OFD asks for no pause. */
  goesOnIn(state: BreakerState): boolean
  /** Makes an open breaker's next request its probe, without waiting for the time-out. */
  probeNow(): void
  /** The OFD asks for a pause: until it ends nothing is sent, not even a probe. */
  waitAtLeast(ms: number): void
  /** As `AskedWait.ignore`. */
  ignoreWaits(): () => void
  /**
   * Sends a receipt and counts the outcome.
   * @param send resolves to null when it found that sending is no longer allowed, which says nothing about the OFD
   * @returns null when nothing was sent because sending is no longer allowed
   */
  run(id: ReceiptId, send: () => Promise<OfdOutcome | null>): Promise<Judged | null>
  /** Forgets the refusals in a row, because an operator has looked at them. */
  forgiveRefusals(): void
}

/** The outcome of a sent receipt, and the breaker's judgement of the OFD. */
export class Judged {
  constructor(
    readonly outcome: OfdOutcome,
    /** So many different receipts were refused in a row that the fault is the OFD's, not this receipt's. */
    readonly isRowOfRefusals: boolean,
    /** This request decided whether the open breaker closes. */
    readonly wasProbe: boolean,
  ) {}

  /** An OFD that refuses a single receipt is available. */
  get isFailure(): boolean {
    const { outcome } = this
    const isRefusal = outcome.kind === 'refused' && outcome.blames === 'receipt'
    return this.isRowOfRefusals || (outcome.kind !== 'done' && !isRefusal)
  }
}

class NotSent extends Error {
  override readonly name = 'NotSent'
  constructor(readonly wasProbe: boolean) {
    super()
  }
}

// A receipt that was not sent says nothing about the OFD. But an error that is not handled closes cockatiel's half-open
// breaker.
const IS_FAILURE = handleWhen((error) => !(error instanceof NotSent) || error.wasProbe).orWhenResult(
  (judged) => judged instanceof Judged && judged.isFailure,
)

/** `opened`: when the breaker opened; it stays the same during a probe. */
type Circuit = { kind: 'CLOSED' } | { kind: 'OPEN' | 'HALF_OPEN'; opened: Moment }

type BreakerDeps = {
  threshold: number
  /** May change. An open breaker uses the new value at once. */
  readonly timeoutMs: number
  clock: Clock
  onChange: (from: BreakerState, to: BreakerState) => void
}

/**
 * A circuit breaker by cockatiel. Every outcome is a failure but `done` and the refusal of a single receipt. Refusals
 * of several different receipts in a row, without one accepted in between, open the breaker as well. The time of the
 * probe is decided here by the monotonic clock: cockatiel reads the wall clock, which may be set back.
 */
export function createBreaker(deps: BreakerDeps): Breaker {
  const { clock, threshold } = deps
  let circuit: Circuit = { kind: 'CLOSED' }
  const failures = {
    /** In a row. */
    state: 0,
    success() {
      if (circuit.kind !== 'OPEN') failures.state = 0
    },
    failure() {
      if (circuit.kind !== 'OPEN') failures.state += 1
      return failures.state >= threshold
    },
  }
  const refused = new RefusedInARow(threshold)
  const asked = new AskedWait(clock)
  let policy = build()

  /** @param initialState an open breaker that is due for its probe, in cockatiel's serialised form */
  function build(initialState?: unknown): CircuitBreakerPolicy {
    const built = circuitBreaker(IS_FAILURE, {
      halfOpenAfter: deps.timeoutMs,
      breaker: failures,
      ...(initialState !== undefined && { initialState }),
    })
    built.onStateChange((next) => {
      const from = circuit
      circuit = circuitAfter(from, next, momentIn(clock, 0))
      deps.onChange(from.kind, circuit.kind)
    })
    return built
  }

  function waitMs(): number {
    const probeAtMs = circuit.kind === 'CLOSED' ? 0 : circuit.opened.monotonicMs + deps.timeoutMs
    return Math.max(probeAtMs, asked.until?.monotonicMs ?? 0) - clock.monotonicMs()
  }

  function makeDue(): void {
    if (circuit.kind !== 'OPEN') return
    policy = build({ ownState: { value: CircuitState.Open, openedAt: 0, attemptNo: 1 }, breakerState: failures.state })
  }

  function judge(id: ReceiptId, outcome: OfdOutcome, wasProbe: boolean): Judged {
    const isRowOfRefusals = refused.note(id, outcome)
    if (isRowOfRefusals) failures.state = Math.max(failures.state, threshold - 1)
    return new Judged(outcome, isRowOfRefusals, wasProbe)
  }

  return {
    get snapshot() {
      const openedAtMs = circuit.kind === 'CLOSED' ? null : circuit.opened.wallMs
      const dueAtMs = [openedAtMs === null ? null : openedAtMs + deps.timeoutMs, asked.until?.wallMs ?? null]
      return { state: circuit.kind, failureCount: failures.state, openedAtMs, nextProbeAtMs: latest(dueAtMs) }
    },
    admission() {
      if (circuit.kind === 'HALF_OPEN') return { kind: 'closed_off', waitMs: deps.timeoutMs }
      if (waitMs() > 0) return { kind: 'closed_off', waitMs: waitMs() }
      return { kind: circuit.kind === 'CLOSED' ? 'free' : 'probe' }
    },
    goesOnIn: (began) => circuit.kind === began && (circuit.kind === 'HALF_OPEN' || waitMs() <= 0),
    probeNow() {
      if (circuit.kind !== 'CLOSED') circuit.opened.monotonicMs = clock.monotonicMs() - deps.timeoutMs
    },
    waitAtLeast: (ms) => asked.atLeast(ms),
    ignoreWaits: () => asked.ignore(),
    async run(id, send) {
      if (circuit.kind !== 'HALF_OPEN' && waitMs() > 0) return null
      makeDue()
      try {
        return await policy.execute(async () => {
          const wasProbe = circuit.kind === 'HALF_OPEN'
          const outcome = await send()
          if (outcome === null) throw new NotSent(wasProbe)
          return judge(id, outcome, wasProbe)
        })
      } catch (error) {
        if (error instanceof BrokenCircuitError || error instanceof NotSent) return null
        throw error
      }
    },
    forgiveRefusals: () => refused.forgive(),
  }
}

function circuitAfter(from: Circuit, next: CircuitState, now: Moment): Circuit {
  if (next === CircuitState.Closed) return { kind: 'CLOSED' }
  if (next !== CircuitState.HalfOpen) return { kind: 'OPEN', opened: now }
  return { kind: 'HALF_OPEN', opened: from.kind === 'CLOSED' ? now : from.opened }
}

function latest(moments: (number | null)[]): number | null {
  const known = moments.filter((ms) => ms !== null)
  return known.length === 0 ? null : Math.max(...known)
}
