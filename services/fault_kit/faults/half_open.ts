import { defineFault } from '../fault.ts'

export const halfOpen = defineFault({
  name: 'half_open',
  summary: 'The call is answered, and every later request on its connection is ignored until a reset.',
  example: 1,
  stage: 'after_effect',
  operation: 'any',
  needsPort: true,
  parameters: {},
  begin: () => () => ({ kind: 'go_deaf' }),
})
