import { namesOf } from './names.ts'

/** The operations, tag 1054. A receipt with `correction` is a correction of that operation. */
export const OPERATION_TAGS = { sale: 1, refund: 2, buy: 3, buy_refund: 4 } as const

export type Operation = keyof typeof OPERATION_TAGS

export const OPERATIONS = namesOf(OPERATION_TAGS)
