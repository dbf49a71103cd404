import { defineFault } from '../fault.ts'

export const effectThenError = defineFault({
  name: 'effect_then_error',
  summary: 'The document is taken and answered with 500.',
  example: 2,
  stage: 'after_effect',
  operation: 'submit',
  parameters: {},
  begin:
    () =>
    ({ service }) => ({ kind: 'answer', status: 500, body: { error: `${service} failed after taking it` } }),
})
