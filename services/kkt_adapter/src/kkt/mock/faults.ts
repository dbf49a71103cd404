import { noOtherField } from '@kkt/platform/wording.ts'
import { z } from 'zod'

/** Far more than any test needs. */
const MAX_COUNT = 1000
/** Longer than any till waits for its answer. */
const MAX_SLOW_PRINT_SECONDS = 60
/** An hour, as of a clock in a wrong time zone. */
const MAX_CLOCK_BEHIND_SECONDS = 60 * 60

const takesCount = `takes a whole number from 0 to ${MAX_COUNT}`
const count = z.int(takesCount).min(0, takesCount).max(MAX_COUNT, takesCount)
function seconds(max: number) {
  const takes = `takes a number from 0 to ${max}`
  return z.number(takes).min(0, takes).max(max, takes)
}
const flag = z.boolean('takes true or false')

/** The faults of a real KKT. A count applies to that many next times, and the shown count is how many are left. */
export const kktFaults = z.object({
  reply_lost: count.meta({ description: 'The KKT makes and prints a document, and the reply is lost' }),
  connection_lost: count.meta({ description: 'The connection breaks before the KKT makes a document' }),
  lookup_lost: count.meta({ description: 'The reply to a look-up is lost' }),
  busy: count.meta({
    description: 'The KKT is busy with other work. Each request for a document or for its state counts this down',
  }),
  gone: flag.meta({ description: 'The KKT does not answer at all' }),
  paper_out: flag.meta({ description: 'Documents are made, but not printed' }),
  shift_expired: flag.meta({ description: 'The shift counts as open for too long, until it is renewed' }),
  fn_full: flag.meta({ description: 'The FN takes no more documents' }),
  slow_print_seconds: seconds(MAX_SLOW_PRINT_SECONDS).meta({
    description: 'Added to the printing time of each document, in seconds',
  }),
  clock_behind_seconds: seconds(MAX_CLOCK_BEHIND_SECONDS).meta({
    description:
      "The KKT's clock is set back by so many seconds. The FN signs nothing until that clock has reached its last document",
  }),
})
export type KktFaults = z.infer<typeof kktFaults>

export const NO_FAULTS: Readonly<KktFaults> = {
  reply_lost: 0,
  connection_lost: 0,
  lookup_lost: 0,
  busy: 0,
  gone: false,
  paper_out: false,
  shift_expired: false,
  fn_full: false,
  slow_print_seconds: 0,
  clock_behind_seconds: 0,
}

/** A change: any of the fields and no other. */
export const kktFaultsChange = kktFaults.partial().catchall(noOtherField(Object.keys(NO_FAULTS)))
export type KktFaultsChange = z.infer<typeof kktFaultsChange>
