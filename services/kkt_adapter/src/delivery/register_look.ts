import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { KktState } from '../domain/kkt.ts'
import type { Journal } from '../journal/journal.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import type { DeliveryWatch } from './deliver.ts'
import type { NetworkStatus } from './delivery.ts'

/** So many in one commit delay a till by milliseconds. */
const BATCH = 200
/** A register sends within seconds, and tries again about each minute. */
const DEGRADED_AFTER_MS = 2 * 60 * 1000
/** A register does not answer while it prints, and a report takes longer where a task is under way. */
const SILENT_AFTER_MS = 30_000
/** As the alert `undelivered_for_minutes`: an OFD that is restarted is back sooner. */
const OFFLINE_AFTER_MS = 20 * 60 * 1000

/**
 * The result of a look.
 * - `told`: `synced` receipts were recorded as held by the OFD;
 * - `silent`: the register does not answer, and nothing was changed;
 * - `not_holder`: another process drives the register and records its words.
 */
export type Look = { kind: 'told'; synced: number } | { kind: 'silent' } | { kind: 'not_holder' }

/**
 * The last word of the register about its exchange with the OFD. `unsentForMs`: the age of the first unsent document, by the
 * register's clock at `atMs` of our monotonic one; null where all are sent.
 */
type Word =
  | { kind: 'none' }
  | { kind: 'all_sent' }
  | { kind: 'unsent'; unsentForMs: number; atMs: number }
  | { kind: 'unsent_too_long' }

export type RegisterLookDeps = {
  journal: Journal
  lease: Lease
  /** The register's report, made after this call. Null: it does not answer. */
  ask: () => Promise<KktState | null>
  clock: Clock
  logger: Logger
  watch: Pick<DeliveryWatch, 'delivered'>
}

/** Asks a register that delivers by itself which of its documents the OFD holds, and records that. */
export class RegisterLook {
  #word: Word = { kind: 'none' }
  /** Since when it has not answered, by the monotonic clock. Null while it answers. */
  #silentSinceMs: number | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(private readonly deps: RegisterLookDeps) {}

  /** A look that begins once the looks before it have ended. @throws StorageFailure */
  take(): Promise<Look> {
    const look = this.#last.then(() => this.#take())
    this.#last = look.catch(() => undefined)
    return look
  }

  /** The last word of a register that is silent holds for a while. After that nothing is known of the OFD. */
  network(): NetworkStatus {
    const status = this.#byWord(this.#word)
    const silentForMs = this.deps.clock.monotonicMs() - (this.#silentSinceMs ?? Number.POSITIVE_INFINITY)
    return status === 'online' && silentForMs >= SILENT_AFTER_MS ? 'degraded' : status
  }

  #byWord(word: Word): NetworkStatus {
    switch (word.kind) {
      case 'none':
        return 'degraded'
      case 'all_sent':
        return 'online'
      case 'unsent_too_long':
        return 'offline'
      case 'unsent': {
        const ageMs = word.unsentForMs + this.deps.clock.monotonicMs() - word.atMs
        if (ageMs >= OFFLINE_AFTER_MS) return 'offline'
        return ageMs >= DEGRADED_AFTER_MS ? 'degraded' : 'online'
      }
    }
  }

  /** Whether the register in use has a document that the OFD is not known to hold. @throws StorageFailure */
  isWaiting(): boolean {
    const { journal } = this.deps
    const fnNumber = journal.fiscalMemories.inKkt()?.fnNumber
    return fnNumber !== undefined && journal.handedOver.lastPendingFd(fnNumber) !== null
  }

  async #take(): Promise<Look> {
    const { journal, lease, ask } = this.deps
    const since = lease.token()
    const fnNumber = journal.fiscalMemories.inKkt()?.fnNumber ?? null
    // A document that is made while the register reports may be missing in its count of unsent ones.
    const knownFd = fnNumber === null ? null : journal.handedOver.lastPendingFd(fnNumber)
    const state = await ask()
    this.#hear(state)
    if (since === null) return { kind: 'not_holder' }
    if (state === null) return { kind: 'silent' }
    // Of another FN the printer hears first, and the next look is about that one.
    if (fnNumber !== state.fnNumber || knownFd === null) return { kind: 'told', synced: 0 }
    return await this.#record(fnNumber, Math.min(knownFd, heldThrough(state)), since)
  }

  async #record(fnNumber: string, throughFd: number, since: FencingToken): Promise<Look> {
    const { journal, lease, logger, watch } = this.deps
    let synced = 0
    try {
      for (;;) {
        if (journal.handedOver.pendingThrough(fnNumber, throughFd, 1).length === 0) return { kind: 'told', synced }
        const held = await lease.write((tx) => {
          // Inside of the commit: an operator may have closed some meanwhile.
          const batch = tx.handedOver.pendingThrough(fnNumber, throughFd, BATCH)
          for (const { id } of batch) tx.recordHandedOver(id)
          return batch
        }, since)
        synced += held.length
        held.forEach(watch.delivered)
        logger.info('receipts_synced', { count: held.length, fn: fnNumber, through_fd: throughFd })
      }
    } catch (error) {
      if (error instanceof LeaseLost) return { kind: 'not_holder' }
      throw error
    }
  }

  #hear(state: KktState | null): void {
    if (state === null) {
      this.#silentSinceMs ??= this.deps.clock.monotonicMs()
      return
    }
    this.#silentSinceMs = null
    this.#word = this.#wordOf(state)
  }

  #wordOf({ unsent, clockMs, fnFlags }: KktState): Word {
    if (unsent.firstFd === null && unsent.count === 0) return { kind: 'all_sent' }
    if (fnFlags.includes('ofd_silent')) return { kind: 'unsent_too_long' }
    if (unsent.sinceMs === null) return { kind: 'none' }
    return { kind: 'unsent', unsentForMs: clockMs - unsent.sinceMs, atMs: this.deps.clock.monotonicMs() }
  }
}

/** The last document that the OFD holds with all before it, by the register's word. 0: it has told of none. */
function heldThrough({ unsent, lastFdNumber }: KktState): number {
  if (unsent.firstFd !== null) return Math.min(unsent.firstFd - 1, lastFdNumber)
  return unsent.count === 0 ? lastFdNumber : 0
}
