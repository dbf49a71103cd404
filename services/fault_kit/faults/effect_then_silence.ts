import { defineFault } from '../fault.ts'

export const effectThenSilence = defineFault({
  name: 'effect_then_silence',
  summary: 'It is taken, and no answer ever comes.',
  example: 2,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'silence' }),
})
