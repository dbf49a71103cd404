/** The numbers of a manual sync. */
export type Left = { failed: number; skipped: number; remaining: number }

/** The `message` of answers, and the advice in the health. */
export const answers = {
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
