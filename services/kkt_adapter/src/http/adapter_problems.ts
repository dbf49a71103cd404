import { type InputError, Problem } from '@kkt/platform/problem.ts'
import type { Status } from '../domain/state.ts'
import type { KktTrouble } from '../kkt/driver.ts'

/** The time in seconds after which a full buffer or a failing disk is worth asking again. */
const RETRY_AFTER = { 'retry-after': '5' }

/** Advice to an operator whose journal cannot be used. `code`: the reason. */
export const journalAdvice = (code: string): string =>
  ADVICE_BY_CODE[code] ?? 'Check the disk that BUFFER_DB_PATH is on'

const ADVICE_BY_CODE: Readonly<Record<string, string>> = {
  FILE_DISPLACED:
    'A file of the buffer was deleted, moved or replaced while the adapter had it open. Put the files at BUFFER_DB_PATH back and restart the adapter',
  JOURNAL_BEHIND_FN:
    'The buffer lacks receipts that its KKT has printed. Follow the log line journal_behind_fn and restart the adapter',
}

/** Where a receipt stands, beside the problem. */
type ReceiptStanding = { receipt_id: string; status: string }

/** The reason why a receipt has no fiscal document, and what its reader does about it. */
const WITHOUT_DOCUMENT: Readonly<Partial<Record<Status, string>>> = {
  accepted: 'It waits for the KKT, whose state is components.kkt in GET /v1/health. Ask again',
  printing: 'The KKT is at work on it. Ask again in a moment',
  unknown: "The KKT's answer was lost, and it is asked what became of the receipt. Ask again",
  refused: 'The KKT refused it and never makes one. GET /v1/kkt/receipt/{receipt_id} says why in last_error',
}

/** Why a receipt that the OFD does not hold cannot be refunded yet, and what to do about it. */
const BEFORE_A_REFUND: Readonly<Partial<Record<Status, readonly [reason: string, next: string]>>> = {
  refused: ['the KKT made no document of it', 'There is nothing to refund'],
  failed: ['the OFD refused it', 'Requeue it, or correct it, by POST /v1/kkt/buffer/dlq/{receipt_id}/requeue or close'],
  closed: [
    'an operator closed it undelivered',
    'Its close reason in GET /v1/kkt/buffer/events says how it was settled',
  ],
}
const NOT_DELIVERED = ['it is not delivered to the OFD yet', 'Ask again when it is synced'] as const

/** Every error of the adapter's own, with its status, its code and what to do next. */
export const adapterProblem = {
  bufferFull: (undelivered: number) =>
    new Problem(
      503,
      'buffer_full',
      `The buffer holds ${undelivered} undelivered receipts and takes no more; nothing was stored. Send the receipt again with the same Idempotency-Key after Retry-After. GET /v1/kkt/buffer/status says why the OFD takes none.`,
      { headers: RETRY_AFTER },
    ),
  keyReused: (receiptId: string) =>
    new Problem(
      422,
      'idempotency_key_reused',
      `This Idempotency-Key belongs to receipt ${receiptId}, which has a different body; nothing was stored. Give a new receipt a new key.`,
    ),
  /** @param why which rate the law does not know on which day, and by which rule */
  vatRefused: (why: string, errors: InputError[]) =>
    new Problem(
      422,
      'vat_rate_refused',
      `${why} Nothing was stored, and the Idempotency-Key is still free. With VAT_RULES=warn such a sale is only warned of.`,
      { errors },
    ),
  shuttingDown: () =>
    new Problem(
      503,
      'shutting_down',
      'The adapter is shutting down; nothing was stored. Send the request again in a moment.',
      {
        headers: RETRY_AFTER,
      },
    ),
  journalUnavailable: (code: string) =>
    new Problem(
      503,
      'journal_unavailable',
      `The journal cannot be written or read (${code}). ${journalAdvice(code)}, then send the receipt again with the same Idempotency-Key: nothing is stored or printed twice.`,
      { headers: RETRY_AFTER },
    ),
  kktUnfit: (trouble: KktTrouble) =>
    new Problem(
      503,
      'kkt_unfit',
      `The KKT refuses every receipt until a person mends it (${trouble}); nothing was stored. See components.kkt in GET /v1/health, mend the cause, then send the receipt again with the same Idempotency-Key.`,
      { headers: RETRY_AFTER },
    ),
  kktRefused: (receiptId: string, reason: string | null) =>
    new Problem(
      502,
      'kkt_refused',
      `The KKT refused receipt ${receiptId} and made no fiscal document: ${reason ?? 'it gave no reason'}. Mend the cause, then send the receipt again with a new Idempotency-Key.`,
    ),
  ofdControlUnavailable: () =>
    new Problem(
      502,
      'ofd_control_unavailable',
      'The OFD has no test control, or does not answer: only the mock OFD can be switched off and on here. It is not known whether anything was changed. Start the mock OFD, or look at OFD_API_URL.',
    ),
  receiptNotFound: (receiptId: string) =>
    new Problem(404, 'receipt_not_found', `The journal has no receipt ${receiptId}.`),
  /**
   * @param standing the receipt as it is now, in the wire's form
   * @param within completes "it did not come to that status …"
   */
  waitTimedOut: (standing: ReceiptStanding, wanted: string, within: string) =>
    new Problem(
      408,
      'wait_timed_out',
      `Receipt ${standing.receipt_id} did not come to ${wanted} ${within}; it is ${standing.status}. receipt shows how it stands: last_error and GET /v1/kkt/buffer/status say what keeps it. Wait again, if that is of use.`,
      { members: { receipt: standing } },
    ),
  outOfReach: (standing: ReceiptStanding, wanted: string) =>
    new Problem(
      408,
      'status_out_of_reach',
      `Receipt ${standing.receipt_id} is ${standing.status} and never comes to ${wanted}. Do not wait for it again.`,
      { members: { receipt: standing } },
    ),
  tooManyWaits: () =>
    new Problem(
      503,
      'too_many_waits',
      'Too many clients wait for a receipt already. Ask again after Retry-After, or without wait.',
      { headers: RETRY_AFTER },
    ),
  originalNotFound: () =>
    new Problem(
      404,
      'original_not_found',
      "The journal has no receipt of this original_fiscal_doc_id: it is another shop's, or older than RETENTION_DAYS. Look at the number again.",
    ),
  refundTooEarly: ({ id, status }: { id: string; status: Status }) => {
    const [reason, next] = BEFORE_A_REFUND[status] ?? NOT_DELIVERED
    const members = { allowed: false, reason, sync_status: status }
    return new Problem(409, 'refund_too_early', `Receipt ${id} is ${status}: ${reason}. ${next}.`, { members })
  },
  noFiscalDocument: (receiptId: string, status: Status) =>
    new Problem(
      409,
      'no_fiscal_document',
      `Receipt ${receiptId} is ${status} and has no fiscal document. ${WITHOUT_DOCUMENT[status] ?? 'Ask again'}.`,
    ),
  notInDlq: (receiptId: string, status: string) =>
    new Problem(
      409,
      'not_in_dlq',
      `Receipt ${receiptId} is ${status}, not in the dead-letter queue; nothing was changed.`,
    ),
}
