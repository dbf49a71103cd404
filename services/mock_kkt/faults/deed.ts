import { defineFault, type Fault } from '@kkt/fault-kit/fault.ts'
import { seconds } from '@kkt/fault-kit/fields.ts'

/** Long enough to be seen in the configuration. */
const SHOWN_SECONDS = 1

/** A fault that is over as soon as it is put on. @param deed does it */
export const deedFault = ({ name, summary, deed }: { name: string; summary: string; deed: () => void }): Fault =>
  defineFault({
    name,
    summary,
    example: true,
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'seconds',
    parameters: { seconds: seconds('how long the configuration shows it').default(SHOWN_SECONDS) },
    lastsMs: (parameters) => parameters.seconds * 1000,
    begin: (_parameters, { struck }) => {
      deed()
      struck()
      return () => undefined
    },
  })
