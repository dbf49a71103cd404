import { defineFault } from '../fault.ts'
import { seconds } from '../fields.ts'

/** Ten years, in seconds. */
const MAX_SKEW = 315_360_000

export const clockSkew = defineFault({
  name: 'clock_skew',
  summary: "The service's clock is wrong: `timestamp` in its answers is later by `seconds`, or earlier if negative.",
  example: -3600,
  stage: 'after_effect',
  operation: 'any',
  bareNumber: 'seconds',
  parameters: { seconds: seconds('how much later', { min: -MAX_SKEW, max: MAX_SKEW }) },
  begin:
    ({ seconds }) =>
    ({ reply: { body } }) =>
      typeof body['timestamp'] === 'number'
        ? { kind: 'amend', body: { timestamp: Math.floor(body['timestamp'] + seconds) } }
        : undefined,
})
