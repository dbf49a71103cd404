import { z } from 'zod'
import { defineFault, PASS, unavailable } from '../fault.ts'

/** The service is down, look-ups too, until this is set back. */
export const permanentFailure = defineFault({
  name: 'permanent_failure',
  stage: 'arrival',
  config: z.boolean('takes true or false'),
  initial: false,
  inHealth: true,
  decide: (down, call) => (down ? unavailable(call) : PASS),
})
