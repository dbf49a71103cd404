import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import { type Lease, LeaseLost } from './lease.ts'
import { Tenure } from './tenure.ts'

export const RENEW_EVERY_MS = 750

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

  /** A work that does nothing where the lease was lost by the time of its commit. @throws LeaseLost where it is lost now */
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
