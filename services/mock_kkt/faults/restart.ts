import { defineFault } from '@kkt/fault-kit/fault.ts'
import { flag, seconds } from '@kkt/fault-kit/fields.ts'
import { z } from 'zod'

export type Restart = { isLost: boolean; isMade: boolean; ms: number }

/** @param die stops the queue, and has it go on after a while */
export const restart = (die: (how: Restart) => void) =>
  defineFault({
    name: 'restart',
    summary:
      'The service dies at once and is back after `seconds`, its port closed meanwhile. It goes on with its queue, or has lost all requests. The task that was under way is looked up in the FN.',
    example: { queue: 'kept', seconds: 1 },
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'seconds',
    parameters: {
      seconds: seconds('how long it is away', { min: 0.1, max: 600 }).default(1),
      queue: z
        .enum(['kept', 'lost'], 'takes kept or lost')
        .default('kept')
        .meta({ description: 'whether the requests survive, those that have ended included' }),
      made: flag('whether the register still does the task that is under way').default(true),
    },
    lastsMs: (parameters) => parameters.seconds * 1000,
    begin: ({ seconds, queue, made }, { leavePort, struck }) => {
      const ms = seconds * 1000
      leavePort(ms)
      die({ isLost: queue === 'lost', isMade: made, ms })
      struck()
      return () => undefined
    },
  })
