import { countedFault } from '../counted.ts'

/** So many of the next submissions are taken, and their answers end in the middle. */
export const effectThenCut = countedFault({
  name: 'effect_then_cut',
  stage: 'after_effect',
  inHealth: false,
  verdict: ({ reply }) => ({ kind: 'cut', body: reply }),
})
