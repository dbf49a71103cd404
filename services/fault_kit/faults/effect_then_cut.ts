import { defineFault } from '../fault.ts'

export const effectThenCut = defineFault({
  name: 'effect_then_cut',
  summary: 'The document is taken, and the connection is reset in the middle of the answer.',
  example: 2,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'cut', by: 'reset' }),
})
