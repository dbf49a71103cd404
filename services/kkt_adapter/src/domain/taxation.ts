import { namesOf } from './names.ts'

/** Taxation systems, tag 1055: one bit each. A receipt has one of those with which its KKT is registered (1062). */
export const TAXATION_BITS = { osn: 1, usn_income: 2, usn_income_outcome: 4, esn: 16, patent: 32 } as const

export type TaxationSystem = keyof typeof TAXATION_BITS

export const TAXATION_SYSTEMS = namesOf(TAXATION_BITS)

type Systemic = { taxationSystem?: TaxationSystem }

/** Without a taxation system in the receipt the KKT's own default held, and it may be another one by now. */
export const signedSystem = (
  content: Systemic,
  doc: { details?: { taxationSystem: TaxationSystem } } | null,
): TaxationSystem | undefined => content.taxationSystem ?? doc?.details?.taxationSystem
