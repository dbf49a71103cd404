import { defineFault } from '@kkt/fault-kit/fault.ts'
import { seconds } from '@kkt/fault-kit/fields.ts'

export const slow = defineFault({
  name: 'slow',
  summary: 'A task takes longer by `seconds`, and everything behind it waits.',
  example: 10,
  stage: 'task',
  operation: 'submit',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('how much longer') },
  begin: (parameters) => () => ({ kind: 'delay', ms: parameters.seconds * 1000 }),
})
