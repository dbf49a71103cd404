import { z } from 'zod'
import { defineFault, PASS } from '../fault.ts'

/** Longer than any client waits: what is cut off takes effect all the same. */
const MAX_SECONDS = 60
const takes = `takes seconds from 0 to ${MAX_SECONDS}`

/** Submissions take effect so many seconds after they came, also those whose client has gone away meanwhile. 0 is off. */
export const effectDelay = defineFault({
  name: 'effect_delay',
  stage: 'before_effect',
  config: z.number(takes).min(0, takes).max(MAX_SECONDS, takes),
  initial: 0,
  inHealth: false,
  decide: (seconds, { operation }) =>
    seconds > 0 && operation === 'submit' ? { kind: 'delay', ms: seconds * 1000 } : PASS,
})
