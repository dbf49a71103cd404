import type { Register } from '../register.ts'
import { deedFault } from './deed.ts'

export const fnSwapped = (register: Pick<Register, 'replaceFn'>) =>
  deedFault({
    name: 'fn_swapped',
    summary:
      'Another FN is in the register at once: its number is new, its documents begin at FD 1, those of the old one are gone, and so are its faults.',
    deed: () => register.replaceFn(),
  })
