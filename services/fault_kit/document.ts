import { z } from 'zod'
import type { Fault } from './fault.ts'
import { planFields } from './plan.ts'

export const documented = (fault: Fault) => ({
  name: fault.name,
  summary: fault.summary,
  operation: fault.operation,
  parameters: z.toJSONSchema(planFields(fault), { io: 'input' }),
  bare_number: fault.takes === 'switch' ? null : fault.bareNumber,
  example: { [fault.name]: fault.example },
})
