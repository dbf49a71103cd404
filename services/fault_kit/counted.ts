import { z } from 'zod'
import { type Call, defineFault, type Fault, PASS, type Verdict } from './fault.ts'

/** Far above any test's need: an outage without end is `permanent_failure`. */
const MAX_COUNT = 1_000_000
const takes = `takes a whole number from 0 to ${MAX_COUNT}`

/** A fault that meets so many of the next submissions. What is shown is how many are left. */
export const countedFault = ({
  verdict,
  ...fault
}: Pick<Fault, 'name' | 'stage' | 'inHealth'> & { verdict: (call: Call) => Verdict }): Fault =>
  defineFault({
    ...fault,
    config: z.int(takes).min(0, takes).max(MAX_COUNT, takes),
    initial: 0,
    decide: (left, call) => (left > 0 && call.operation === 'submit' ? verdict(call) : PASS),
    spent: (left) => left - 1,
  })
