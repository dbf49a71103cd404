import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import { type Lease, LeaseLost } from './lease.ts'
import { Tenure } from './tenure.ts'

export const RENEW_EVERY_MS = 750

export type JournalLease = Lease & {
  /** This process's identity in the journal. */
  readonly self: string
  /** The lease's row in the journal. @throws StorageFailure */
  readonly state: { holder: string | null; epoch: number }
  /**
   * Replaces the token by a greater one, at least `floor` and up to `MAX_TOKEN`.
   * @throws LeaseLost, StorageFailure
   */
  raise(floor: number): Promise<void>
  /** Renews the lease or tries to take it. Never rejects. */
  turn(): Promise<void>
  /** @param act called when this process has taken the lease, or may trust it again */
  onTaken(act: () => void): void
  /** Takes turns until `release`. */
  start(): void
  /** Releases the lease, so that the next process can take it at once. */
  release(): Promise<void>
}

type JournalLeaseDeps = {
  journal: Journal
  clock: Clock
  logger: Logger
  self: string
  name: string
}

/**
 * The lease in the journal, for the processes on one buffer. Each process uses its own monotonic clock: it may take the
 * lease when the row has not changed for the TTL, or when its holder is gone.
 * @param self from `processIdentity`
 */
export function createJournalLease(deps: JournalLeaseDeps): JournalLease {
  const { journal, clock, logger, self, name } = deps
  const tenure = new Tenure(deps)
  let onTaken: () => void = () => undefined
  const loop = createLoop({
    clock,
    turn: async () => {
      await turn()
      return { kind: 'rest', ms: RENEW_EVERY_MS }
    },
  })

  function token(since?: FencingToken): FencingToken | null {
    const { held } = tenure
    if (held === null || !tenure.isTrusted) return null
    return since === undefined || since >= held.since ? held.token : null
  }

  async function turn(): Promise<void> {
    try {
      await tenure.turn(onTaken)
    } catch (error) {
      logger.warn('lease_turn_failed', errorFields(error))
    }
  }

  /** A work that does nothing when the lease is lost at its commit. @throws LeaseLost when it is lost now */
  function whileHeld<T>(work: (tx: Tx) => T, since: FencingToken): (tx: Tx) => T {
    const { held } = tenure
    if (held === null || since < held.since) throw new LeaseLost()
    return (tx) => {
      if (!tx.holdsLease(name, self, held.epoch)) throw new LeaseLost()
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
      const { held } = tenure
      if (held === null) throw new LeaseLost()
      held.token = await write((tx) => tx.raiseToken(name, floor), held.token)
    },
    turn,
    onTaken(act) {
      onTaken = act
    },
    start: loop.start,
    async release() {
      await loop.stop()
      await tenure.giveBack()
    },
  }
}
