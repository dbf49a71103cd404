import { defineFault } from '@kkt/fault-kit/fault.ts'
import { seconds } from '@kkt/fault-kit/fields.ts'
import type { Conditions } from './conditions.ts'

/** A week, as of a clock whose battery was changed. */
const MAX_SECONDS = 7 * 24 * 60 * 60

export const clockOff = (conditions: Conditions) =>
  defineFault({
    name: 'clock_off',
    summary:
      "The register's clock is ahead by `seconds`, or behind if negative. While it is behind the FN's last document, documents end with error 36.",
    example: -3600,
    stage: 'arrival',
    operation: 'any',
    takes: 'parameters',
    bareNumber: 'seconds',
    parameters: { seconds: seconds('how far ahead', { min: -MAX_SECONDS, max: MAX_SECONDS }) },
    begin: (parameters, { whenOver, struck }) => {
      const ahead = parameters.seconds
      const condition = { clock_ahead_seconds: Math.max(0, ahead), clock_behind_seconds: Math.max(0, -ahead) }
      whenOver(conditions.hold(condition))
      struck()
      return () => undefined
    },
  })
