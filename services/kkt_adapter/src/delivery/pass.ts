import type { Delivery } from './deliver.ts'

/** The result of a manual sync. */
export type SyncReport = {
  synced: number
  /** Tried and not delivered, into the DLQ or not. */
  failed: number
  /** Not tried: behind one that failed, or the breaker opened, or another process is the sender. */
  skipped: number
  /** Still to be delivered, those that came meanwhile included. */
  remaining: number
  durationMs: number
  /** Whether this process may send. */
  isSender: boolean
}

/** A manual sync under way: goes once through what was pending when it was asked for. */
export class Pass {
  synced = 0
  /** Tried and not delivered, into the DLQ or not. */
  failed = 0

  constructor(
    /** What is fiscalised later does not concern it, or a busy shop's would never end. */
    private readonly throughPlace: number,
    /** The tills that it is not through with. */
    private readonly posIds: Set<string>,
    /** Tills that were being tried when it was asked for. */
    private readonly begunBefore: Set<string>,
  ) {}

  /** Before the first, and between two. */
  static none(): Pass {
    return new Pass(0, new Set(), new Set())
  }

  get isOver(): boolean {
    return this.posIds.size === 0
  }

  /** What is next of a till. */
  reached(posId: string, place: number): void {
    if (place > this.throughPlace) this.isThroughWith(posId)
  }

  /** The till's queue is empty. */
  isThroughWith(posId: string): void {
    this.posIds.delete(posId)
  }

  /**
   * Counts a try that has ended.
   * @returns whether the till is to be tried again at once: the try that failed had begun before the pass
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
