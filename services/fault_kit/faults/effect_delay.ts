import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const effectDelay = defineFault({
  name: 'effect_delay',
  summary: 'The document is taken after this delay, even when its client has left.',
  example: 3,
  stage: 'before_effect',
  operation: 'submit',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('the delay', { max: 60 }) },
  begin: (parameters) => () => ({ kind: 'delay', ms: parameters.seconds * 1000 }),
})
