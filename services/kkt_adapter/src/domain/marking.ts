import type { Measure } from './item.ts'
import { namesOf } from './names.ts'
import type { Operation } from './operation.ts'

/** The planned status of a marked good, tag 2003. */
export const MARKING_STATUS_TAGS = {
  piece_sold: 1,
  measured_for_sale: 2,
  piece_returned: 3,
  measured_returned: 4,
  piece_for_sale: 5,
  measured_sold: 6,
  unchanged: 255,
} as const

export type MarkingStatus = keyof typeof MARKING_STATUS_TAGS

export const MARKING_STATUSES = namesOf(MARKING_STATUS_TAGS)

/** An item's marking code (tag 2000) in base64, because it holds GS characters. `fraction` (1291) is like `1/2`. */
export type Marking =
  | { markingCode: string; markingStatus?: MarkingStatus; fraction?: string }
  | { markingCode?: never; markingStatus?: never; fraction?: never }

/**
 * The planned status of an item with a marking code: the till's word, or what the operation makes of it. A part of a
 * package counts as measured.
 */
export function plannedStatus(item: Marking & { measure?: Measure }, operation: Operation): MarkingStatus {
  if (item.markingStatus !== undefined) return item.markingStatus
  const isMeasured = item.fraction !== undefined || (item.measure ?? 'piece') !== 'piece'
  if (operation === 'refund') return isMeasured ? 'measured_returned' : 'piece_returned'
  return isMeasured ? 'measured_for_sale' : 'piece_sold'
}
