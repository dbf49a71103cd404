import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { JournalLease } from './journal_lease.ts'
import type { FencingToken, Lease } from './lease.ts'
import type { RedisLeases } from './redis_leases.ts'

/** How long Redis keeps the lease of a host that fell silent. */
export const REDIS_TTL_MS = 8000
export const REDIS_RENEW_EVERY_MS = 1000
/** The holder trusts itself for less than Redis waits, so that a paused one has stopped before another host begins. */
export const REDIS_TRUST_MS = 6000

/** Who outdated us may go by a clock that is ahead of ours. We come after it by leaps that double, up to a year. */
const FIRST_LEAP_MS = 1000
const MAX_LEAP_MS = 365 * 24 * 60 * 60 * 1000

/** How this host stands to the others with the same KKT. `off`: there are none, for no Redis is configured. */
export type HostState = 'off' | 'not_asked' | 'held' | 'elsewhere' | 'unreachable'

export type SenderLease = Lease & {
  readonly hostState: HostState
  /** Says that the OFD knows a newer token than this one: nothing is sent until we have one that is greater. */
  outdated(token: FencingToken): void
  /** Settles with the other hosts. Never rejects. */
  turn(): Promise<void>
  /** Takes turns until `release`. */
  start(): void
  /** Takes a turn at once: the journal's lease is ours now. */
  nudge(): void
  release(): Promise<void>
}

/**
 * The right to send to the OFD: the journal's lease, and among hosts the one in Redis as well. Redis is asked in the
 * background alone, nothing waits for it. While it cannot be reached the journal's lease goes on by itself, with the last
 * token, so that an OFD that knows fencing refuses whoever was overtaken meanwhile.
 */
export function createSenderLease(deps: {
  own: JournalLease
  /** Null when there are no other hosts. */
  hosts: RedisLeases | null
  journal: Journal
  clock: Clock
  logger: Logger
  name: string
  /** Called when this process may send, and could not before. */
  onTaken: () => void
}): SenderLease {
  const { own, hosts, journal, clock, logger, name } = deps
  const stopping = new AbortController()
  const wake = new Signal()
  let state: HostState = hosts === null ? 'off' : 'not_asked'
  /** What Redis granted, under which token. */
  let grant: { token: number; trustedUntilMs: number } | null = null
  /** The newest token that the OFD has refused. */
  let refused = 0
  let loop: Promise<void> = Promise.resolve()

  function isAdmitted(ownToken: number): boolean {
    if (ownToken <= refused) return false
    if (state === 'held') return grant?.token === ownToken && clock.monotonicMs() < grant.trustedUntilMs
    return state === 'off' || state === 'unreachable'
  }

  function token(): FencingToken | null {
    const ownToken = own.token()
    return ownToken !== null && isAdmitted(ownToken) ? ownToken : null
  }

  /** What a new token has to exceed: ours, and those that others without Redis have read off their clocks. */
  function floorAbove(ownToken: number): number {
    const wallMs = clock.wallMs()
    const aheadMs = Math.max(0, ownToken - wallMs)
    const leapMs = ownToken <= refused ? Math.min(FIRST_LEAP_MS + 2 * aheadMs, MAX_LEAP_MS) : 0
    return Math.max(ownToken, wallMs + leapMs)
  }

  async function note(from: HostState, to: HostState, detail: string): Promise<void> {
    logger.info('host_lease_changed', { from, to, detail })
    await journal.write(() => journal.events.record('lease', from, to, detail))
  }

  async function become(next: Exclude<HostState, 'held'>): Promise<void> {
    const from = state
    state = next
    grant = null
    if (from !== next) await note(from, next, 'among hosts')
  }

  async function settleWith(among: RedisLeases, ownToken: number): Promise<void> {
    const trustedUntilMs = clock.monotonicMs() + REDIS_TRUST_MS
    if (grant !== null && ownToken > refused) {
      const renewed = await among.renew(name, ownToken, REDIS_TTL_MS)
      if (renewed === 'unreachable') return await become('unreachable')
      grant = renewed === 'renewed' ? { token: ownToken, trustedUntilMs } : null
      if (grant !== null) return
    }
    const granted = await among.take(name, floorAbove(ownToken), REDIS_TTL_MS)
    if (granted.kind !== 'granted') return await become(granted.kind)
    // Kept before it is used: without Redis, or after a restart, it goes on from here.
    await own.raise(granted.token)
    const from = state
    state = 'held'
    grant = { token: granted.token, trustedUntilMs }
    await note(from, 'held', `among hosts, token ${granted.token}`)
  }

  async function turn(): Promise<void> {
    const couldSend = token() !== null
    try {
      const ownToken = own.token()
      if (hosts !== null) await (ownToken === null ? become('not_asked') : settleWith(hosts, ownToken))
      else if (ownToken !== null && ownToken <= refused) await own.raise(floorAbove(ownToken))
    } catch (error) {
      logger.warn('sender_lease_turn_failed', errorFields(error))
    }
    if (!couldSend && token() !== null) deps.onTaken()
  }

  return {
    token,
    write: own.write,
    get hostState() {
      return state
    },
    outdated(stale) {
      logger.warn('fencing_token_outdated', { token: stale })
      refused = Math.max(refused, stale)
      wake.notify()
    },
    turn,
    start() {
      loop = (async () => {
        while (!stopping.signal.aborted) {
          await turn()
          await wake.wait(REDIS_RENEW_EVERY_MS, clock, stopping.signal)
        }
      })()
    },
    nudge: () => wake.notify(),
    async release() {
      stopping.abort()
      await loop
      if (hosts !== null && grant !== null) await hosts.release(name, grant.token)
      grant = null
      state = hosts === null ? 'off' : 'not_asked'
    },
  }
}
