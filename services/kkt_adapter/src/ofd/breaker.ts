import type { Clock } from '@kkt/platform/clock.ts'
import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
} from 'cockatiel'
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
  /** Counts the outcome of `send`. `null` when the breaker has opened in between: then nothing was sent. */
  run(send: () => Promise<OfdOutcome>): Promise<OfdOutcome | null>
}

/**
 * cockatiel's breaker over outcomes: whatever is not `done` is a failure. When to probe is decided here by the monotonic
 * clock, since cockatiel goes by the wall clock, which may be set back.
 */
export function createBreaker(deps: {
  threshold: number
  timeoutMs: number
  clock: Clock
  onChange: (from: BreakerState, to: BreakerState) => void
}): Breaker {
  const { clock, timeoutMs } = deps
  const failures = new ConsecutiveBreaker(deps.threshold)
  const isFailure = handleAll.orWhenResult((outcome) => (outcome as OfdOutcome).kind !== 'done')
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
    async run(send) {
      if (state === 'OPEN' && waitMs() <= 0) makeDue()
      try {
        return await policy.execute(send)
      } catch (error) {
        if (error instanceof BrokenCircuitError) return null
        throw error
      }
    },
  }
}
