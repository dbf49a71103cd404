import { z } from 'zod'
import { defineFault, PASS, unavailable } from '../fault.ts'

/** Far above any test's need: an outage without end is `permanent_failure`. */
const MAX_FAILURES = 1_000_000
const takes = `takes a whole number from 0 to ${MAX_FAILURES}`

/** So many of the next submissions fail. What is shown is how many are left. */
export const failureCount = defineFault({
  name: 'failure_count',
  stage: 'arrival',
  config: z.int(takes).min(0, takes).max(MAX_FAILURES, takes),
  initial: 0,
  inHealth: true,
  decide: (left, call) => (left > 0 && call.operation === 'submit' ? unavailable(call) : PASS),
  spent: (left) => left - 1,
})
