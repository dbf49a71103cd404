import type { RedisLeases } from '@kkt/adapter/src/lease/redis_leases.ts'
import { type HostRedis, type Reach, TestRedis } from '@kkt/adapter/src/testing/test_redis.ts'
import type { SimOfd } from './ofd.ts'
import { SimProcess } from './process.ts'
import { KKT_ID } from './rig.ts'
import type { SimTime } from './time.ts'

const TTL_MS = 8000
const RENEW_EVERY_MS = 1000
const WAITS_MS = 3 * RENEW_EVERY_MS
/** How long another host keeps a lease that one of ours waits for. */
const TURN_MS = 2000

export const REACHES: readonly Reach[] = ['gone', 'silent', 'unheard', 'refusing', 'read_only']

/**
 * Another host that has something to send for a while. `dies`: at its end it falls silent, else it returns the lease.
 * `isServed`: it has had the lease.
 */
export type Visit = {
  name: string
  leavesAtMs: number
  dies: boolean
  token: number | null
  heldSinceMs: number
  isServed: boolean
}

/** The Redis among hosts: the nodes' own host, and another one with the same KKT. */
export class SimRedis {
  #redis: TestRedis
  #hosts = new Map<string, HostRedis>()
  /** Until then, hosts may hold leases of which a flushed Redis knows nothing. */
  #forgottenUntilMs = 0
  #visits = 0

  constructor(
    private readonly time: SimTime,
    private readonly ofd: SimOfd,
  ) {
    this.#redis = new TestRedis(time.clockOf(new SimProcess('Redis', time)))
  }

  /** @param node each node has a way of its own */
  #reachOf(node: string): HostRedis {
    const host = this.#hosts.get(node) ?? this.#redis.connect(OURS)
    this.#hosts.set(node, host)
    return host
  }

  connect(node: string, process: SimProcess): RedisLeases {
    const host = this.#reachOf(node)
    const answered = async <T>(answer: Promise<T>): Promise<T> => {
      const value = await answer
      await process.mayGoOn()
      return value
    }
    return {
      take: (...what) => answered(host.take(...what)),
      renew: (...what) => answered(host.renew(...what)),
      release: (...what) => answered(host.release(...what)),
    }
  }

  setReach(node: string, reach: Reach): void {
    this.#reachOf(node).reach = reach
  }

  flush(): void {
    this.#redis.flush()
    this.#forgottenUntilMs = this.time.nowMs + TTL_MS
  }

  /** Puts a value that is no token in the place of the newest token. */
  spoil(): void {
    this.#redis.spoil(KKT_ID)
  }

  heal(): void {
    this.#redis.unspoil(KKT_ID)
    for (const host of this.#hosts.values()) host.reach = 'up'
  }

  /** Whether another host holds the lease. False while a flushed Redis may have granted it twice. */
  get isElsewhere(): boolean {
    return (this.#redis.held(KKT_ID)?.bufferId ?? OURS) !== OURS && this.time.nowMs >= this.#forgottenUntilMs
  }

  /** Another host has something to send for `ms`, and waits for the lease where that is taken. */
  visit(ms: number, dies: boolean): Visit {
    const name = `another host ${++this.#visits}`
    const visit = { name, leavesAtMs: this.time.nowMs + ms, dies, token: null, heldSinceMs: 0, isServed: false }
    void this.#stay(visit, this.#redis.connect(name))
    return visit
  }

  async #stay(visit: Visit, host: RedisLeases): Promise<void> {
    if (this.time.nowMs >= visit.leavesAtMs) {
      if (visit.token !== null && !visit.dies) await host.release(KKT_ID, visit.token)
      return
    }
    await (visit.token === null ? this.#ask(visit, host) : this.#goOn(visit, host, visit.token))
    this.time.after(RENEW_EVERY_MS, () => void this.#stay(visit, host))
  }

  /** A host that gets the lease sends to the OFD. */
  async #ask(visit: Visit, host: RedisLeases): Promise<void> {
    const granted = await host.take(KKT_ID, this.time.wallMs(), TTL_MS, WAITS_MS)
    if (granted.kind !== 'granted') return
    visit.token = granted.token
    visit.heldSinceMs = this.time.nowMs
    visit.isServed = true
    this.ofd.newestToken = Math.max(this.ofd.newestToken, granted.token)
  }

  async #goOn(visit: Visit, host: RedisLeases, token: number): Promise<void> {
    const renewal = await host.renew(KKT_ID, token, TTL_MS)
    const isLost = renewal.kind !== 'renewed'
    const isOver = !isLost && renewal.isWaitedFor && this.time.nowMs - visit.heldSinceMs >= TURN_MS
    if (isOver) await host.release(KKT_ID, token)
    if (isLost || isOver) visit.token = null
  }
}

/** The buffer of the nodes' own host. */
const OURS = 'this host'
