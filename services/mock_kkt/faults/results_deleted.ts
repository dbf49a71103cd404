import { defineFault } from '@kkt/fault-kit/fault.ts'
import { seconds } from '@kkt/fault-kit/fields.ts'

/** Long enough to be seen in the configuration. */
const SHOWN_SECONDS = 1

/** @param remove deletes the results of all requests that have ended */
export const resultsDeleted = (remove: () => void) =>
  defineFault({
    name: 'results_deleted',
    summary:
      'The results of all requests that have ended are deleted at once: a look-up gets 404, and the same uuid would be done again.',
    example: true,
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'seconds',
    parameters: { seconds: seconds('how long the configuration shows it').default(SHOWN_SECONDS) },
    lastsMs: (parameters) => parameters.seconds * 1000,
    begin: (_parameters, { struck }) => {
      remove()
      struck()
      return () => undefined
    },
  })
