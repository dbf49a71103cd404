import { noOtherField } from '@kkt/platform/wording.ts'
import { z } from 'zod'

/** Far more than any test needs. */
const MAX_COUNT = 1000
/** Longer than any till waits for its answer. */
const MAX_SLOW_PRINT_SECONDS = 60
/** A week, as of a clock whose battery was changed. */
const MAX_CLOCK_OFF_SECONDS = 7 * 24 * 60 * 60
/** An FN blocks itself after 30 days. */
const MAX_UNSENT_DAYS = 60
/** As an FN of 36 months has at most. */
const MAX_FN_DAYS = 1100

const takesCount = `takes a whole number from 0 to ${MAX_COUNT}`
const count = z.int(takesCount).min(0, takesCount).max(MAX_COUNT, takesCount)
function seconds(max: number) {
  const takes = `takes a number from 0 to ${max}`
  return z.number(takes).min(0, takes).max(max, takes)
}
function days(max: number) {
  const takes = `takes a whole number from 0 to ${max}`
  return z.int(takes).min(0, takes).max(max, takes)
}
const flag = z.boolean('takes true or false')

/** The faults of a real KKT. A count applies to that many next times, and the shown count is how many are left. */
export const kktFaults = z.object({
  reply_lost: count.meta({ description: 'The KKT makes and prints a document, or does a task, and the reply is lost' }),
  closing_reply_lost: count.meta({ description: 'The KKT closes the shift, and the reply is lost' }),
  connection_lost: count.meta({ description: 'The connection breaks before the KKT makes a document or does a task' }),
  lookup_lost: count.meta({ description: 'The reply to a look-up is lost' }),
  busy: count.meta({
    description: 'The KKT is busy with other work. Each request for a document or for its state counts this down',
  }),
  receipt_refused: count.meta({
    description: 'The KKT refuses a receipt for good, for a fault of that receipt, and signs the next ones',
  }),
  gone: flag.meta({ description: 'The KKT does not answer at all' }),
  paper_out: flag.meta({ description: 'Documents are made, but not printed' }),
  paper_near_end: flag.meta({ description: 'The paper is near its end, and documents are still printed' }),
  cover_open: flag.meta({ description: 'The cover is open, so that nothing is printed and no document made' }),
  printer_fault: flag.meta({ description: 'The printer is out of order, so that no document is made' }),
  shift_expired: flag.meta({ description: 'The open shift counts as open for too long, until it is closed' }),
  not_registered: flag.meta({ description: 'The KKT is not registered, and makes no documents' }),
  fn_full: flag.meta({ description: 'The FN takes no more documents' }),
  fn_nearly_full: flag.meta({ description: 'The FN warns that its memory is 90 % full' }),
  fn_expired: flag.meta({ description: 'The keys of the FN have ended, and it takes no more documents' }),
  fn_broken: flag.meta({ description: 'The FN is out of order, and takes no more documents' }),
  fn_days_left: days(MAX_FN_DAYS).nullable().meta({
    description: "The days until the FN's keys end. With null it is the FN's own date",
  }),
  unsent_for_days: days(MAX_UNSENT_DAYS).meta({
    description:
      'The documents that the OFD has not confirmed count as so many days older. From 30 days on the FN signs nothing',
  }),
  keeps_no_drawer_sum: flag.meta({ description: 'The KKT does not count the cash in its drawer' }),
  task_lookup_untellable: flag.meta({
    description: 'The KKT cannot tell whether it has moved cash, or printed an X report or a copy',
  }),
  slow_print_seconds: seconds(MAX_SLOW_PRINT_SECONDS).meta({
    description: 'Added to the printing time of each document, in seconds',
  }),
  clock_behind_seconds: seconds(MAX_CLOCK_OFF_SECONDS).meta({
    description:
      "The KKT's clock is set back by so many seconds. The FN signs nothing until that clock has reached its last document",
  }),
  clock_ahead_seconds: seconds(MAX_CLOCK_OFF_SECONDS).meta({
    description:
      "The KKT's clock is set forward by so many seconds. Once a document was made it cannot be set back before that",
  }),
})
export type KktFaults = z.infer<typeof kktFaults>

export const NO_FAULTS: Readonly<KktFaults> = {
  reply_lost: 0,
  closing_reply_lost: 0,
  connection_lost: 0,
  lookup_lost: 0,
  busy: 0,
  receipt_refused: 0,
  gone: false,
  paper_out: false,
  paper_near_end: false,
  cover_open: false,
  printer_fault: false,
  shift_expired: false,
  not_registered: false,
  fn_full: false,
  fn_nearly_full: false,
  fn_expired: false,
  fn_broken: false,
  fn_days_left: null,
  unsent_for_days: 0,
  keeps_no_drawer_sum: false,
  task_lookup_untellable: false,
  slow_print_seconds: 0,
  clock_behind_seconds: 0,
  clock_ahead_seconds: 0,
}

/** The faults that leave the KKT together with its FN. */
export const withoutFnFaults = (faults: KktFaults): KktFaults => ({
  ...faults,
  shift_expired: false,
  not_registered: false,
  fn_full: false,
  fn_nearly_full: false,
  fn_expired: false,
  fn_broken: false,
  fn_days_left: null,
  unsent_for_days: 0,
})

/** A change: any of the fields and no other. */
export const kktFaultsChange = kktFaults.partial().catchall(noOtherField(Object.keys(NO_FAULTS)))
export type KktFaultsChange = z.infer<typeof kktFaultsChange>

/** A value of each fault that puts it on. */
const EXAMPLES: Readonly<KktFaults> = {
  reply_lost: 2,
  closing_reply_lost: 1,
  connection_lost: 2,
  lookup_lost: 2,
  busy: 3,
  receipt_refused: 1,
  gone: true,
  paper_out: true,
  paper_near_end: true,
  cover_open: true,
  printer_fault: true,
  shift_expired: true,
  not_registered: true,
  fn_full: true,
  fn_nearly_full: true,
  fn_expired: true,
  fn_broken: true,
  fn_days_left: 20,
  unsent_for_days: 31,
  keeps_no_drawer_sum: true,
  task_lookup_untellable: true,
  slow_print_seconds: 5,
  clock_behind_seconds: 3600,
  clock_ahead_seconds: 3600,
}

const isFault = (name: string): name is keyof KktFaults => Object.hasOwn(EXAMPLES, name)

/** All faults, in the form in which the fault kit tells those of the other mocks. `off`: the value that ends it. */
export const KKT_FAULTS = Object.entries(kktFaults.shape)
  .flatMap(([name, form]) => (isFault(name) ? [{ name, form }] : []))
  .map(({ name, form }) => ({
    name,
    summary: form.description ?? '',
    takes: takenBy(form),
    example: { [name]: EXAMPLES[name] },
    off: NO_FAULTS[name],
  }))

/** The JSON schema of a value, without the words that say what it does. */
function takenBy(form: z.ZodType): Record<string, unknown> {
  const { description, $schema, ...takes } = z.toJSONSchema(form)
  return takes
}
