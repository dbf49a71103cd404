import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const effectDelay = defineFault({
  name: 'effect_delay',
  summary: 'It is taken only so long after it came, also when its client has gone away meanwhile.',
  example: 3,
  stage: 'before_effect',
  operation: 'submit',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('how long', { max: 60 }) },
  begin: (parameters) => () => ({ kind: 'delay', ms: parameters.seconds * 1000 }),
})
