import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import type { JournalLease } from './journal_lease.ts'
import { createLeaps } from './leaps.ts'
import type { Lease } from './lease.ts'
import type { RedisGrant, RedisLeases, RedisRenewal } from './redis_leases.ts'
import { isTurnOver, type Load, NO_LOAD } from './turn_over.ts'

/** How long Redis keeps the lease of a host that fell silent. */
export const REDIS_TTL_MS = 8000
export const REDIS_RENEW_EVERY_MS = 1000
/** The holder trusts itself for less than Redis waits, so that a paused one has stopped before another host begins. */
export const REDIS_TRUST_MS = 6000
/** A host counts as waiting for so long after it has asked: the holder gives way to none that is gone for longer. */
export const REDIS_WAITS_MS = 3 * REDIS_RENEW_EVERY_MS

/**
 * One who has lost the right to send goes on alone when Redis has left so many questions in a row unanswered: as long as a
 * lease lasts. Not at once, for whoever was paused finds its questions unanswered when it wakes.
 */
const SILENCES_BEFORE_ALONE = REDIS_TTL_MS / REDIS_RENEW_EVERY_MS

/** The right to send among hosts: granted by Redis, or gone on with while that cannot be asked. */
type Right = { token: number; untilMs: number }

/**
 * How this host stands to the others with the same KKT.
 * - `off`: there are none: no Redis is configured;
 * - `held`: Redis has granted it the lease. `right` is null where that was lost, until Redis has been asked again;
 * - `yielding`: the same, and it gives the lease to a host that waits as soon as nothing is under way;
 * - `refused`: Redis is there, and does not do what it is asked. Whoever has the right to send keeps it, nobody gets it;
 * - `unreachable`: `silences` counts the questions in a row that were left unanswered, without the right to send.
 */
type Standing =
  | { kind: 'off' | 'elsewhere' }
  | { kind: 'not_asked' | 'refused'; right: Right | null }
  | { kind: 'held' | 'yielding'; right: Right | null; sinceMs: number }
  | { kind: 'unreachable'; right: Right | null; silences: number }

export type HostState = Standing['kind']

export type SenderLease = Lease & {
  readonly hostState: HostState
  /** Says that the OFD knows a newer token than this one: nothing is sent until we have one that is greater. */
  outdated(token: FencingToken): void
  /** Settles with the other hosts. Never rejects. */
  turn(): Promise<void>
  /** Says whose work it is held for. Until then it is held for none. */
  holdFor(load: Load): void
  /** @param act is called when this process may send, and could not before */
  onTaken(act: () => void): void
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
  /** How long this host keeps the lease that another one waits for, while it has something to send itself. */
  readonly turnMs: number
}): SenderLease {
  const { own, hosts, journal, clock, logger, name } = deps
  const leaps = createLeaps(clock)
  let standing: Standing = atRest()
  let load: Load = NO_LOAD
  let onTaken: () => void = () => undefined
  /** The newest token with which Redis was asked. */
  let askedWith = 0
  const loop = createLoop({
    clock,
    turn: async () => {
      await turn()
      return { kind: 'rest', ms: REDIS_RENEW_EVERY_MS }
    },
  })

  function atRest(): Standing {
    return hosts === null ? { kind: 'off' } : { kind: 'not_asked', right: null }
  }

  const right = (): Right | null => ('right' in standing ? standing.right : null)

  function hasRight(ownToken: number): boolean {
    const current = right()
    return current?.token === ownToken && clock.monotonicMs() < current.untilMs
  }

  function token(since?: FencingToken): FencingToken | null {
    const ownToken = own.token(since)
    if (ownToken === null || leaps.isRefused(ownToken)) return null
    if (standing.kind === 'off') return ownToken
    // A turn that ends begins nothing more, and brings to its end what it has begun.
    if (standing.kind === 'yielding' && since === undefined) return null
    return hasRight(ownToken) ? ownToken : null
  }

  /** Since when the lease has been held, or null. */
  const heldSinceMs = (): number | null => ('sinceMs' in standing ? standing.sinceMs : null)

  async function note(from: HostState, to: HostState, detail: string): Promise<void> {
    logger.info('host_lease_changed', { from, to, detail })
    await journal.write((tx) => tx.recordEvent('lease', from, to, detail))
  }

  async function become(next: Standing): Promise<void> {
    const from = standing.kind
    standing = next
    if (from !== next.kind) await note(from, next.kind, 'among hosts')
  }

  /** Without Redis: whoever has the right to send keeps it, and a token that was never used gives it. */
  async function goOnAlone(ownToken: number, { isNew, untilMs }: { isNew: boolean; untilMs: number }): Promise<void> {
    const before = standing.kind === 'unreachable' ? standing.silences : 0
    const mayGoOn = isNew || hasRight(ownToken)
    const silences = mayGoOn ? 0 : before + 1
    const isAlone = mayGoOn || silences >= SILENCES_BEFORE_ALONE
    await become({ kind: 'unreachable', right: isAlone ? { token: ownToken, untilMs } : null, silences })
  }

  /** Renews the lease where it is ours, else tries to take it, and says so where this host waits for it. */
  async function ask(among: RedisLeases, ownToken: number): Promise<RedisGrant | RedisRenewal> {
    const sinceMs = heldSinceMs()
    if (sinceMs !== null && !leaps.isRefused(ownToken)) {
      const renewal = await among.renew(name, ownToken, REDIS_TTL_MS)
      if (renewal.kind !== 'lost') return renewal
      standing = { kind: 'held', right: null, sinceMs }
    }
    const waitsMs = load.wantsToSend() ? REDIS_WAITS_MS : 0
    return await among.take(name, leaps.floorAbove(ownToken), REDIS_TTL_MS, waitsMs)
  }

  async function settleWith(among: RedisLeases, ownToken: number): Promise<void> {
    const untilMs = clock.monotonicMs() + REDIS_TRUST_MS
    const isNew = ownToken > askedWith
    askedWith = Math.max(askedWith, ownToken)
    const answer = await ask(among, ownToken)
    const kept = { token: ownToken, untilMs }
    if (answer.kind === 'unreachable') await goOnAlone(ownToken, { isNew, untilMs })
    else if (answer.kind === 'refused') await become({ kind: 'refused', right: hasRight(ownToken) ? kept : null })
    else if (answer.kind === 'granted') await hold(answer.token, untilMs)
    else if (answer.kind === 'renewed') await goOn(among, kept, answer.isWaitedFor)
    else await become({ kind: 'elsewhere' })
  }

  async function hold(granted: number, untilMs: number): Promise<void> {
    // Kept before it is used: without Redis, or after a restart, it goes on from here.
    await own.raise(granted)
    const from = standing.kind
    const sinceMs = heldSinceMs() ?? clock.monotonicMs()
    standing = { kind: 'held', right: { token: granted, untilMs }, sinceMs }
    askedWith = granted
    await note(from, 'held', `among hosts, token ${granted}`)
  }

  /** With the lease renewed: keeps it, or gives it to the host that waits, once nothing is under way. */
  async function goOn(among: RedisLeases, kept: Right, isWaitedFor: boolean): Promise<void> {
    const nowMs = clock.monotonicMs()
    const sinceMs = heldSinceMs() ?? nowMs
    const isOver = () => isTurnOver({ heldForMs: nowMs - sinceMs, turnMs: deps.turnMs, load })
    const yields = isWaitedFor && (standing.kind === 'yielding' || isOver())
    standing = { kind: yields ? 'yielding' : 'held', right: kept, sinceMs }
    if (!yields || load.isSending()) return
    standing = { kind: 'elsewhere' }
    await among.release(name, kept.token)
    await note('held', 'elsewhere', 'given to a host that waits')
  }

  async function turn(): Promise<void> {
    const couldSend = token() !== null
    try {
      const ownToken = own.token()
      if (hosts !== null) await (ownToken === null ? stopAsking() : settleWith(hosts, ownToken))
      else if (ownToken !== null && leaps.isRefused(ownToken)) await own.raise(leaps.floorAbove(ownToken))
    } catch (error) {
      logger.warn('sender_lease_turn_failed', errorFields(error))
    }
    if (!couldSend && token() !== null) onTaken()
  }

  /** A right from Redis holds until it ends. One that was gone on with alone ends now: Redis may have granted it to another host. */
  async function stopAsking(): Promise<void> {
    await become({ kind: 'not_asked', right: standing.kind === 'unreachable' ? null : right() })
  }

  return {
    token,
    write: own.write,
    takeUp: own.takeUp,
    get hostState() {
      return standing.kind
    },
    outdated(stale) {
      logger.warn('fencing_token_outdated', { token: stale })
      leaps.refused(stale)
      loop.nudge()
    },
    turn,
    holdFor(wanted) {
      load = wanted
    },
    onTaken(act) {
      onTaken = act
    },
    start: loop.start,
    nudge: loop.nudge,
    async release() {
      await loop.stop()
      const last = right()
      if (hosts !== null && last !== null) await hosts.release(name, last.token)
      standing = atRest()
    },
  }
}
