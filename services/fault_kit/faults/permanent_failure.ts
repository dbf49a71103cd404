import { defineFault } from '../fault.ts'
import { unavailable } from '../replies.ts'

export const permanentFailure = defineFault({
  name: 'permanent_failure',
  summary: 'The service is down: every call, look-ups included, gets 503 until this is false again.',
  example: true,
  stage: 'arrival',
  operation: 'any',
  takes: 'switch',
  alwaysShown: true,
  parameters: {},
  begin: () => unavailable,
})
