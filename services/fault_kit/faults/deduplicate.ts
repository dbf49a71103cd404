import { z } from 'zod'
import { defineFault, PASS } from '../fault.ts'

/** With false, what is submitted again is taken again, as by a service that keeps no keys. */
export const deduplicate = defineFault({
  name: 'deduplicate',
  stage: 'before_effect',
  config: z.boolean('takes true or false'),
  initial: true,
  inHealth: false,
  decide: (isOn, { operation }) => (isOn || operation !== 'submit' ? PASS : { kind: 'take_again' }),
})
