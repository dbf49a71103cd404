import type { RedisLeases } from '@kkt/adapter/src/lease/redis_leases.ts'
import { type HostRedis, type Reach, TestRedis } from '@kkt/adapter/src/testing/test_redis.ts'
import type { SimOfd } from './ofd.ts'
import { Process } from './process.ts'
import { KKT_ID } from './rig.ts'
import type { SimTime } from './time.ts'

const TTL_MS = 8000
const RENEW_EVERY_MS = 1000

export const REACHES: readonly Reach[] = ['gone', 'silent', 'unheard']

/** The Redis among hosts: the one that the nodes run on, and another one with the same KKT. */
export class SimRedis {
  #redis: TestRedis
  #hosts = new Map<string, HostRedis>()
  /** Until when leases may be held that a flushed Redis knows nothing of. */
  #forgottenUntilMs = 0

  constructor(
    private readonly time: SimTime,
    private readonly ofd: SimOfd,
  ) {
    this.#redis = new TestRedis(time.clockOf(new Process('Redis', time)))
  }

  /** @param node each reaches it in its own way */
  #reachOf(node: string): HostRedis {
    const host = this.#hosts.get(node) ?? this.#redis.connect('this host')
    this.#hosts.set(node, host)
    return host
  }

  connect(node: string, process: Process): RedisLeases {
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

  heal(): void {
    for (const host of this.#hosts.values()) host.reach = 'up'
  }

  /** Whether another host may send now, and no other may but for Redis having lost its memory. */
  get isElsewhere(): boolean {
    return this.#redis.held(KKT_ID)?.bufferId === 'another host' && this.time.nowMs >= this.#forgottenUntilMs
  }

  /** Another host takes the lease for so long, if it is free, and sends to the OFD. */
  async visit(ms: number): Promise<boolean> {
    const host = this.#redis.connect('another host')
    const granted = await host.take(KKT_ID, this.time.wallMs(), TTL_MS)
    if (granted.kind !== 'granted') return false
    this.ofd.newestToken = Math.max(this.ofd.newestToken, granted.token)
    const leaves = this.time.nowMs + ms
    const stay = () => {
      if (this.time.nowMs >= leaves) return void host.release(KKT_ID, granted.token)
      void host.renew(KKT_ID, granted.token, TTL_MS)
      this.time.after(RENEW_EVERY_MS, stay)
    }
    stay()
    return true
  }
}
