import { defineFault } from '../fault.ts'

export const secondAnswer = defineFault({
  name: 'second_answer',
  summary:
    "The call is answered, and its answer is sent again on the same connection, ahead of the next call's own answer.",
  example: 1,
  stage: 'after_effect',
  operation: 'submit',
  needsPort: true,
  parameters: {},
  begin: () => () => ({ kind: 'answer_again' }),
})
