/** Steps that are durable once their transaction has committed. */
const COMMITTED = [
  'journal_made',
  'device_made',
  'lease_taken',
  'lease_released',
  'intake',
  'put_right',
  'mark_printing',
  'device_signed',
  'device_printed',
  'device_looked_up',
  'record_printed',
  'record_refused',
  'record_unknown',
  'record_not_asked',
  'record_found',
  'record_absent',
  'record_on_paper',
  'mark_syncing',
  'record_synced',
  'record_undelivered',
  'record_dead_letter',
  'record_requeued',
  'record_closed',
  'record_reclaimed',
  // The same steps of the two receipts that put one right.
  'reversal_signed',
  'reversal_recorded',
  'right_signed',
  'right_recorded',
  'reversal_synced',
  'right_synced',
] as const
export type Step = (typeof COMMITTED)[number]

const ASKED = ['submission', 'ofd_lookup'] as const
export type Asked = (typeof ASKED)[number]

export type Point =
  | `${Step}.${'before_commit' | 'after_commit'}`
  | `${Asked}.${'before_it_leaves' | 'in_flight' | 'after_reply'}`
  | `answer.${'before_it_leaves' | 'after_it_left'}`

/** Where an adapter can be made to die. */
export const POINTS: readonly Point[] = [
  ...COMMITTED.flatMap((step): Point[] => [`${step}.before_commit`, `${step}.after_commit`]),
  ...ASKED.flatMap((what): Point[] => [`${what}.before_it_leaves`, `${what}.in_flight`, `${what}.after_reply`]),
  'answer.before_it_leaves',
  'answer.after_it_left',
]
