/** The outcomes that all work at the register has. */
import type { Register } from './register.ts'

/** @param isLasting it will be refused again */
export const refused = (reason: string, isLasting = false) => ({ kind: 'refused' as const, isLasting, reason })

export const unknown = (reason: string) => ({ kind: 'unknown' as const, reason })

export const absent = (fnNumber: string) => ({ kind: 'absent' as const, fnNumber })

/** The outcome of a look-up for work that the register was never asked for: the FN that is there has nothing of it. */
export async function neverAsked(register: Pick<Register, 'here'>) {
  const here = await register.here()
  return here.kind === 'silent' ? unknown(here.reason) : absent(here.fnNumber)
}
