import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import { isCertainlyGone } from '@kkt/platform/process_identity.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import type { LeaseRow } from '../journal/leases.ts'
import { type Lease, LeaseLost } from './lease.ts'

/** How long a silent holder keeps the lease: what a crash on another host of the same disk costs at most. */
export const TTL_MS = 3000
export const RENEW_EVERY_MS = 750
/** The holder trusts itself for less than the others wait, so that a paused one has stopped before another begins. */
export const TRUST_MS = 2000

export type JournalLease = Lease & {
  /** How this process is called in the journal. */
  readonly self: string
  /** As the journal has it. @throws StorageFailure */
  readonly state: { holder: string | null; epoch: number }
  /**
   * Goes on with a token that is greater than before, up to `MAX_TOKEN`: at least `floor`.
   * @throws LeaseLost, StorageFailure
   */
  raise(floor: number): Promise<void>
  /** Renews or tries to take the lease. Never rejects. */
  turn(): Promise<void>
  /** @param act is called when this process has taken the lease, or may trust it again */
  onTaken(act: () => void): void
  /** Takes turns until `release`. */
  start(): void
  /** Gives the lease back, for the next process to take at once. */
  release(): Promise<void>
}

/**
 * The lease in the journal, for the processes on one buffer. It goes by each process's own monotonic clock: whoever wants
 * it has to see it stand still for the TTL, or its holder gone.
 * @param self from `processIdentity`
 */
export function createJournalLease(deps: {
  journal: Journal
  clock: Clock
  logger: Logger
  self: string
  name: string
}): JournalLease {
  const { journal, clock, logger, self, name } = deps
  /** `since`: the token with which this process took it. */
  let own: { epoch: number; token: FencingToken; since: FencingToken } | null = null
  let trustedUntilMs = 0
  let onTaken: () => void = () => undefined
  let watched: { row: LeaseRow; sinceMs: number } | null = null
  const loop = createLoop({
    clock,
    turn: async () => {
      await turn()
      return { kind: 'rest', ms: RENEW_EVERY_MS }
    },
  })

  function token(since?: FencingToken): FencingToken | null {
    if (own === null || clock.monotonicMs() >= trustedUntilMs) return null
    return since === undefined || since >= own.since ? own.token : null
  }

  async function renew(epoch: number): Promise<void> {
    const askedAtMs = clock.monotonicMs()
    if (await journal.write((tx) => tx.renewLease(name, self, epoch))) {
      const wasTrusted = token() !== null
      trustedUntilMs = askedAtMs + TRUST_MS
      // What stopped when the trust ran out has to be told to go on.
      if (!wasTrusted) onTaken()
      return
    }
    own = null
    await note('held', 'lost', `epoch ${epoch}`)
  }

  async function tryToTake(): Promise<void> {
    const row = journal.leases.read(name)
    const nowMs = clock.monotonicMs()
    if (!watched || watched.row.beat !== row.beat || watched.row.epoch !== row.epoch) watched = { row, sinceMs: nowMs }
    const isFree = row.holder === null || isCertainlyGone(row.holder, self) || nowMs - watched.sinceMs >= TTL_MS
    if (!isFree) return
    const taken = await journal.write((tx) => tx.takeLease(name, self, row))
    if (taken === null) return
    own = { ...taken, since: taken.token }
    trustedUntilMs = nowMs + TRUST_MS
    watched = null
    onTaken()
    await note('free', 'held', `epoch ${taken.epoch}`)
  }

  async function note(from: string, to: string, detail: string): Promise<void> {
    logger.info('lease_changed', { from, to, detail })
    await journal.write((tx) => tx.recordEvent('lease', from, to, detail))
  }

  async function turn(): Promise<void> {
    try {
      await (own === null ? tryToTake() : renew(own.epoch))
    } catch (error) {
      logger.warn('lease_turn_failed', errorFields(error))
    }
  }

  /** A work that does nothing where the lease was lost by the time of its commit. @throws LeaseLost where it is lost now */
  function whileHeld<T>(work: (tx: Tx) => T, since: FencingToken): (tx: Tx) => T {
    if (own === null || since < own.since) throw new LeaseLost()
    const { epoch } = own
    return (tx) => {
      if (!journal.leases.isHeldBy(name, self, epoch)) throw new LeaseLost()
      return work(tx)
    }
  }

  async function write<T>(work: (tx: Tx) => T, since: FencingToken): Promise<T> {
    return await journal.write(whileHeld(work, since))
  }

  return {
    token,
    write,
    takeUp: async (work, since) => await journal.takeUp(whileHeld(work, since)),
    self,
    get state() {
      const { holder, epoch } = journal.leases.read(name)
      return { holder, epoch }
    },
    async raise(floor) {
      if (own === null) throw new LeaseLost()
      const tenure = own
      own = { ...tenure, token: await write((tx) => tx.raiseToken(name, floor), tenure.token) }
    },
    turn,
    onTaken(act) {
      onTaken = act
    },
    start: loop.start,
    async release() {
      await loop.stop()
      if (own === null) return
      const { epoch } = own
      own = null
      await journal.write((tx) => tx.releaseLease(name, self))
      await note('held', 'released', `epoch ${epoch}`)
    },
  }
}
