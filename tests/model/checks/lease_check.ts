import type { SimNode } from '../world/node.ts'
import type { SimRedis } from '../world/redis.ts'
import type { Findings } from './findings.ts'

/** The audit log's words. */
const GIVEN = 'given to a host that waits'
const GRANTED = /^among hosts, token (\d+)$/

/** States in which a sender may send without Redis' consent. */
const WITHOUT_REDIS = ['unreachable', 'off', 'refused']

/** The parts of a node that the check looks at. */
type Watched = Pick<SimNode, 'name' | 'self' | 'lease' | 'served' | 'fencingToken'>

/** Invariant 6: one sender at a time. */
export class LeaseCheck {
  /** The token of each process that could send while Redis did not refuse. */
  #tokens = new Map<string, number>()

  constructor(private readonly deps: { findings: Findings }) {}

  /** Checks the leases at a moment at which every process waits for time to pass. */
  atRest(nodes: readonly Watched[]): void {
    for (const node of nodes) this.#noteToken(node)
    const [first, second] = nodes
    if (!first?.fencingToken || !second?.fencingToken) return
    this.deps.findings.violated('invariant 6', `${first.name} and ${second.name} hold the lease at once`)
  }

  /** A Redis that refuses leaves the right to send where it is, and grants it to nobody. */
  #noteToken({ name, self, lease }: Watched): void {
    const token = lease?.fencingToken ?? null
    if (token === null) return
    if (lease?.hosts !== 'refused') this.#tokens.set(self, token)
    else if (this.#tokens.get(self) !== token) {
      this.deps.findings.violated('invariant 6', `${name} has got the right to send from a Redis that refuses`)
    }
  }

  /** A node reports on the lease among hosts. One that gives the lease to a waiting host is not sending. */
  says(node: Watched, detail: unknown): void {
    const { name, self, served } = node
    // A host that goes on without Redis may be refused by it at the same moment.
    if (node.lease?.hosts === 'unreachable') this.#noteToken(node)
    const granted = typeof detail === 'string' ? GRANTED.exec(detail)?.[1] : undefined
    // A node that was paused may be refused just when it hears of the grant.
    if (granted !== undefined) this.#tokens.set(self, Number(granted))
    if (detail !== GIVEN || served?.delivery.isSending() !== true) return
    this.deps.findings.violated('invariant 6', `${name} gives the lease to another host while it is sending`)
  }

  /** A node that reaches Redis sends nothing while another host holds the lease there. */
  sends({ name, served }: SimNode, redis: SimRedis): void {
    const hosts = served?.leaseState().hosts
    if (!redis.isElsewhere || hosts === undefined || WITHOUT_REDIS.includes(hosts)) return
    this.deps.findings.violated('invariant 6', `${name} sends while another host holds the lease`)
  }
}
