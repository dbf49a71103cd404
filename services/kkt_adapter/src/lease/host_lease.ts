import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { JournalLease } from './journal_lease.ts'
import type { OutdatedTokens } from './outdated_tokens.ts'
import type { RedisGrant, RedisLeases, RedisRenewal } from './redis_leases.ts'
import { isTurnOver, type Load, NO_LOAD } from './turn_over.ts'

/** How long Redis keeps the lease of a silent host. */
export const REDIS_TTL_MS = 8000
export const REDIS_RENEW_EVERY_MS = 1000
/** Shorter than Redis keeps the lease, so that a paused holder has stopped before another host begins. */
export const REDIS_TRUST_MS = 6000
/** How long a host counts as waiting after it asked. The holder gives way to none that has been silent for longer. */
export const REDIS_WAITS_MS = 3 * REDIS_RENEW_EVERY_MS

/**
 * After this many unanswered commands in a row, a lease's duration, a host without the right to send goes on without
 * Redis. Fewer would not do: a host that was paused finds its first commands unanswered when it wakes.
 */
const SILENCES_BEFORE_ALONE = REDIS_TTL_MS / REDIS_RENEW_EVERY_MS

/** The right to send among hosts: granted by Redis, or kept while Redis cannot be asked. */
type Right = { token: number; untilMs: number }

/**
 * This host's standing among the hosts with the same KKT.
 * - `not_asked`: Redis has not been asked yet, or is not asked because this process lacks the journal's lease;
 * - `elsewhere`: another host holds the lease;
 * - `held`: Redis has granted the lease to this host. `right` is null after it was lost, until Redis has been asked
 *   again;
 * - `yielding`: as `held`, but the host gives the lease to a waiting one as soon as no receipt is on the way;
 * - `refused`: Redis answers, but refuses the command. A host with the right to send keeps it; no host gets it;
 * - `unreachable`: `silences` counts the unanswered commands in a row without the right to send.
 */
type Standing =
  | { kind: 'elsewhere' }
  | { kind: 'not_asked' | 'refused'; right: Right | null }
  | { kind: 'held' | 'yielding'; right: Right | null; sinceMs: number }
  | { kind: 'unreachable'; right: Right | null; silences: number }

export type HostStanding = Standing['kind']

type HostLeaseDeps = {
  own: JournalLease
  journal: Journal
  clock: Clock
  logger: Logger
  name: string
  /** How long this host keeps the lease that another one waits for, while it has receipts to send itself. */
  readonly turnMs: number
}

/**
 * The right to send among the hosts with the same KKT. Redis is asked only in the background; nothing waits for it.
 * While it is unreachable the holder of the journal's lease goes on with the last token, so that an OFD with fencing
 * refuses a host that was overtaken meanwhile.
 */
export class HostLease {
  #standing: Standing = { kind: 'not_asked', right: null }
  #load: Load = NO_LOAD
  /** The newest token sent to Redis. */
  #askedWith = 0

  constructor(
    private readonly hosts: RedisLeases,
    private readonly outdatedTokens: OutdatedTokens,
    private readonly deps: HostLeaseDeps,
  ) {}

  get standing(): HostStanding {
    return this.#standing.kind
  }

  /** Whether this host may send with the token of the journal's lease. */
  hasRight(ownToken: number): boolean {
    const right = this.#right
    return right?.token === ownToken && this.deps.clock.monotonicMs() < right.untilMs
  }

  holdFor(load: Load): void {
    this.#load = load
  }

  /** Asks Redis for the lease. Call it as the holder of the journal's lease. @throws LeaseLost, StorageFailure */
  async settle(ownToken: number): Promise<void> {
    const untilMs = this.deps.clock.monotonicMs() + REDIS_TRUST_MS
    const isNew = ownToken > this.#askedWith
    this.#askedWith = Math.max(this.#askedWith, ownToken)
    const answer = await this.#ask(ownToken)
    const kept = { token: ownToken, untilMs }
    const right = this.hasRight(ownToken) ? kept : null
    if (answer.kind === 'unreachable') await this.#goOnWithoutRedis(kept, isNew)
    else if (answer.kind === 'refused') await this.#become({ kind: 'refused', right })
    else if (answer.kind === 'granted') await this.#hold(answer.token, untilMs)
    else if (answer.kind === 'renewed') await this.#goOn(kept, answer.isWaitedFor)
    else await this.#become({ kind: 'elsewhere' })
  }

  /** Keeps a right from Redis to its end. Ends one kept without Redis: another host may have the lease now. */
  async stopAsking(): Promise<void> {
    const right = this.#standing.kind === 'unreachable' ? null : this.#right
    await this.#become({ kind: 'not_asked', right })
  }

  async release(): Promise<void> {
    const right = this.#right
    if (right !== null) await this.hosts.release(this.deps.name, right.token)
    this.#standing = { kind: 'not_asked', right: null }
  }

  get #right(): Right | null {
    return 'right' in this.#standing ? this.#standing.right : null
  }

  /** When the lease was taken, or null. */
  get #heldSinceMs(): number | null {
    return 'sinceMs' in this.#standing ? this.#standing.sinceMs : null
  }

  /** Renews this host's lease. Without it, tries to take it, and tells Redis when this host waits for it. */
  async #ask(ownToken: number): Promise<RedisGrant | RedisRenewal> {
    const { hosts, outdatedTokens } = this
    const { name } = this.deps
    const sinceMs = this.#heldSinceMs
    if (sinceMs !== null && !outdatedTokens.isRefused(ownToken)) {
      const renewal = await hosts.renew(name, ownToken, REDIS_TTL_MS)
      if (renewal.kind !== 'lost') return renewal
      this.#standing = { kind: 'held', right: null, sinceMs }
    }
    const waitsMs = this.#load.wantsToSend() ? REDIS_WAITS_MS : 0
    return await hosts.take(name, outdatedTokens.floorAbove(ownToken), REDIS_TTL_MS, waitsMs)
  }

  /** Without Redis: a host with the right to send keeps it, and a token that was never used gives the right. */
  async #goOnWithoutRedis(kept: Right, isNew: boolean): Promise<void> {
    const before = this.#standing.kind === 'unreachable' ? this.#standing.silences : 0
    const mayGoOn = isNew || this.hasRight(kept.token)
    const silences = mayGoOn ? 0 : before + 1
    const isAlone = mayGoOn || silences >= SILENCES_BEFORE_ALONE
    await this.#become({ kind: 'unreachable', right: isAlone ? kept : null, silences })
  }

  async #hold(granted: number, untilMs: number): Promise<void> {
    // Journal the token before using it, so that sending continues from it without Redis or after a restart.
    await this.deps.own.raise(granted)
    const from = this.standing
    const sinceMs = this.#heldSinceMs ?? this.deps.clock.monotonicMs()
    this.#standing = { kind: 'held', right: { token: granted, untilMs }, sinceMs }
    this.#askedWith = granted
    await this.#note(from, 'held', `among hosts, token ${granted}`)
  }

  /** After a renewal: keeps the lease, or gives it to the waiting host once no receipt is on the way. */
  async #goOn(kept: Right, isWaitedFor: boolean): Promise<void> {
    const { clock, name, turnMs } = this.deps
    const load = this.#load
    const nowMs = clock.monotonicMs()
    const sinceMs = this.#heldSinceMs ?? nowMs
    const isOver = () => isTurnOver({ heldForMs: nowMs - sinceMs, turnMs, load })
    const yields = isWaitedFor && (this.standing === 'yielding' || isOver())
    this.#standing = { kind: yields ? 'yielding' : 'held', right: kept, sinceMs }
    if (!yields || load.isSending()) return
    this.#standing = { kind: 'elsewhere' }
    await this.hosts.release(name, kept.token)
    await this.#note('held', 'elsewhere', 'given to a host that waits')
  }

  async #become(next: Standing): Promise<void> {
    const from = this.standing
    this.#standing = next
    if (from !== next.kind) await this.#note(from, next.kind, 'among hosts')
  }

  async #note(from: HostStanding, to: HostStanding, detail: string): Promise<void> {
    this.deps.logger.info('host_lease_changed', { from, to, detail })
    await this.deps.journal.write((tx) => tx.recordEvent('lease', from, to, detail))
  }
}
