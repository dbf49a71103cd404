import { noOtherField } from '@kkt/platform/wording.ts'
import { z } from 'zod'

/** Far above any test's need. */
const MAX_COUNT = 1000
/** Longer than any till waits for its answer. */
const MAX_SLOW_PRINT_SECONDS = 60

const takesCount = `takes a whole number from 0 to ${MAX_COUNT}`
const count = z.int(takesCount).min(0, takesCount).max(MAX_COUNT, takesCount)
const takesSeconds = `takes a number from 0 to ${MAX_SLOW_PRINT_SECONDS}`
const seconds = z.number(takesSeconds).min(0, takesSeconds).max(MAX_SLOW_PRINT_SECONDS, takesSeconds)
const flag = z.boolean('takes true or false')

/** What a real KKT does wrong. A count is of the next so many times, and what is shown is how many are left. */
export const kktFaults = z.object({
  /** A document is made and printed, and the reply gets lost. */
  reply_lost: count,
  /** The connection breaks before the KKT makes a document. */
  connection_lost: count,
  /** The reply to a look-up gets lost. */
  lookup_lost: count,
  /** The KKT has other things to do. Being asked for a document or for its state counts this down. */
  busy: count,
  /** The KKT does not answer at all. */
  gone: flag,
  /** Documents are made, and nothing comes out on paper. */
  paper_out: flag,
  /** The shift is as if it were open for too long. Ends with the shift. */
  shift_expired: flag,
  /** The FN takes no more documents. */
  fn_full: flag,
  /** What printing takes longer. */
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

/** A change of them: any of the fields, and no other. */
export const kktFaultsChange = kktFaults.partial().catchall(noOtherField(Object.keys(NO_FAULTS)))
export type KktFaultsChange = z.infer<typeof kktFaultsChange>
