import type { Clock } from '@kkt/platform/clock.ts'
import { BrokenCircuitError, type CircuitBreakerPolicy, CircuitState, circuitBreaker, handleWhen } from 'cockatiel'
import type { ReceiptId } from '../domain/receipt.ts'
import type { OfdOutcome } from './ofd_client.ts'

export type BreakerState = 'CLOSED' | 'OPEN' | 'HALF_OPEN'
export type BreakerSnapshot = {
  state: BreakerState
  /**
   * In a row, up to now. Of an open one: those that opened it, and the probes that have failed since. A request that was
   * under way when it opened is not counted, however it ends.
   */
  failureCount: number
  /** Unix milliseconds; null while closed. */
  openedAtMs: number | null
  /** Unix milliseconds: when an open one lets a probe through, or a closed one the next request. Null: at once. */
  nextProbeAtMs: number | null
}

export type Breaker = {
  readonly snapshot: BreakerSnapshot
  /** `free`: send at will. `probe`: one request may go, and decides. `closed_off`: nothing may go, for `waitMs`. */
  admission(): { kind: 'free' } | { kind: 'probe' } | { kind: 'closed_off'; waitMs: number }
  /** Whether what began in this state may still send: it has not changed, and the OFD has not asked to be left alone. */
  goesOnIn(state: BreakerState): boolean
  /** Makes the next request of an open breaker its probe, without waiting for the time-out. */
  probeNow(): void
  /** The OFD asks to be left alone for so long: nothing goes, and no probe, before that is over. */
  waitAtLeast(ms: number): void
  /** Forgets what the OFD has asked for, and waits for nothing that it asks for until the returned function is called. */
  ignoreWaits(): () => void
  /**
   * Sends a receipt and counts the outcome.
   * @param send resolves to null when it found that nothing may go any more, which says nothing of the OFD
   * @returns null when nothing may go any more, and nothing was sent
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

class NotSent extends Error {
  override readonly name = 'NotSent'
  constructor(readonly wasProbe: boolean) {
    super()
  }
}

type Moment = { wallMs: number; monotonicMs: number }

/**
 * cockatiel's breaker over outcomes. A failure is what is neither `done` nor the refusal of a single receipt: an OFD that
 * refuses one is there. Only so many different ones in a row, with none taken in between, open the breaker as well.
 * When to probe is decided here by the monotonic clock, since cockatiel goes by the wall clock, which may be set back.
 */
export function createBreaker(deps: {
  threshold: number
  /** May change; what is open goes by the new one at once. */
  readonly timeoutMs: number
  clock: Clock
  onChange: (from: BreakerState, to: BreakerState) => void
}): Breaker {
  const { clock } = deps
  const failures = {
    /** How many, in a row. */
    state: 0,
    success() {
      if (state !== 'OPEN') failures.state = 0
    },
    failure() {
      if (state !== 'OPEN') failures.state += 1
      return failures.state >= deps.threshold
    },
  }
  const failed = new WeakSet<object>()
  // A receipt that was not sent says nothing of the OFD. But an error that is not handled closes cockatiel's half-open breaker.
  const isFailure = handleWhen((error) => !(error instanceof NotSent) || error.wasProbe).orWhenResult(
    (judged) => typeof judged === 'object' && judged !== null && failed.has(judged),
  )
  /** Different receipts that the OFD refused since it last took one. */
  const refused = new Set<ReceiptId>()
  let state: BreakerState = 'CLOSED'
  let opened: Moment | null = null
  /** Until when the OFD has asked to be left alone. */
  let leftAloneUntil: Moment | null = null
  let ignoresWaits = false
  let policy = build()

  /** @param initialState an open breaker that is due for its probe, in cockatiel's serialised form */
  function build(initialState?: unknown): CircuitBreakerPolicy {
    const built = circuitBreaker(isFailure, {
      halfOpenAfter: deps.timeoutMs,
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

  const heeded = () =>
    leftAloneUntil !== null && !ignoresWaits && leftAloneUntil.monotonicMs > clock.monotonicMs() ? leftAloneUntil : null

  function waitMs(): number {
    const probeAtMs = opened === null ? 0 : opened.monotonicMs + deps.timeoutMs
    return Math.max(probeAtMs, heeded()?.monotonicMs ?? 0) - clock.monotonicMs()
  }

  function nextProbeAtMs(): number | null {
    const moments = [opened && opened.wallMs + deps.timeoutMs, heeded()?.wallMs ?? null].filter((ms) => ms !== null)
    return moments.length === 0 ? null : Math.max(...moments)
  }

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
        nextProbeAtMs: nextProbeAtMs(),
      }
    },
    admission() {
      if (state === 'HALF_OPEN') return { kind: 'closed_off', waitMs: deps.timeoutMs }
      if (waitMs() > 0) return { kind: 'closed_off', waitMs: waitMs() }
      return { kind: state === 'CLOSED' ? 'free' : 'probe' }
    },
    goesOnIn: (began) => state === began && (state === 'HALF_OPEN' || waitMs() <= 0),
    probeNow() {
      if (opened) opened.monotonicMs = clock.monotonicMs() - deps.timeoutMs
    },
    waitAtLeast(ms) {
      const until = { wallMs: clock.wallMs() + ms, monotonicMs: clock.monotonicMs() + ms }
      if (leftAloneUntil === null || leftAloneUntil.monotonicMs < until.monotonicMs) leftAloneUntil = until
    },
    ignoreWaits() {
      leftAloneUntil = null
      ignoresWaits = true
      return () => {
        ignoresWaits = false
      }
    },
    async run(id, send) {
      if (state !== 'HALF_OPEN' && waitMs() > 0) return null
      makeDue()
      try {
        return await policy.execute(async () => {
          const wasProbe = state === 'HALF_OPEN'
          const outcome = await send()
          if (outcome === null) throw new NotSent(wasProbe)
          return judge(id, outcome, wasProbe)
        })
      } catch (error) {
        if (error instanceof BrokenCircuitError || error instanceof NotSent) return null
        throw error
      }
    },
    forgiveRefusals: () => refused.clear(),
  }
}
