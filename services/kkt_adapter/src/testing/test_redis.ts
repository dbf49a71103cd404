/** A Redis that holds leases, in memory, on a clock of the test's own. Each host reaches it in its own way, or not. */
import type { Clock } from '@kkt/platform/clock.ts'
import { MAX_TOKEN } from '../lease/lease.ts'
import type { RedisGrant, RedisLeases } from '../lease/redis_leases.ts'

/** As the link to a real one gives up. */
const GIVES_UP_AFTER_MS = 500

/**
 * How a host reaches it. `gone`: not at all, as it learns at once. `silent`: what it asks is lost on the way. `unheard`: what
 * it asks is done, and the answer is lost on the way.
 */
export type Reach = 'up' | 'gone' | 'silent' | 'unheard'

/** `delayMs`: how long an answer takes. */
export type HostRedis = RedisLeases & { reach: Reach; delayMs: number }

type Held = { bufferId: string; token: number; expiresAtMs: number }

export class TestRedis {
  readonly #held = new Map<string, Held>()
  readonly #tokens = new Map<string, number>()
  /** KKTs that have something else in the place of their newest token. */
  readonly #spoilt = new Set<string>()

  constructor(private readonly clock: Clock) {}

  /** Loses everything, as a restart without persistence does. */
  flush(): void {
    this.#held.clear()
    this.#tokens.clear()
    this.#spoilt.clear()
  }

  /** Puts something into the place of the newest token that is none, until all is lost. */
  spoil(name: string): void {
    this.#spoilt.add(name)
  }

  /** The lease that is held now, or null. */
  held(name: string): { bufferId: string; token: number; leftMs: number } | null {
    const held = this.#held.get(name)
    const leftMs = (held?.expiresAtMs ?? 0) - this.clock.monotonicMs()
    return held && leftMs > 0 ? { bufferId: held.bufferId, token: held.token, leftMs } : null
  }

  /** @param bufferId names the host's journal */
  connect(bufferId: string): HostRedis {
    const host: HostRedis = {
      reach: 'up',
      delayMs: 0,
      take: (name, above, ttlMs) =>
        this.#ask<RedisGrant>(host, { kind: 'unreachable' }, () => this.#take({ bufferId, name, above, ttlMs })),
      renew: (name, token, ttlMs) =>
        this.#ask<'renewed' | 'lost' | 'unreachable'>(host, 'unreachable', () => {
          if (!this.#isHeldBy(name, bufferId, token)) return 'lost'
          this.#hold(name, bufferId, token, ttlMs)
          return 'renewed'
        }),
      release: (name, token) =>
        this.#ask(host, undefined, () => {
          if (this.#isHeldBy(name, bufferId, token)) this.#held.delete(name)
        }),
    }
    return host
  }

  async #ask<T>(host: HostRedis, failure: T, work: () => T): Promise<T> {
    const { reach, delayMs } = host
    if (reach === 'gone') return failure
    const isLate = reach !== 'up' || delayMs >= GIVES_UP_AFTER_MS
    const answer = reach === 'silent' ? failure : work()
    const waitMs = isLate ? GIVES_UP_AFTER_MS : delayMs
    if (waitMs > 0) await this.clock.wait(waitMs)
    return isLate ? failure : answer
  }

  #take({
    bufferId,
    name,
    above,
    ttlMs,
  }: {
    bufferId: string
    name: string
    above: number
    ttlMs: number
  }): RedisGrant {
    const held = this.held(name)
    if (held && held.bufferId !== bufferId) return { kind: 'elsewhere' }
    if (this.#spoilt.has(name)) return { kind: 'unreachable' }
    const token = Math.min(MAX_TOKEN, Math.max(this.#tokens.get(name) ?? 0, above) + 1)
    this.#tokens.set(name, token)
    this.#hold(name, bufferId, token, ttlMs)
    return { kind: 'granted', token }
  }

  #isHeldBy(name: string, bufferId: string, token: number): boolean {
    const held = this.held(name)
    return held?.bufferId === bufferId && held.token === token
  }

  #hold(name: string, bufferId: string, token: number, ttlMs: number): void {
    this.#held.set(name, { bufferId, token, expiresAtMs: this.clock.monotonicMs() + ttlMs })
  }
}
