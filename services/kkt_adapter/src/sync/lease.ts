import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { isCertainlyGone } from '@kkt/platform/process_identity.ts'
import type { Journal } from '../journal/journal.ts'
import type { LeaseRow } from '../journal/leases.ts'

/** How long a silent holder keeps the lease: what a crash on another host of the same disk costs at most. */
export const TTL_MS = 3000
export const RENEW_EVERY_MS = 750
/** The holder trusts itself for less than the others wait, so that a paused one has stopped before another begins. */
export const TRUST_MS = 2000

export type LeaseState = { held: boolean; holder: string | null; epoch: number }

/** The right to drive the KKT and to send for it. One process holds it at a time. */
export type Lease = {
  /** True while this process may act. Ask right before acting: a paused process learns here that its time is over. */
  held(): boolean
  /** What goes along with each request, so that the OFD can refuse a holder of old; undefined where there is none. */
  readonly fencingToken: number | undefined
  readonly state: LeaseState
  /** Renews or tries to take the lease. Never rejects. */
  turn(): Promise<void>
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
  /** Called when this process has taken the lease, or may trust it again. */
  onTaken: () => void
}): Lease {
  const { journal, clock, logger, self, name } = deps
  const stopping = new AbortController()
  let epoch: number | null = null
  let trustedUntilMs = 0
  let watched: { row: LeaseRow; sinceMs: number } | null = null
  let loop: Promise<void> = Promise.resolve()

  async function renew(heldEpoch: number): Promise<void> {
    const askedAtMs = clock.monotonicMs()
    if (await journal.write(() => journal.leases.renew(name, self, heldEpoch))) {
      const wasHeld = held()
      trustedUntilMs = askedAtMs + TRUST_MS
      // What stopped when the trust ran out has to be told to go on.
      if (!wasHeld) deps.onTaken()
      return
    }
    epoch = null
    trustedUntilMs = 0
    await note('held', 'lost', `epoch ${heldEpoch}`)
  }

  async function tryToTake(): Promise<void> {
    const row = journal.leases.read(name)
    const nowMs = clock.monotonicMs()
    if (!watched || watched.row.beat !== row.beat || watched.row.epoch !== row.epoch) watched = { row, sinceMs: nowMs }
    const isFree = row.holder === null || isCertainlyGone(row.holder, self) || nowMs - watched.sinceMs >= TTL_MS
    if (!isFree) return
    const taken = await journal.write(() => journal.leases.take(name, self, row))
    if (taken === null) return
    epoch = taken
    trustedUntilMs = nowMs + TRUST_MS
    watched = null
    deps.onTaken()
    await note('free', 'held', `epoch ${taken}`)
  }

  async function note(from: string, to: string, detail: string): Promise<void> {
    logger.info('lease_changed', { from, to, detail })
    await journal.write(() => journal.events.record('lease', from, to, detail))
  }

  async function turn(): Promise<void> {
    try {
      await (epoch === null ? tryToTake() : renew(epoch))
    } catch (error) {
      logger.warn('lease_turn_failed', errorFields(error))
    }
  }

  const held = () => epoch !== null && clock.monotonicMs() < trustedUntilMs

  return {
    held,
    fencingToken: undefined,
    get state() {
      const row = journal.leases.read(name)
      return { held: held(), holder: row.holder, epoch: row.epoch }
    },
    turn,
    start() {
      loop = (async () => {
        while (!stopping.signal.aborted) {
          await turn()
          await clock.wait(RENEW_EVERY_MS, stopping.signal)
        }
      })()
    },
    async release() {
      stopping.abort()
      await loop
      if (epoch === null) return
      const released = epoch
      epoch = null
      await journal.write(() => journal.leases.release(name, self))
      await note('held', 'released', `epoch ${released}`)
    },
  }
}
