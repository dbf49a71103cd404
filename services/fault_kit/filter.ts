/** A filter of calls. */
import { z } from 'zod'
import { type Call, shownCall } from './calls.ts'

const MAX_FILTER_LENGTH = 128
const text = (description: string) => z.string().min(1).max(MAX_FILTER_LENGTH).optional().meta({ description })

export const filterFields = {
  receipt_id: text('Only calls about this receipt'),
  pos_id: text('Only calls about receipts of this till'),
  kkt_id: text('Only calls of this KKT'),
  operation: z
    .enum(['submit', 'lookup'], 'takes submit or lookup')
    .optional()
    .meta({ description: 'Only calls of this kind' }),
  fault: text('Only calls that this fault struck last'),
}
const filterSchema = z.object(filterFields)
export type Filter = z.output<typeof filterSchema>

export const isFilterEmpty = (filter: Filter) => Object.values(filter).every((wanted) => wanted === undefined)

export const fits = (call: Call, filter: Filter) => misfits(call, filter).length === 0

/** The fields in which a call differs from the filter, in words. */
export function misfits(call: Call, filter: Filter): string[] {
  const shown: Record<string, unknown> = shownCall(call)
  return Object.entries(filter).flatMap(([field, wanted]) =>
    wanted === undefined || shown[field] === wanted ? [] : [`its ${field} is ${shown[field]}`],
  )
}
