import { defineFault } from '@kkt/fault-kit/fault.ts'
import { flag, seconds, wholeNumber } from '@kkt/fault-kit/fields.ts'

export const blocked = defineFault({
  name: 'blocked',
  summary:
    'The connection to the register breaks while a document is closed: the task is `blocked` and the queue stands still for `seconds`. Then it is `ready` and recovered if the document was `made`, and error 123 if not.',
  example: { made: true, seconds: 5, times: 1 },
  stage: 'task',
  operation: 'submit',
  parameters: {
    made: flag('whether the FN holds the document').default(true),
    seconds: seconds('how long the register does not answer').default(5),
    code: wholeNumber("the driver's number of the error", { min: 1, max: 1000 }).default(2),
  },
  begin: (parameters) => () => ({
    kind: 'in_task',
    how: { kind: 'blocked', code: parameters.code, isMade: parameters.made, ms: parameters.seconds * 1000 },
  }),
})
