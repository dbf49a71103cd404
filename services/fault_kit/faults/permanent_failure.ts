import { defineFault } from '../fault.ts'
import { unavailable } from '../replies.ts'

export const permanentFailure = defineFault({
  name: 'permanent_failure',
  summary: 'The service is down: 503 to everything, look-ups too, until this is set back.',
  example: true,
  stage: 'arrival',
  operation: 'any',
  takes: 'switch',
  alwaysShown: true,
  parameters: {},
  begin: () => unavailable,
})
