import type { Start } from '../../live/event_feed.ts'

type ResetReason = Extract<Start, { kind: 'reset' }>['reason']

const THE_REST = 'the events that follow say how it stands'

/** Why the stream left events out. */
const leftOut: Readonly<Record<ResetReason, string>> = {
  too_far_behind: `More than 10 000 events came since the last one that you got. They are left out; ${THE_REST}.`,
  events_removed: `Events behind the last one that you got have been removed, as RETENTION_DAYS says. They are left out; ${THE_REST}.`,
  no_such_event: `The audit log has no event of that number yet: it is of another buffer. You are told of new ones; ${THE_REST}.`,
}

/** The numbers of a manual sync. */
export type Left = { failed: number; skipped: number; remaining: number }

/** The `message` of answers. */
export const answers = {
  leftOut,
  notPrintedYet: () =>
    'Receipt accepted, but not printed yet; it will be printed. Ask GET /v1/kkt/receipt/{receipt_id}, or send the receipt again with the same Idempotency-Key.',
  noPaper: (fdNumber: number) =>
    `Receipt fiscalised as document ${fdNumber}, but not on paper yet: check the KKT's paper, then it is printed. Send the receipt again with the same Idempotency-Key to see whether it is.`,
  electronic: () => 'Receipt fiscalised without paper',
  printed: () => 'Receipt printed successfully',
  syncedNotHere: () =>
    'This process may not send now: see sender_lease in GET /v1/kkt/buffer/status. What it has goes when it may.',
  syncedAll: () => 'Everything is delivered.',
  syncedThese: (remaining: number) => `${remaining} came meanwhile and are on their way.`,
  syncedInPart: ({ failed, skipped, remaining }: Left) =>
    `${remaining} remain: the OFD did not take ${failed}, and ${skipped} were not tried behind them. See last_failure in GET /v1/kkt/buffer/status, and GET /v1/kkt/buffer/dlq.`,
}
