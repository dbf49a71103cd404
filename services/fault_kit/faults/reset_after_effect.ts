import { defineFault } from '../fault.ts'

export const resetAfterEffect = defineFault({
  name: 'reset_after_effect',
  summary: 'The document is taken, and the connection is reset (RST) without an answer.',
  example: 3,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'reset' }),
})
