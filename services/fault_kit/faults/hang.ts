import { defineFault } from '../fault.ts'

export const hang = defineFault({
  name: 'hang',
  summary: 'No answer is ever sent, and nothing is taken.',
  example: 2,
  stage: 'arrival',
  operation: 'any',
  parameters: {},
  begin: () => () => ({ kind: 'silence' }),
})
