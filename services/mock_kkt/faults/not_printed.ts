import { defineFault } from '@kkt/fault-kit/fault.ts'

export const notPrinted = defineFault({
  name: 'not_printed',
  summary:
    'The document is in the FN and not on paper: the task is `ready` with `notPrinted`, or blocks the queue where `blockQueueOnPrintErrors` is set.',
  example: 1,
  stage: 'task',
  operation: 'submit',
  parameters: {},
  begin: () => () => ({ kind: 'in_task', how: { kind: 'not_printed' } }),
})
