import { defineFault } from '../fault.ts'
import { unavailable } from '../replies.ts'

export const failureCount = defineFault({
  name: 'failure_count',
  summary: 'The next submissions, as many as this number, get 503.',
  example: 5,
  stage: 'arrival',
  operation: 'submit',
  takes: 'count',
  alwaysShown: true,
  parameters: {},
  begin: () => unavailable,
})
