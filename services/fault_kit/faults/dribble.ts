import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const dribble = defineFault({
  name: 'dribble',
  summary: 'The document is taken, and the body of the answer is sent byte by byte.',
  example: { seconds: 10 },
  stage: 'after_effect',
  operation: 'any',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('until the last byte') },
  begin: (parameters) => () => ({ kind: 'dribble', ms: parameters.seconds * 1000 }),
})
