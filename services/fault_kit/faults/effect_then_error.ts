import { countedFault } from '../counted.ts'

/** So many of the next submissions are taken, and answered as if the service had broken down. */
export const effectThenError = countedFault({
  name: 'effect_then_error',
  stage: 'after_effect',
  inHealth: false,
  verdict: ({ service }) => ({ kind: 'answer', status: 500, body: { error: `${service} failed after taking it` } }),
})
