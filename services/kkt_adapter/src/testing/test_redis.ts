/** A Redis with leases, in memory and on the test's clock. Each host has its own connection to it. */
import type { Clock } from '@kkt/platform/clock.ts'
import { MAX_TOKEN } from '../domain/fencing_token.ts'
import type { RedisGrant, RedisLeases, RedisRenewal, RedisTrouble } from '../lease/redis_leases.ts'

/** Equal to the time limit of the real link's commands. */
const GIVES_UP_AFTER_MS = 500

/**
 * The state of a host's connection. `gone`: unreachable, as the host learns at once. `silent`: commands are lost.
 * `unheard`: commands run, but their answers are lost. `refusing`: every command is refused. `read_only`: reads are
 * answered, writes refused.
 */
export type Reach = 'up' | 'gone' | 'silent' | 'unheard' | 'refusing' | 'read_only'

/** `delayMs`: the time until an answer. */
export type HostRedis = RedisLeases & { reach: Reach; delayMs: number }

type Held = { bufferId: string; token: number; expiresAtMs: number }
type Waiting = { bufferId: string; expiresAtMs: number }
type Take = { bufferId: string; name: string; above: number; ttlMs: number; waitsMs: number }

/** A command would have to write, but may not. */
class Refused extends Error {}

export class TestRedis {
  readonly #held = new Map<string, Held>()
  readonly #tokens = new Map<string, number>()
  /** KKTs whose newest token was replaced by another value. */
  readonly #spoilt = new Set<string>()
  readonly #waiting = new Map<string, Waiting>()

  constructor(private readonly clock: Clock) {}

  /** Loses all data, as a restart without persistence does. */
  flush(): void {
    this.#held.clear()
    this.#tokens.clear()
    this.#spoilt.clear()
    this.#waiting.clear()
  }

  /** Replaces the newest token by a value that is no token, until `unspoil` or `flush`. */
  spoil(name: string): void {
    this.#spoilt.add(name)
  }

  /** Puts the newest token back. */
  unspoil(name: string): void {
    this.#spoilt.delete(name)
  }

  held(name: string): { bufferId: string; token: number; leftMs: number } | null {
    const held = this.#held.get(name)
    const leftMs = (held?.expiresAtMs ?? 0) - this.clock.monotonicMs()
    return held && leftMs > 0 ? { bufferId: held.bufferId, token: held.token, leftMs } : null
  }

  waiting(name: string): string | null {
    const waiting = this.#waiting.get(name)
    return waiting && waiting.expiresAtMs > this.clock.monotonicMs() ? waiting.bufferId : null
  }

  /** The waiting host's time expires. */
  stopWaiting(name: string): void {
    this.#waiting.delete(name)
  }

  /** @param bufferId names the host's journal */
  connect(bufferId: string): HostRedis {
    const host: HostRedis = {
      reach: 'up',
      delayMs: 0,
      take: (name, above, ttlMs, waitsMs = 0) =>
        this.#ask<RedisGrant>(host, (write) => this.#take({ bufferId, name, above, ttlMs, waitsMs }, write)),
      renew: (name, token, ttlMs) =>
        this.#ask<RedisRenewal>(host, (write) => {
          if (!this.#isHeldBy(name, bufferId, token)) return { kind: 'lost' }
          write(() => this.#hold(name, bufferId, token, ttlMs))
          const waiting = this.waiting(name)
          return { kind: 'renewed', isWaitedFor: waiting !== null && waiting !== bufferId }
        }),
      release: async (name, token) => {
        await this.#ask<RedisTrouble | { kind: 'released' }>(host, (write) => {
          if (this.#isHeldBy(name, bufferId, token)) write(() => this.#held.delete(name))
          return { kind: 'released' }
        })
      },
    }
    return host
  }

  async #ask<T>(host: HostRedis, work: (write: (change: () => void) => void) => T): Promise<T | RedisTrouble> {
    const { reach, delayMs } = host
    if (reach === 'gone') return { kind: 'unreachable' }
    const isLate = reach === 'silent' || reach === 'unheard' || delayMs >= GIVES_UP_AFTER_MS
    const answer = reach === 'silent' ? null : this.#answer(reach, work)
    const waitMs = isLate ? GIVES_UP_AFTER_MS : delayMs
    if (waitMs > 0) await this.clock.wait(waitMs)
    return isLate || answer === null ? { kind: 'unreachable' } : answer
  }

  #answer<T>(reach: Reach, work: (write: (change: () => void) => void) => T): T | RedisTrouble {
    if (reach === 'refusing') return { kind: 'refused' }
    try {
      return work((change) => {
        if (reach === 'read_only') throw new Refused()
        change()
      })
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused' }
      throw error
    }
  }

  #take({ bufferId, name, above, ttlMs, waitsMs }: Take, write: (change: () => void) => void): RedisGrant {
    const held = this.held(name)
    const waiting = this.waiting(name)
    const isAnothersTurn = waiting !== null && waiting !== bufferId
    if (held?.bufferId !== bufferId && (held || isAnothersTurn)) {
      const expiresAtMs = this.clock.monotonicMs() + waitsMs
      if (waitsMs > 0 && !isAnothersTurn) write(() => this.#waiting.set(name, { bufferId, expiresAtMs }))
      return { kind: 'elsewhere' }
    }
    if (this.#spoilt.has(name)) return { kind: 'unreachable' }
    const token = Math.min(MAX_TOKEN, Math.max(this.#tokens.get(name) ?? 0, above) + 1)
    write(() => {
      this.#tokens.set(name, token)
      this.#hold(name, bufferId, token, ttlMs)
      if (waiting === bufferId) this.#waiting.delete(name)
    })
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
