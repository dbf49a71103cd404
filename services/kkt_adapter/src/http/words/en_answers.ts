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
  paperLost: (fdNumber: number) =>
    `Receipt fiscalised as document ${fdNumber}, and the KKT can no longer print it, because another FN is in it. Give the customer the slip: GET /v1/kkt/receipt/{receipt_id}/slip.`,
  electronic: () => 'Receipt fiscalised without paper',
  printed: () => 'Receipt printed successfully',
  syncedNotHere: () =>
    'This process may not send now: see sender_lease in GET /v1/kkt/buffer/status. What it has goes when it may.',
  syncedAll: () => 'Everything is delivered.',
  syncedThese: (remaining: number) => `${remaining} came meanwhile and are on their way.`,
  heldByKkt: (remaining: number) =>
    `${remaining} are in the FN, and the OFD has not confirmed them: the KKT sends them by itself. unsent_since in components.kkt of GET /v1/health says for how long it has not got through.`,
  syncKktSilent: () =>
    'The KKT does not answer, so that it is not known what the OFD holds; nothing was changed. See that the KKT has power and that its cable is in.',
  syncedInPart: ({ failed, skipped, remaining }: Left) =>
    `${remaining} remain: the OFD did not take ${failed}, and ${skipped} were not tried behind them. See last_failure in GET /v1/kkt/buffer/status, and GET /v1/kkt/buffer/dlq.`,
  correctionPrinted: () => 'All documents of the correction are made.',
  correctionBuffered: () =>
    'The correction is accepted, and not all of its documents are made yet; they will be. Ask GET /v1/kkt/correction/{correction_id}, or send it again with the same Idempotency-Key.',
  correctionIncomplete: () =>
    'The KKT has refused a part of the correction: last_error says why. Mend the cause and send the refused part by itself, the reversal without right, or what is right without wrong and with its date. Then close this one with POST /v1/kkt/correction/{correction_id}/close.',
  correctionClosed: () => 'An operator has settled the part that the KKT has refused.',
  taskDone: {
    open_shift: 'The shift is open.',
    close_shift: 'The shift is closed.',
    x_report: 'The report is made. The shift goes on.',
    cash_in: 'The cash is entered.',
    cash_out: 'The cash is taken out.',
    copy: 'The copy is printed.',
  },
  taskOpen: {
    accepted: 'The KKT has not been asked yet; it will be. Ask GET /v1/kkt/task/{task_id}.',
    asked: 'The KKT is at work on it. Ask GET /v1/kkt/task/{task_id}.',
    unknown: "The KKT's answer was lost, and it is asked what became of the task. Ask GET /v1/kkt/task/{task_id}.",
    unclear:
      'Nothing tells whether the KKT has done it. Look at its tape or into the drawer, then an operator says so by POST /v1/kkt/task/{task_id}/settle. Do not repeat it.',
  },
  drawerBelowZero: () =>
    'By what the adapter knows, less cash was in the drawer than was taken out. Count the drawer, and enter what was put in with POST /v1/kkt/cash/in.',
}
