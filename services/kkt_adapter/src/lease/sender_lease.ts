import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { JournalLease } from './journal_lease.ts'
import { createLeaps } from './leaps.ts'
import type { FencingToken, Lease } from './lease.ts'
import type { RedisGrant, RedisLeases } from './redis_leases.ts'

/** How long Redis keeps the lease of a host that fell silent. */
export const REDIS_TTL_MS = 8000
export const REDIS_RENEW_EVERY_MS = 1000
/** The holder trusts itself for less than Redis waits, so that a paused one has stopped before another host begins. */
export const REDIS_TRUST_MS = 6000

/**
 * One who has lost the right to send goes on alone when Redis has left so many questions in a row unanswered: as long as a
 * lease lasts. Not at once, for whoever was paused finds its questions unanswered when it wakes.
 */
const SILENCES_BEFORE_ALONE = REDIS_TTL_MS / REDIS_RENEW_EVERY_MS

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
  const leaps = createLeaps(clock)
  let state: HostState = hosts === null ? 'off' : 'not_asked'
  /** The right to send among hosts: granted by Redis, or gone on with while that cannot be reached. */
  let right: { token: number; untilMs: number } | null = null
  /** The newest token with which Redis was asked. */
  let askedWith = 0
  /** So many questions in a row were left unanswered, without the right to send. */
  let silences = 0
  let loop: Promise<void> = Promise.resolve()

  const hasRight = (ownToken: number) => right?.token === ownToken && clock.monotonicMs() < right.untilMs

  function token(since?: FencingToken): FencingToken | null {
    const ownToken = own.token(since)
    if (ownToken === null || leaps.isRefused(ownToken)) return null
    return hosts === null || hasRight(ownToken) ? ownToken : null
  }

  async function note(from: HostState, to: HostState, detail: string): Promise<void> {
    logger.info('host_lease_changed', { from, to, detail })
    await journal.write(() => journal.events.record('lease', from, to, detail))
  }

  async function become(next: Exclude<HostState, 'held'>): Promise<void> {
    const from = state
    state = next
    if (from !== next) await note(from, next, 'among hosts')
  }

  /** Without Redis: whoever has the right to send keeps it, and a token that was never used gives it. */
  async function goOnAlone(ownToken: number, { isNew, untilMs }: { isNew: boolean; untilMs: number }): Promise<void> {
    const mayGoOn = isNew || hasRight(ownToken)
    silences = mayGoOn ? 0 : silences + 1
    if (mayGoOn || silences >= SILENCES_BEFORE_ALONE) right = { token: ownToken, untilMs }
    await become('unreachable')
  }

  /** Renews the lease where it is ours, else tries to take it. */
  async function ask(among: RedisLeases, ownToken: number): Promise<RedisGrant | { kind: 'renewed' }> {
    if (state === 'held' && !leaps.isRefused(ownToken)) {
      const renewed = await among.renew(name, ownToken, REDIS_TTL_MS)
      if (renewed !== 'lost') return { kind: renewed }
      right = null
    }
    return await among.take(name, leaps.floorAbove(ownToken), REDIS_TTL_MS)
  }

  async function settleWith(among: RedisLeases, ownToken: number): Promise<void> {
    const untilMs = clock.monotonicMs() + REDIS_TRUST_MS
    const isNew = ownToken > askedWith
    askedWith = Math.max(askedWith, ownToken)
    const answer = await ask(among, ownToken)
    if (answer.kind === 'unreachable') return await goOnAlone(ownToken, { isNew, untilMs })
    silences = 0
    if (answer.kind === 'renewed') right = { token: ownToken, untilMs }
    else await (answer.kind === 'granted' ? hold(answer.token, untilMs) : leave())
  }

  async function hold(granted: number, untilMs: number): Promise<void> {
    // Kept before it is used: without Redis, or after a restart, it goes on from here.
    await own.raise(granted)
    const from = state
    state = 'held'
    right = { token: granted, untilMs }
    askedWith = granted
    await note(from, 'held', `among hosts, token ${granted}`)
  }

  async function leave(): Promise<void> {
    right = null
    await become('elsewhere')
  }

  async function turn(): Promise<void> {
    const couldSend = token() !== null
    try {
      const ownToken = own.token()
      if (hosts !== null) await (ownToken === null ? become('not_asked') : settleWith(hosts, ownToken))
      else if (ownToken !== null && leaps.isRefused(ownToken)) await own.raise(leaps.floorAbove(ownToken))
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
      leaps.refused(stale)
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
      if (hosts !== null && right !== null) await hosts.release(name, right.token)
      right = null
      state = hosts === null ? 'off' : 'not_asked'
    },
  }
}
