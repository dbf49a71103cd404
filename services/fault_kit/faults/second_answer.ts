import { defineFault } from '../fault.ts'

export const secondAnswer = defineFault({
  name: 'second_answer',
  summary:
    "It is answered, and the same answer comes a second time when the next call is sent on its connection, ahead of that call's own answer.",
  example: 1,
  stage: 'after_effect',
  operation: 'submit',
  needsPort: true,
  parameters: {},
  begin: () => () => ({ kind: 'answer_again' }),
})
