import type { RegisterDocument } from '../register_document.ts'
import { type Fields, fieldsIn, listIn, textIn } from './reading.ts'

/** A receipt's limits. More entries than these are not judged, because the form check tells of them. */
export const MAX_ITEMS = 100
export const MAX_PAYMENTS = 10

/** The operations by their numbers in the format, tag 1054. */
export const OPERATIONS = { sale: 1, refund: 2, buy: 3, buy_refund: 4 } as const

/** The document that is judged. Any part may be of a wrong form. */
export type Judged = {
  content: Fields
  /** Null for a receipt that did not come from a cash register itself. */
  register: RegisterDocument | null
  /** Empty where the body has no fiscal document. */
  fiscalDoc: Fields
  type: string | null
  items: readonly Fields[]
  payments: readonly Fields[]
  /** Whether it says that it is of FFD 1.2. A document that does not say so lacks what that version wants. */
  isFfd12: boolean
}

const NO_FIELDS: Fields = {}

export function judgedOf(content: Fields, register: RegisterDocument | null): Judged {
  const fiscalDoc = fieldsIn(content, 'fiscal_doc') ?? NO_FIELDS
  return {
    content,
    register,
    fiscalDoc,
    type: textIn(content, 'type'),
    items: listIn(content, 'items', MAX_ITEMS),
    payments: listIn(content, 'payments', MAX_PAYMENTS),
    isFfd12: fiscalDoc['ffd_version'] === '1.2',
  }
}
