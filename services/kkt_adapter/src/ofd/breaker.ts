import type { Clock } from '@kkt/platform/clock.ts'
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel'
import type { ReceiptId } from '../receipts/receipt.ts'
import type { OfdOutcome } from './client.ts'

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'
export type BreakerSnapshot = {
  state: BreakerState
  /** In a row, up to now. */
  failureCount: number
  /** Unix milliseconds; null while closed. */
  openedAtMs: number | null
  nextProbeAtMs: number | null
}

export type Breaker = {
  readonly snapshot: BreakerSnapshot
  /** `free`: send at will. `probe`: one request may go, and decides. `closed_off`: nothing may go, for `waitMs`. */
  admission(): { kind: 'free' } | { kind: 'probe' } | { kind: 'closed_off'; waitMs: number }
  /** Makes the next request of an open breaker its probe, without waiting for the time-out. */
  probeNow(): void
  /**
   * Sends a receipt and counts the outcome.
   * @param send resolves to null when it found that the breaker is not as it was at the beginning, and sent nothing
   * @returns null when the breaker has opened in between: then nothing was sent
   */
  run(id: ReceiptId, send: () => Promise<OfdOutcome | null>): Promise<Judged | null>
  /** Forgets which receipts were refused in a row: an operator has looked at it. */
  forgiveRefusals(): void
}

export type Judged = {
  outcome: OfdOutcome
  /** So many different receipts were refused in a row that the trouble is the OFD's, and not this one's. */
  isRowOfRefusals: boolean
  /** It was the one request that decides whether an open breaker closes. */
  wasProbe: boolean
}

/**
 * cockatiel's breaker over outcomes. A failure is what is neither `done` nor the refusal of a single receipt: an OFD that
 * refuses one is there. Only so many different ones in a row, with none taken in between, open the breaker as well.
 * When to probe is decided here by the monotonic clock, since cockatiel goes by the wall clock, which may be set back.
 */
export function createBreaker(deps: {
  threshold: number
  timeoutMs: number
  clock: Clock
  onChange: (from: BreakerState, to: BreakerState) => void
}): Breaker {
  const { clock, timeoutMs } = deps
  const failures = new ConsecutiveBreaker(deps.threshold)
  const failed = new WeakSet<object>()
  const isFailure = handleAll.orWhenResult(
    (judged) => typeof judged === 'object' && judged !== null && failed.has(judged),
  )
  /** Different receipts that the OFD refused since it last took one. */
  const refused = new Set<ReceiptId>()
  let state: BreakerState = 'CLOSED'
  let opened: { wallMs: number; monotonicMs: number } | null = null
  let policy = build()

  /** @param initialState an open breaker that is due for its probe, in cockatiel's serialised form */
  function build(initialState?: unknown): CircuitBreakerPolicy {
    const built = circuitBreaker(isFailure, {
      halfOpenAfter: timeoutMs,
      breaker: failures,
      ...(initialState !== undefined && { initialState }),
    })
    built.onStateChange((next) => {
      const from = state
      state = next === CircuitState.Closed ? 'CLOSED' : next === CircuitState.HalfOpen ? 'HALF_OPEN' : 'OPEN'
      if (state === 'OPEN') opened = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() }
      if (state === 'CLOSED') opened = null
      deps.onChange(from, state)
    })
    return built
  }

  const waitMs = () => (opened === null ? 0 : opened.monotonicMs + timeoutMs - clock.monotonicMs())

  function makeDue(): void {
    if (state !== 'OPEN') return
    policy = build({ ownState: { value: CircuitState.Open, openedAt: 0, attemptNo: 1 }, breakerState: failures.state })
  }

  function judge(id: ReceiptId, outcome: OfdOutcome, wasProbe: boolean): Judged {
    if (outcome.kind === 'done') refused.clear()
    const isRefusal = outcome.kind === 'refused' && outcome.blames === 'receipt'
    if (isRefusal) refused.add(id)
    // One alone is no row, however low the threshold.
    const isRowOfRefusals = isRefusal && refused.size >= Math.max(2, deps.threshold)
    const judged = { outcome, isRowOfRefusals, wasProbe }
    if (judged.isRowOfRefusals) failures.state = Math.max(failures.state, deps.threshold - 1)
    if (judged.isRowOfRefusals || (outcome.kind !== 'done' && !isRefusal)) failed.add(judged)
    return judged
  }

  return {
    get snapshot() {
      return {
        state,
        failureCount: failures.state,
        openedAtMs: opened?.wallMs ?? null,
        nextProbeAtMs: opened === null ? null : opened.wallMs + timeoutMs,
      }
    },
    admission() {
      if (state === 'CLOSED') return { kind: 'free' }
      if (state === 'HALF_OPEN') return { kind: 'closed_off', waitMs: timeoutMs }
      return waitMs() <= 0 ? { kind: 'probe' } : { kind: 'closed_off', waitMs: waitMs() }
    },
    probeNow() {
      if (opened) opened.monotonicMs = clock.monotonicMs() - timeoutMs
    },
    async run(id, send) {
      if (state === 'OPEN' && waitMs() > 0) return null
      makeDue()
      try {
        return await policy.execute(async () => {
          const wasProbe = state === 'HALF_OPEN'
          const outcome = await send()
          if (outcome === null) throw new BrokenCircuitError()
          return judge(id, outcome, wasProbe)
        })
      } catch (error) {
        if (error instanceof BrokenCircuitError) return null
        throw error
      }
    },
    forgiveRefusals: () => refused.clear(),
  }
}
