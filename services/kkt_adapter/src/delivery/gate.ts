import type { Lease } from '../lease/lease.ts'
import type { Breaker } from './breaker.ts'
import type { LeftBehind } from './left_behind.ts'

/** What may be sent now: `one` is the probe that decides whether an open breaker closes. */
type Opening = 'shut' | 'one' | 'all'

const OPENING = { closed_off: 'shut', probe: 'one', free: 'all' } as const

/** Whether a receipt may go to the OFD now, by all that may forbid it but its own till's backoff. */
export class Gate {
  constructor(
    private readonly deps: { breaker: Breaker; lease: Lease; leftBehind: LeftBehind; stopping: AbortSignal },
  ) {}

  /** For what is under way already: each receipt asks for the right to send by itself. */
  get opening(): Opening {
    const { breaker, leftBehind, stopping } = this.deps
    return stopping.aborted || leftBehind.mayBeThere ? 'shut' : OPENING[breaker.admission().kind]
  }

  /** For what is to be begun: only the sender may. */
  get openingForSender(): Opening {
    return this.isSender ? this.opening : 'shut'
  }

  get isSender(): boolean {
    return this.deps.lease.token() !== null
  }
}
