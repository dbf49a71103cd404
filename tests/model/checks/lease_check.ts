import type { Node } from '../world/node.ts'
import type { SimRedis } from '../world/redis.ts'
import type { Findings } from './findings.ts'

/** Invariant 6: one sender. */
export class LeaseCheck {
  constructor(private readonly deps: { findings: Findings }) {}

  /** At a moment at which everybody waits for something. */
  atRest(nodes: readonly Node[]): void {
    const [first, second] = nodes
    if (!first?.fencingToken || !second?.fencingToken) return
    this.deps.findings.violated('invariant 6', `${first.name} and ${second.name} hold the lease at once`)
  }

  /** One that reaches Redis sends nothing while another host holds the lease there. */
  sends({ name, served }: Node, redis: SimRedis): void {
    const hosts = served?.leaseState().hosts
    if (!redis.isElsewhere || hosts === 'unreachable' || hosts === 'off') return
    this.deps.findings.violated('invariant 6', `${name} sends while another host holds the lease`)
  }
}
