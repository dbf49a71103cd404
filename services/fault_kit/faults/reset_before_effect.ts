import { defineFault } from '../fault.ts'

export const resetBeforeEffect = defineFault({
  name: 'reset_before_effect',
  summary: 'The connection is reset (RST) before anything is taken.',
  example: 3,
  stage: 'before_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'reset' }),
})
