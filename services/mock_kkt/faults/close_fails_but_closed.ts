import { defineFault } from '@kkt/fault-kit/fault.ts'

export const closeFailsButClosed = defineFault({
  name: 'close_fails_but_closed',
  summary:
    'Closing the document fails, and it is closed all the same, but not on paper: the task is `ready` with `notPrinted`.',
  example: 1,
  stage: 'task',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'in_task', how: { kind: 'close_fails_but_closed' } }),
})
