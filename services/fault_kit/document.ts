import { z } from 'zod'
import type { Fault, SwitchValue } from './fault.ts'
import { planFields } from './plan.ts'

/** The value that ends a fault. */
export const endOf = ({ takes, switchedOffBy }: Fault): SwitchValue | 0 => (takes === 'switch' ? switchedOffBy : 0)

export const documented = (fault: Fault) => ({
  name: fault.name,
  summary: fault.summary,
  operation: fault.operation,
  parameters: z.toJSONSchema(planFields(fault), { io: 'input' }),
  bare_number: fault.takes === 'switch' ? null : fault.bareNumber,
  example: { [fault.name]: fault.example },
  off: endOf(fault),
})
