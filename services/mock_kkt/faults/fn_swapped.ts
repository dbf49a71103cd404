import { defineFault } from '@kkt/fault-kit/fault.ts'
import { seconds } from '@kkt/fault-kit/fields.ts'
import type { Register } from '../register.ts'

/** Long enough to be seen in the configuration. */
const SHOWN_SECONDS = 1

export const fnSwapped = (register: Pick<Register, 'replaceFn'>) =>
  defineFault({
    name: 'fn_swapped',
    summary:
      'Another FN is in the register at once: its number is new, its documents begin at FD 1, those of the old one are gone, and so are its faults.',
    example: true,
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'seconds',
    parameters: { seconds: seconds('how long the configuration shows it').default(SHOWN_SECONDS) },
    lastsMs: (parameters) => parameters.seconds * 1000,
    begin: (_parameters, { struck }) => {
      register.replaceFn()
      struck()
      return () => undefined
    },
  })
