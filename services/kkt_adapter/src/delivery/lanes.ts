import { backoffMs } from '@kkt/platform/backoff.ts'
import type { Clock } from '@kkt/platform/clock.ts'

/**
 * A till's failures in a row, and the end of its backoff, by the monotonic clock. `isRecorded`: the last try failed at the
 * OFD, and the journal has recorded that. Otherwise it failed here.
 */
type Failing = { failures: number; failedAtMs: number; untilMs: number; isRecorded: boolean }

/**
 * The state of one till's queue.
 * - `idle`: may be tried;
 * - `held_up`: its last try failed. It waits, and comes after the queues that did not fail;
 * - `sending`: one of its receipts is on the way. `failing`: its failures so far, until a try succeeds.
 */
type Mode = { kind: 'idle' } | { kind: 'held_up'; failing: Failing } | { kind: 'sending'; failing: Failing | null }

/**
 * The queue of one till. Kept in memory only: after a restart each till is tried at once. `place` is the till's place
 * in the line; a till that had its turn goes to the end.
 */
type Lane = { place: number; mode: Mode }

/** Below any time of the monotonic clock, so that a till without failures comes before all that failed. */
const BEFORE_ALL_MS = -1

const failingOf = ({ mode }: Lane): Failing | null => (mode.kind === 'idle' ? null : mode.failing)

const modeAfter = (failing: Failing | null): Mode =>
  failing === null ? { kind: 'idle' } : { kind: 'held_up', failing }

/** The queues of all tills with receipts to deliver: which may move, and in which order. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  #places = 0

  constructor(private readonly deps: { clock: Clock; random: () => number; readonly intervalMs: number }) {}

  /** The tills that may be tried now: in line order, then those that failed, the oldest failure first. */
  inLine(posIds: string[], { isProbe }: { isProbe: boolean }): string[] {
    const mayBeTried = ({ mode }: Lane) =>
      mode.kind === 'idle' || (mode.kind === 'held_up' && !this.#waits(mode.failing, isProbe))
    const failedAtMs = (lane: Lane) => failingOf(lane)?.failedAtMs ?? BEFORE_ALL_MS
    return posIds
      .map((posId) => ({ posId, lane: this.#of(posId) }))
      .filter(({ lane }) => mayBeTried(lane))
      .sort((a, b) => failedAtMs(a.lane) - failedAtMs(b.lane) || a.lane.place - b.lane.place)
      .map(({ posId }) => posId)
  }

  /** The number of tills with a receipt on the way. */
  get sendingCount(): number {
    let count = 0
    for (const { mode } of this.#lanes.values()) if (mode.kind === 'sending') count += 1
    return count
  }

  /** The tills with a receipt on the way. */
  sending(): string[] {
    return [...this.#lanes].filter(([, { mode }]) => mode.kind === 'sending').map(([posId]) => posId)
  }

  /**
   * While other tills fail at the OFD too, the fault is the OFD's, even if it accepts a receipt now and then. A till that
   * fails here says nothing about the OFD.
   */
  failsAlone(posId: string): boolean {
    return ![...this.#lanes].some(([other, lane]) => other !== posId && failingOf(lane)?.isRecorded === true)
  }

  isHeldUp(posId: string, { isProbe }: { isProbe: boolean }): boolean {
    const lane = this.#lanes.get(posId)
    const failing = lane ? failingOf(lane) : null
    return failing !== null && this.#waits(failing, isProbe)
  }

  begin(posId: string): void {
    const lane = this.#of(posId)
    lane.mode = { kind: 'sending', failing: failingOf(lane) }
  }

  /** A receipt of the till was delivered or dead-lettered. */
  movedOn(posId: string): void {
    const lane = this.#of(posId)
    lane.mode = { kind: 'sending', failing: null }
    lane.place = ++this.#places
  }

  /**
   * @param triedAgain at once, without a backoff
   * @param isRecorded false: it failed here, at the disk or at what the journal holds
   */
  failed(posId: string, { triedAgain, isRecorded }: { triedAgain: boolean; isRecorded: boolean }): void {
    const { clock, intervalMs, random } = this.deps
    const lane = this.#of(posId)
    const failures = (failingOf(lane)?.failures ?? 0) + 1
    const failedAtMs = clock.monotonicMs()
    const untilMs = triedAgain ? 0 : failedAtMs + backoffMs(failures, intervalMs, random)
    lane.mode = { kind: 'sending', failing: { failures, failedAtMs, untilMs, isRecorded } }
  }

  /** No receipt of the till is on the way any more. A till with an empty queue is forgotten. */
  end(posId: string, { isEmpty }: { isEmpty: boolean }): void {
    const lane = this.#of(posId)
    lane.mode = modeAfter(failingOf(lane))
    if (isEmpty) this.#lanes.delete(posId)
  }

  endBackoffs(): void {
    for (const lane of this.#lanes.values()) {
      const failing = failingOf(lane)
      if (failing) failing.untilMs = 0
    }
  }

  /** The remaining backoff of each till that is held up, in milliseconds. */
  waitsMs(): number[] {
    const nowMs = this.deps.clock.monotonicMs()
    return [...this.#lanes.values()].flatMap(({ mode }) =>
      mode.kind === 'held_up' ? mode.failing.untilMs - nowMs : [],
    )
  }

  /** Forgets the failures of the tills that are not sending. */
  forgetIdle(): void {
    for (const [posId, { mode }] of this.#lanes) if (mode.kind !== 'sending') this.#lanes.delete(posId)
  }

  /** A probe is about the OFD: it waits out no backoff that the OFD has caused. A try that failed here would fail again. */
  #waits({ untilMs, isRecorded }: Failing, isProbe: boolean): boolean {
    return untilMs > this.deps.clock.monotonicMs() && !(isProbe && isRecorded)
  }

  #of(posId: string): Lane {
    const lane = this.#lanes.get(posId) ?? { place: ++this.#places, mode: { kind: 'idle' } }
    this.#lanes.set(posId, lane)
    return lane
  }
}
