import { backoffMs } from '@kkt/platform/backoff.ts'
import type { Clock } from '@kkt/platform/clock.ts'

/**
 * The queue of one till. In memory only: after a restart each is tried at once. `place`: among those that wait for their
 * turn; a till that had one goes to the end.
 */
export type Lane = { busy: boolean; failures: number; notBeforeMs: number; lastTriedMs: number; place: number }

const failedMs = ({ failures, lastTriedMs }: Lane): number => (failures > 0 ? lastTriedMs : 0)

/** The queues of all tills that have something to deliver: which of them may move, and in which order. */
export class Lanes {
  #lanes = new Map<string, Lane>()
  #places = 0

  constructor(private readonly deps: { clock: Clock; random: () => number; intervalMs: number }) {}

  /** Those of these tills that may be tried now: as they stand in line, then those that failed, the longest ago first. */
  inLine(posIds: string[], { waitsOutBackoff }: { waitsOutBackoff: boolean }): { posId: string; lane: Lane }[] {
    const nowMs = this.deps.clock.monotonicMs()
    return posIds
      .map((posId) => ({ posId, lane: this.#of(posId) }))
      .filter(({ lane }) => !lane.busy && (!waitsOutBackoff || lane.notBeforeMs <= nowMs))
      .sort((a, b) => failedMs(a.lane) - failedMs(b.lane) || a.lane.place - b.lane.place)
  }

  /** The tills that are at work. */
  busy(): string[] {
    return [...this.#lanes].filter(([, lane]) => lane.busy).map(([posId]) => posId)
  }

  /** While other tills fail too the trouble is the OFD's, even if it takes a receipt now and then. */
  isAlone(lane: Lane): boolean {
    return ![...this.#lanes.values()].some((other) => other !== lane && other.failures > 0)
  }

  holdUp(lane: Lane): void {
    const { clock, intervalMs, random } = this.deps
    lane.failures += 1
    lane.notBeforeMs = clock.monotonicMs() + backoffMs(lane.failures, intervalMs, random)
  }

  isHeldUp(posId: string): boolean {
    return (this.#lanes.get(posId)?.notBeforeMs ?? 0) > this.deps.clock.monotonicMs()
  }

  movedOn(lane: Lane): void {
    lane.failures = 0
    lane.place = ++this.#places
  }

  endBackoff(lane: Lane): void {
    lane.notBeforeMs = 0
  }

  endBackoffs(): void {
    for (const lane of this.#lanes.values()) this.endBackoff(lane)
  }

  /** How long each that is not at work is still left alone, in milliseconds. */
  waitsMs(): number[] {
    const nowMs = this.deps.clock.monotonicMs()
    return [...this.#lanes.values()].filter(({ busy }) => !busy).map(({ notBeforeMs }) => notBeforeMs - nowMs)
  }

  forget(posId: string): void {
    this.#lanes.delete(posId)
  }

  forgetIdle(): void {
    for (const [posId, lane] of this.#lanes) if (!lane.busy) this.#lanes.delete(posId)
  }

  #of(posId: string): Lane {
    const lane = this.#lanes.get(posId) ?? {
      busy: false,
      failures: 0,
      notBeforeMs: 0,
      lastTriedMs: 0,
      place: ++this.#places,
    }
    this.#lanes.set(posId, lane)
    return lane
  }
}
