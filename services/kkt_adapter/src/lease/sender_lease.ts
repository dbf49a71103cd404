import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import { HostLease, type HostStanding, REDIS_RENEW_EVERY_MS } from './host_lease.ts'
import type { JournalLease } from './journal_lease.ts'
import type { Lease } from './lease.ts'
import { createOutdatedTokens } from './outdated_tokens.ts'
import type { RedisLeases } from './redis_leases.ts'
import type { Load } from './turn_over.ts'

/** This host's standing among the hosts with the same KKT. `off`: without Redis there are no other hosts. */
export type HostState = 'off' | HostStanding

export type SenderLease = Lease & {
  readonly hostState: HostState
  /** Says that the OFD knows a newer token than this one. Nothing is sent until this process has a greater one. */
  outdated(token: FencingToken): void
  /** Asks Redis for the lease. Never rejects. */
  turn(): Promise<void>
  /** Sets the sender whose work the lease is held for. */
  holdFor(load: Load): void
  /** @param act called when this process may send and could not before */
  onTaken(act: () => void): void
  /** Takes turns until `release`. */
  start(): void
  /** Takes a turn at once, because this process has just got the journal's lease. */
  nudge(): void
  release(): Promise<void>
}

type SenderLeaseDeps = {
  own: JournalLease
  /** Null when there are no other hosts. */
  hosts: RedisLeases | null
  journal: Journal
  clock: Clock
  logger: Logger
  name: string
  /** How long this host keeps the lease that another one waits for, while it has receipts to send itself. */
  readonly turnMs: number
}

/** The right to send to the OFD: the journal's lease, and with Redis its lease, too. Nothing waits for Redis. */
export function createSenderLease(deps: SenderLeaseDeps): SenderLease {
  const { own, hosts, clock, logger } = deps
  const outdatedTokens = createOutdatedTokens(clock)
  const amongHosts = hosts === null ? null : new HostLease(hosts, outdatedTokens, deps)
  let onTaken: () => void = () => undefined
  const loop = createLoop({
    clock,
    turn: async () => {
      await turn()
      return { kind: 'rest', ms: REDIS_RENEW_EVERY_MS }
    },
  })

  function token(since?: FencingToken): FencingToken | null {
    const ownToken = own.token(since)
    if (ownToken === null || outdatedTokens.isRefused(ownToken)) return null
    if (amongHosts === null) return ownToken
    // A host that yields begins nothing more, and finishes the work it has begun.
    if (amongHosts.standing === 'yielding' && since === undefined) return null
    return amongHosts.hasRight(ownToken) ? ownToken : null
  }

  async function settle(): Promise<void> {
    const ownToken = own.token()
    if (amongHosts !== null) await (ownToken === null ? amongHosts.stopAsking() : amongHosts.settle(ownToken))
    else if (ownToken !== null && outdatedTokens.isRefused(ownToken))
      await own.raise(outdatedTokens.floorAbove(ownToken))
  }

  async function turn(): Promise<void> {
    const couldSend = token() !== null
    try {
      await settle()
    } catch (error) {
      logger.warn('sender_lease_turn_failed', errorFields(error))
    }
    if (!couldSend && token() !== null) onTaken()
  }

  return {
    token,
    write: own.write,
    takeUp: own.takeUp,
    get hostState() {
      return amongHosts?.standing ?? 'off'
    },
    outdated(stale) {
      logger.warn('fencing_token_outdated', { token: stale })
      outdatedTokens.refused(stale)
      loop.nudge()
    },
    turn,
    holdFor: (load) => amongHosts?.holdFor(load),
    onTaken(act) {
      onTaken = act
    },
    start: loop.start,
    nudge: loop.nudge,
    async release() {
      await loop.stop()
      await amongHosts?.release()
    },
  }
}
