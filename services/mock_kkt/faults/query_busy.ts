import { defineFault } from '@kkt/fault-kit/fault.ts'
import { driverBusy } from '../wire/errors.ts'

export const queryBusy = defineFault({
  name: 'query_busy',
  summary:
    'A query (`/operations/query…`) gets 408: the driver is busy. The real one says so after 30 s, this fault at once.',
  example: 2,
  stage: 'before_effect',
  operation: 'lookup',
  parameters: {},
  begin:
    () =>
    ({ task }) =>
      task?.type.startsWith('query') ? { kind: 'answer', status: 408, body: driverBusy().toBody() } : undefined,
})
