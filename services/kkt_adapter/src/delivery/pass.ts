import type { Delivery } from './deliver.ts'

/** The result of a manual sync. */
export type SyncReport = {
  synced: number
  /** Tried and not delivered, in the DLQ or not. */
  failed: number
  /** Not tried: behind a failed receipt, or the breaker opened, or another process is the sender. */
  skipped: number
  /** Still to be delivered, newer receipts included. */
  remaining: number
  durationMs: number
  /**
   * - `tried`: all that could be sent was tried;
   * - `not_sender`: this process may not send;
   * - `kkt_told`, `kkt_silent`: the KKT delivers by itself, and was asked. `skipped` counts what it has not delivered.
   */
  ended: 'tried' | 'not_sender' | 'kkt_told' | 'kkt_silent'
}

/** A running manual sync: one pass over the receipts that were pending when it began. */
export class Pass {
  synced = 0
  /** Tried and not delivered, in the DLQ or not. */
  failed = 0

  constructor(
    /** The last place in the queue that belongs to the pass. Without it a busy shop's pass would never end. */
    private readonly throughPlace: number,
    /** The tills that are not finished. */
    private readonly posIds: Set<string>,
    /** The tills that were being tried when the pass began. */
    private readonly begunBefore: Set<string>,
  ) {}

  /** Stands for no pass: before the first, and between two. */
  static none(): Pass {
    return new Pass(0, new Set(), new Set())
  }

  get isOver(): boolean {
    return this.posIds.size === 0
  }

  /** The till's next receipt has this place. */
  reached(posId: string, place: number): void {
    if (place > this.throughPlace) this.isThroughWith(posId)
  }

  /** The till's queue is empty. */
  isThroughWith(posId: string): void {
    this.posIds.delete(posId)
  }

  /**
   * Counts a finished try.
   * @returns whether to try the till again at once: the failed try had begun before the pass
   */
  tried(posId: string, delivery: Delivery): boolean {
    const beganBefore = this.begunBefore.delete(posId)
    if (!this.posIds.has(posId) || delivery === 'not_sent' || delivery === 'abandoned') return false
    if (delivery === 'failed' && beganBefore) return true
    if (delivery === 'synced') this.synced += 1
    else this.failed += 1
    if (delivery === 'failed') this.posIds.delete(posId)
    return false
  }
}
