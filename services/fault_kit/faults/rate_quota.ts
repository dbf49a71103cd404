import { defineFault } from '../fault.ts'
import { perSecond } from '../fields.ts'
import { tooManyRequests, withRetryAfter } from '../replies.ts'

const WINDOW_MS = 1000

export const rateQuota = defineFault({
  name: 'rate_quota',
  summary:
    'At most as many calls a second as this number pass, evenly spread or in a burst; all others get 429 with `Retry-After`.',
  example: { per_second: 2 },
  stage: 'arrival',
  operation: 'any',
  bareNumber: 'per_second',
  parameters: { per_second: perSecond('calls that are let through') },
  begin: ({ per_second }, { clock }) => {
    // A token bucket. It starts full and holds one second's worth, at least one call.
    const size = Math.max(per_second, 1)
    let tokens = size
    let filledMs = clock.monotonicMs()
    return () => {
      const nowMs = clock.monotonicMs()
      tokens = Math.min(size, tokens + ((nowMs - filledMs) * per_second) / WINDOW_MS)
      filledMs = nowMs
      if (tokens < 1) return withRetryAfter(tooManyRequests, Math.ceil((1 - tokens) / per_second))
      tokens -= 1
      return undefined
    }
  },
})
