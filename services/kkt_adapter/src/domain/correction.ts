import { namesOf } from './names.ts'

/**
 * Why a settlement is corrected, tags 1173 and 1174. `date` (1178, `yyyy-mm-dd`) is that of the settlement; `number`
 * (1179) is that of the tax office's order.
 */
export type Correction =
  | { type: 'self'; date: string; number?: string }
  | { type: 'instruction'; date: string; number: string }

/** The kinds of correction, tag 1173. */
export const CORRECTION_TAGS = { self: 0, instruction: 1 } as const satisfies Record<Correction['type'], number>

export const CORRECTION_TYPES = namesOf(CORRECTION_TAGS)

/** The numbers of a document. */
export type DocumentNumbers = { receiptId?: never; fnNumber: string; fdNumber: number; fiscalSign: string }

/** The receipt that a refund or a correction answers to: one of this adapter, or any document by its numbers. */
export type Original = { receiptId: string; fnNumber?: never; fdNumber?: never; fiscalSign?: never } | DocumentNumbers
