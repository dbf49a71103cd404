import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { isCertainlyGone } from '@kkt/platform/process_identity.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import type { LeaseRow } from '../journal/leases.ts'

/** How long a silent holder keeps the lease: the longest delay after a crash on another host of the same disk. */
export const TTL_MS = 3000
/** Shorter than the others wait, so that a paused holder has stopped before another process begins. */
export const TRUST_MS = 2000

/** `since`: the token with which this process took the lease. `trustedUntilMs`: by the monotonic clock. */
type Held = { kind: 'held'; epoch: number; token: FencingToken; since: FencingToken; trustedUntilMs: number }

/** `row`: the row that another holder last wrote, and since when it has not changed. Null: no row was seen yet. */
type Wanting = { kind: 'wanting'; watched: { row: LeaseRow; sinceMs: number } | null }

/** Takes, keeps and releases the lease in the journal for this process, by its monotonic clock. */
export class Tenure {
  #standing: Held | Wanting = { kind: 'wanting', watched: null }

  constructor(private readonly deps: { journal: Journal; clock: Clock; logger: Logger; self: string; name: string }) {}

  /** The lease while this process has it, whether or not it may still be trusted. */
  get held(): Held | null {
    return this.#standing.kind === 'held' ? this.#standing : null
  }

  get isTrusted(): boolean {
    return this.held !== null && this.deps.clock.monotonicMs() < this.held.trustedUntilMs
  }

  /**
   * Renews the lease or tries to take it.
   * @param onTaken called when it was taken, or may be trusted again
   * @throws StorageFailure
   */
  async turn(onTaken: () => void): Promise<void> {
    await (this.#standing.kind === 'held' ? this.#renew(this.#standing, onTaken) : this.#tryToTake(onTaken))
  }

  /** @throws StorageFailure */
  async giveBack(): Promise<void> {
    if (this.#standing.kind !== 'held') return
    const { journal, name, self } = this.deps
    const { epoch } = this.#standing
    this.#standing = { kind: 'wanting', watched: null }
    await journal.write((tx) => tx.releaseLease(name, self))
    await this.#note('held', 'released', epoch)
  }

  async #renew(held: Held, onTaken: () => void): Promise<void> {
    const { journal, clock, name, self } = this.deps
    const askedAtMs = clock.monotonicMs()
    if (await journal.write((tx) => tx.renewLease(name, self, held.epoch))) {
      const wasTrusted = this.isTrusted
      held.trustedUntilMs = askedAtMs + TRUST_MS
      // Work that stopped when the trust ran out needs a nudge.
      if (!wasTrusted) onTaken()
      return
    }
    this.#standing = { kind: 'wanting', watched: null }
    await this.#note('held', 'lost', held.epoch)
  }

  async #tryToTake(onTaken: () => void): Promise<void> {
    const { journal, clock, name, self } = this.deps
    const row = journal.leases.read(name)
    const nowMs = clock.monotonicMs()
    const silentMs = nowMs - this.#seenSinceMs(row, nowMs)
    const isFree = row.holder === null || isCertainlyGone(row.holder, self) || silentMs >= TTL_MS
    if (!isFree) return
    const taken = await journal.write((tx) => tx.takeLease(name, self, row))
    if (taken === null) return
    const { epoch, token } = taken
    this.#standing = { kind: 'held', epoch, token, since: token, trustedUntilMs: nowMs + TRUST_MS }
    onTaken()
    await this.#note('free', 'held', epoch)
  }

  /** Since when the lease's row has not changed, as this process saw it. */
  #seenSinceMs(row: LeaseRow, nowMs: number): number {
    const before = this.#standing.kind === 'wanting' ? this.#standing.watched : null
    if (before && before.row.beat === row.beat && before.row.epoch === row.epoch) return before.sinceMs
    this.#standing = { kind: 'wanting', watched: { row, sinceMs: nowMs } }
    return nowMs
  }

  async #note(from: string, to: string, epoch: number): Promise<void> {
    const detail = `epoch ${epoch}`
    this.deps.logger.info('lease_changed', { from, to, detail })
    await this.deps.journal.write((tx) => tx.recordEvent('lease', from, to, detail))
  }
}
