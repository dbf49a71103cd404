import { noOtherField } from '@kkt/platform/wording.ts'
import { z } from 'zod'

/** Far more than any test needs. */
const MAX_COUNT = 1000
/** Longer than any till waits for its answer. */
const MAX_SLOW_PRINT_SECONDS = 60

const takesCount = `takes a whole number from 0 to ${MAX_COUNT}`
const count = z.int(takesCount).min(0, takesCount).max(MAX_COUNT, takesCount)
const takesSeconds = `takes a number from 0 to ${MAX_SLOW_PRINT_SECONDS}`
const seconds = z.number(takesSeconds).min(0, takesSeconds).max(MAX_SLOW_PRINT_SECONDS, takesSeconds)
const flag = z.boolean('takes true or false')

/** The faults of a real KKT. A count applies to that many next times, and the shown count is how many are left. */
export const kktFaults = z.object({
  /** The KKT makes and prints a document, and the reply is lost. */
  reply_lost: count,
  /** The connection breaks before the KKT makes a document. */
  connection_lost: count,
  /** The reply to a look-up is lost. */
  lookup_lost: count,
  /** The KKT is busy with other work. Each request for a document or for its state counts this down. */
  busy: count,
  /** The KKT does not answer at all. */
  gone: flag,
  /** Documents are made, but not printed. */
  paper_out: flag,
  /** The shift counts as open for too long, until it is renewed. */
  shift_expired: flag,
  /** The FN takes no more documents. */
  fn_full: flag,
  /** Added to the printing time of each document. */
  slow_print_seconds: seconds,
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
}

/** A change: any of the fields and no other. */
export const kktFaultsChange = kktFaults.partial().catchall(noOtherField(Object.keys(NO_FAULTS)))
export type KktFaultsChange = z.infer<typeof kktFaultsChange>
