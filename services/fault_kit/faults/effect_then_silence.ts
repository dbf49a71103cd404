import { defineFault } from '../fault.ts'

export const effectThenSilence = defineFault({
  name: 'effect_then_silence',
  summary: 'The document is taken, and no answer is ever sent.',
  example: 2,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'silence' }),
})
