import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const dribble = defineFault({
  name: 'dribble',
  summary: 'It is taken, and the body of the answer comes byte by byte.',
  example: { seconds: 10 },
  stage: 'after_effect',
  operation: 'any',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('until the last byte') },
  begin: (parameters) => () => ({ kind: 'dribble', ms: parameters.seconds * 1000 }),
})
