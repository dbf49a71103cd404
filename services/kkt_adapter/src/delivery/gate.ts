import type { Lease } from '../lease/lease.ts'
import type { Breaker } from './breaker.ts'
import type { LeftBehind } from './left_behind.ts'

/** The sending allowed now. `one`: the probe that decides whether an open breaker closes. */
type Opening = 'shut' | 'one' | 'all'

const OPENING = { closed_off: 'shut', probe: 'one', free: 'all' } as const

/** Decides whether receipts may go to the OFD now. It knows every reason but the backoff of single tills. */
export class Gate {
  constructor(
    private readonly deps: { breaker: Breaker; lease: Lease; leftBehind: LeftBehind; stopping: AbortSignal },
  ) {}

  /** For receipts that are already marked: each checks the lease by itself. */
  get opening(): Opening {
    const { breaker, leftBehind, stopping } = this.deps
    return stopping.aborted || leftBehind.mayBeThere ? 'shut' : OPENING[breaker.admission().kind]
  }

  /** For new work: only the holder of the sender lease may begin it. */
  get openingForSender(): Opening {
    return this.isSender ? this.opening : 'shut'
  }

  get isSender(): boolean {
    return this.deps.lease.token() !== null
  }
}
