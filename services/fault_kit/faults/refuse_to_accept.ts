import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

export const refuseToAccept = defineFault({
  name: 'refuse_to_accept',
  summary:
    'The port closes at once, the control side included: new connections get ECONNREFUSED and open ones are cut off. It opens again by itself.',
  example: { seconds: 5 },
  stage: 'arrival',
  operation: 'any',
  takes: 'parameters',
  bareNumber: 'seconds',
  needsPort: true,
  parameters: { seconds: seconds('how long the port is closed', { min: 0.1, max: 600 }) },
  lastsMs: (parameters) => parameters.seconds * 1000,
  begin: (parameters, { leavePort, struck }) => {
    leavePort(parameters.seconds * 1000)
    struck()
    return () => undefined
  },
})
