import { defineFault } from '../fault.ts'
import { seconds, spread } from '../fields.ts'

/** Cuts off the log-normal draw's long tail, which would slow down a test. */
const LONGEST_MS = 60_000

export const delay = defineFault({
  name: 'delay',
  summary:
    'The document is taken at once and answered late: by `seconds` ± `jitter`, or log-normally by `median` and `sigma`.',
  example: { median: 0.2, sigma: 0.5 },
  stage: 'after_effect',
  operation: 'any',
  bareNumber: 'seconds',
  parameters: {
    seconds: seconds('the delay').optional(),
    jitter: seconds('how much longer or shorter at most, each as likely').optional(),
    median: seconds('what half of the delays stay below').optional(),
    sigma: spread('how far they spread: the standard deviation of the logarithm').optional(),
  },
  check: ({ seconds, jitter, median, sigma }) => {
    if ((seconds === undefined) === (median === undefined)) return 'takes either seconds or median'
    if (jitter !== undefined && seconds === undefined) return 'takes jitter with seconds'
    return sigma !== undefined && median === undefined ? 'takes sigma with median' : undefined
  },
  begin:
    ({ seconds, jitter = 0, median = 0, sigma = 0.5 }, { random }) =>
    () => {
      const drawn =
        seconds === undefined ? median * Math.exp(sigma * normal(random)) : seconds + jitter * (2 * random() - 1)
      return {
        kind: 'delay',
        ms: Math.max(0, seconds === undefined ? Math.min(drawn * 1000, LONGEST_MS) : drawn * 1000),
      }
    },
})

/** A normal draw with mean 0 and deviation 1 (Box and Muller). */
const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
