/** Steps that are durable once their transaction is committed, by what its SQL does. */
const COMMITTED = [
  'journal_made',
  'device_made',
  'lease_taken',
  'lease_released',
  'intake',
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

const TRANSITIONS: Record<string, Step> = {
  'accepted>printing': 'mark_printing',
  'printing>pending': 'record_printed',
  'printing>refused': 'record_refused',
  'printing>unknown': 'record_unknown',
  'printing>accepted': 'record_not_asked',
  'unknown>pending': 'record_found',
  'unknown>accepted': 'record_absent',
  'pending>syncing': 'mark_syncing',
  'syncing>synced': 'record_synced',
  'syncing>pending': 'record_undelivered',
  'syncing>failed': 'record_dead_letter',
  'failed>pending': 'record_requeued',
  'failed>closed': 'record_closed',
}

const STATEMENTS: readonly (readonly [RegExp, Step])[] = [
  [/CREATE TABLE receipts /, 'journal_made'],
  [/CREATE TABLE documents /, 'device_made'],
  [/^UPDATE leases SET holder = \?/, 'lease_taken'],
  [/^UPDATE leases SET holder = NULL/, 'lease_released'],
  [/^INSERT INTO receipts /, 'intake'],
  [/^INSERT INTO documents /, 'device_signed'],
  [/^UPDATE documents SET printed = 1 /, 'device_printed'],
  [/^SELECT doc, printed FROM documents /, 'device_looked_up'],
  [/^UPDATE receipts SET needs_paper = 0/, 'record_on_paper'],
  [/^UPDATE receipts SET status = 'pending'.* WHERE status = 'syncing' /, 'record_reclaimed'],
]

/**
 * Which step a statement is, if it is one.
 * @throws Error for a change of a receipt's status that is none: a new one needs its crash points
 */
export function stepOf(sql: string): Step | null {
  const text = sql.replace(/\s+/g, ' ').trim()
  const known = STATEMENTS.find(([pattern]) => pattern.test(text))
  if (known) return known[1]
  const [, to] = /^UPDATE receipts SET status = '(\w+)'/.exec(text) ?? []
  if (to === undefined) return null
  const [, from] = /AND \+?status = '(\w+)'/.exec(text) ?? []
  const step = TRANSITIONS[`${from}>${to}`]
  if (step) return step
  throw new Error(`No crash point is known for this step: ${text}`)
}
