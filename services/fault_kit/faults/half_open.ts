import { defineFault } from '../fault.ts'

export const halfOpen = defineFault({
  name: 'half_open',
  summary: 'It is answered, and whatever comes on the same connection after it is swallowed, until a reset.',
  example: 1,
  stage: 'after_effect',
  operation: 'any',
  needsPort: true,
  parameters: {},
  begin: () => () => ({ kind: 'go_deaf' }),
})
