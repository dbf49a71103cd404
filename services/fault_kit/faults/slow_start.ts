import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const slowStart = defineFault({
  name: 'slow_start',
  summary: 'Answers are late by `slowest` at first, then by less and less, and after `seconds` not at all.',
  example: { seconds: 30, slowest: 3 },
  stage: 'after_effect',
  operation: 'any',
  bareNumber: 'seconds',
  parameters: {
    seconds: seconds('the time until answers are no longer late', { min: 0.001 }),
    slowest: seconds('the delay at the beginning').default(2),
  },
  lastsMs: ({ seconds }) => seconds * 1000,
  begin: ({ seconds, slowest }, { clock }) => {
    const startedMs = clock.monotonicMs()
    return () => {
      const part = 1 - (clock.monotonicMs() - startedMs) / (seconds * 1000)
      return { kind: 'delay', ms: slowest * 1000 * Math.max(0, part) }
    }
  },
})
