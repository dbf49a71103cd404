import { countedFault } from '../counted.ts'

/** So many of the next submissions are taken and never answered. */
export const effectThenSilence = countedFault({
  name: 'effect_then_silence',
  stage: 'after_effect',
  inHealth: false,
  verdict: () => ({ kind: 'silence' }),
})
