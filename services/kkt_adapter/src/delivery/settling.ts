import type { Clock } from '@kkt/platform/clock.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** Tracks when `absent` can be trusted: after a cut-off request the OFD may still be at work on the receipt. */
export class Settling {
  /** By the monotonic clock. */
  readonly #settledAtMs = new Map<ReceiptId, number>()
  #allSettledAtMs: number

  /**
   * @param deps.settleMs the time that the OFD gets to finish a cut-off request before it is asked about the receipt
   */
  constructor(private readonly deps: { clock: Clock; readonly settleMs: number }) {
    this.#allSettledAtMs = this.#fromNow()
  }

  /** Waits until the OFD can be asked about a receipt, or `stopping` is aborted. */
  async wait(id: ReceiptId, stopping: AbortSignal): Promise<void> {
    const leftMs = (this.#settledAtMs.get(id) ?? this.#allSettledAtMs) - this.deps.clock.monotonicMs()
    if (leftMs > 0) await this.deps.clock.wait(leftMs, stopping)
  }

  /** Waits the full time, as after a request that was cut off now. */
  async waitAgain(id: ReceiptId, stopping: AbortSignal): Promise<void> {
    this.#settledAtMs.set(id, this.#fromNow())
    await this.wait(id, stopping)
  }

  note(id: ReceiptId, outcome: OfdOutcome): void {
    if (outcome.kind === 'unknown') {
      const nowMs = this.deps.clock.monotonicMs()
      const beforeMs = this.#settledAtMs.get(id) ?? Math.min(this.#allSettledAtMs, nowMs)
      this.#settledAtMs.set(id, outcome.isCutOff ? this.#fromNow() : beforeMs)
    } else if (outcome.kind === 'done') {
      this.#settledAtMs.delete(id)
    }
  }

  /** Another sender may have sent any receipt to the OFD a moment ago. */
  takeOver(): void {
    this.#settledAtMs.clear()
    this.#allSettledAtMs = this.#fromNow()
  }

  #fromNow(): number {
    return this.deps.clock.monotonicMs() + this.deps.settleMs
  }
}
