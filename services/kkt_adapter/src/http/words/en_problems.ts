import { troubles } from '@kkt/pages/adapter/words/en_states.ts'
import type { Role } from '../../access/tokens.ts'
import type { KktTrouble } from '../../domain/kkt.ts'
import type { Status } from '../../domain/state.ts'

/** Advice to an operator whose journal cannot be used. `code`: the reason. */
const journalAdvice = (code: string): string => ADVICE_BY_CODE[code] ?? 'Check the disk that BUFFER_DB_PATH is on'

const ADVICE_BY_CODE: Readonly<Record<string, string>> = {
  FILE_DISPLACED:
    'A file of the buffer was deleted, moved or replaced while the adapter had it open. Put the files at BUFFER_DB_PATH back and restart the adapter',
  JOURNAL_BEHIND_FN:
    'The buffer lacks receipts that its KKT has printed. Follow the log line journal_behind_fn and restart the adapter',
}

/** The things that the clients of a role do. */
const ALLOWED_TO: Readonly<Record<Role, string>> = {
  till: 'sells, and reads its own receipts',
  metrics: 'reads /metrics and /v1/health',
  operator: 'does everything',
}

/** The reason why a receipt has no fiscal document, and what its reader does about it. */
const WITHOUT_DOCUMENT: Readonly<Partial<Record<Status, string>>> = {
  accepted: 'It waits for the KKT, whose state is components.kkt in GET /v1/health. Ask again',
  printing: 'The KKT is at work on it. Ask again in a moment',
  unknown: "The KKT's answer was lost, and it is asked what became of the receipt. Ask again",
  refused: 'The KKT refused it and never makes one. GET /v1/kkt/receipt/{receipt_id} says why in last_error',
}

type BeforeARefund = { reason: string; next: string }

/** Why a receipt that the OFD does not hold cannot be refunded yet, and what to do about it. */
const BEFORE_A_REFUND: Readonly<Partial<Record<Status, BeforeARefund>>> = {
  refused: { reason: 'the KKT made no document of it', next: 'There is nothing to refund' },
  failed: {
    reason: 'the OFD refused it',
    next: 'Requeue it, or correct it, by POST /v1/kkt/buffer/dlq/{receipt_id}/requeue or close',
  },
  closed: {
    reason: 'an operator closed it undelivered',
    next: 'Its close reason in GET /v1/kkt/buffer/events says how it was settled',
  },
}
const NOT_DELIVERED: BeforeARefund = {
  reason: 'it is not delivered to the OFD yet',
  next: 'Ask again when it is synced',
}

/** The texts of the adapter's own problems: each says what happened, and what to do next. */
export const problems = {
  bufferFull: (undelivered: number) =>
    `The buffer holds ${undelivered} undelivered receipts and takes no more; nothing was stored. Send the receipt again with the same Idempotency-Key after Retry-After. GET /v1/kkt/buffer/status says what they wait for.`,
  tokenMissing: () =>
    'The adapter takes this only with a token; nothing was done. Send it as Authorization: Bearer TOKEN. make_token.ts makes one.',
  tokenUnknown: () =>
    'The adapter knows no such token; nothing was done. Check that the whole token was sent, and that its line is in the file of API_TOKENS_FILE.',
  tooManyWrongTokens: () =>
    'Too many wrong tokens came from this address within a minute; nothing was done. Correct the token and send the request again after Retry-After. Right tokens work all the same.',
  roleNotAllowed: (role: Role) =>
    `A token of the role ${role} ${ALLOWED_TO[role]}, and may not do this; nothing was done. Use a token of another role.`,
  posNotAllowed: () =>
    "This token may not sell for this pos_id; nothing was stored. Send the till's own pos_id, or add it to the line of the token in the file of API_TOKENS_FILE.",
  /** @param receiptId null where it is another till's */
  keyReused: (receiptId: string | null) =>
    `This Idempotency-Key belongs to ${receiptId === null ? 'a receipt of another till' : `receipt ${receiptId}`}, which has a different body; nothing was stored. Give a new receipt a new key.`,
  correctionInFuture: (today: string) => ({
    message: `must not be after ${today}, which is today`,
    detail: `A correction is of a settlement that has been, and today is ${today}; nothing was stored. Send the day of that settlement, or set the clock right.`,
  }),
  /** @param why a sentence: which rate the law does not know on which day, and by which rule */
  vatRefused: (why: string) =>
    `${why} Nothing was stored, and the Idempotency-Key is still free. With VAT_RULES=warn such a sale is only warned of.`,
  shuttingDown: () => 'The adapter is shutting down; nothing was stored. Send the request again in a moment.',
  journalAdvice,
  journalUnavailable: (code: string) =>
    `The journal cannot be written or read (${code}). ${journalAdvice(code)}, then send the receipt again with the same Idempotency-Key: nothing is stored or printed twice.`,
  kktUnfit: (trouble: KktTrouble) =>
    `The KKT makes no receipt (${trouble}); nothing was stored. ${troubles[trouble].text} ${troubles[trouble].action} Then send the receipt again with the same Idempotency-Key.`,
  kktCannot: (pointer: string, reason: string) =>
    `This KKT cannot make the document: ${pointer} ${reason}. Nothing was stored, and the Idempotency-Key is still free.`,
  /** @param reason as the KKT gave it; null without one */
  kktRefused: (receiptId: string, reason: string | null) =>
    `The KKT refused receipt ${receiptId} and made no fiscal document: ${reason ?? 'it gave no reason'}. Mend the cause, then send the receipt again with a new Idempotency-Key.`,
  ofdControlUnavailable: () =>
    'The OFD has no test control, or does not answer: only the mock OFD can be switched off and on here. It is not known whether anything was changed. Start the mock OFD, or look at OFD_API_URL.',
  receiptNotFound: (receiptId: string) => `The journal has no receipt ${receiptId}.`,
  /** @param timeoutMs null where the client left before */
  waitTimedOut(receiptId: string, status: Status, wanted: Status, timeoutMs: number | null) {
    const within = timeoutMs === null ? 'before its client ended the connection' : `within ${timeoutMs / 1000} s`
    return `Receipt ${receiptId} did not come to ${wanted} ${within}; it is ${status}. receipt shows how it stands: last_error and GET /v1/kkt/buffer/status say what keeps it. Wait again, if that is of use.`
  },
  outOfReach: (receiptId: string, status: Status, wanted: Status) =>
    `Receipt ${receiptId} is ${status} and never comes to ${wanted}. Do not wait for it again.`,
  tooManyWaits: () => 'Too many clients wait for a receipt already. Ask again after Retry-After, or without wait.',
  originalNotFound: () =>
    "The journal has no receipt of this original_fiscal_doc_id: it is another shop's, or older than RETENTION_DAYS. Look at the number again.",
  refundTooEarly(receiptId: string, status: Status) {
    const { reason, next } = BEFORE_A_REFUND[status] ?? NOT_DELIVERED
    return { reason, detail: `Receipt ${receiptId} is ${status}: ${reason}. ${next}.` }
  },
  forceNotAllowed: () =>
    'Only an operator takes a refund beyond what is left of its original; nothing was stored. Send it without force, or with the token of an operator.',
  /** @param left a sum in roubles */
  refundExceeds: (left: string) =>
    `The refund takes back more than the ${left} that are left of its original; nothing was stored, and the Idempotency-Key is still free. Look at what came back before. An operator takes it with "force": true.`,
  /** @param isKnown whether the journal knows the original */
  refundIncomplete: (isKnown: boolean) =>
    `${isKnown ? 'The original of the refund does not say' : 'The buffer does not know the original of the refund, which would say'} what the items left out; nothing was stored, and the Idempotency-Key is still free. Look at the receipt of the customer, and send what errors lists.`,
  /** Continues a sentence that begins with the field's name. */
  refundLeftOpen: () =>
    'is missing, and the original says no rate for this item: send the one on the receipt of the customer',
  keyUndecided: () =>
    'This receipt would be refused, if the KKT had not printed it before for a buffer that was lost, and the KKT does not answer; nothing was stored. Send the same again with the same Idempotency-Key.',
  correctionNotFound: (correctionId: string) => `The journal has no correction ${correctionId}.`,
  alreadyCorrected: (correctionId: string) =>
    `This document was put right before, by correction ${correctionId}; nothing was stored. See GET /v1/kkt/correction/${correctionId}. If that correction is wrong itself, put the receipts right that it made.`,
  correctionNotOpen: (correctionId: string) =>
    `Correction ${correctionId} has nothing that an operator has to settle; nothing was changed.`,
  noFiscalDocument: (receiptId: string, status: Status) =>
    `Receipt ${receiptId} is ${status} and has no fiscal document. ${WITHOUT_DOCUMENT[status] ?? 'Ask again'}.`,
  notUntold: (receiptId: string, status: Status) =>
    `Receipt ${receiptId} is ${status}, and the KKT can still tell its outcome or has told it; nothing was changed.`,
  documentTaken: (fnNumber: string, fdNumber: number) =>
    `Document ${fdNumber} of FN ${fnNumber} is that of something else in the journal; nothing was changed. Read the number again on the paper or in the OFD's cabinet.`,
  documentNotMade: (fnNumber: string, fdNumber: number, lastFd: number) =>
    `FN ${fnNumber} has no document ${fdNumber}: it is in the KKT, and its last one is ${lastFd}; nothing was changed. Read the number again on the paper or in the OFD's cabinet. Where none is the receipt's, send {"printed": false}.`,
  documentOpen: (fnNumber: string, fdNumber: number) =>
    `Document ${fdNumber} of FN ${fnNumber} may be that of something else which the KKT does now; nothing was changed. Send it again after Retry-After.`,
  shiftNotTold: () => ({
    message: 'is missing: it stands on the document',
    detail:
      'The journal does not have the document right before this one, which would tell the shift; nothing was changed. Send shift_number and receipt_number as they stand on the document.',
  }),
  shiftOpen: () =>
    'The shift is open already; nothing was done. GET /v1/kkt/shift says since when. Sell, or close it first.',
  shiftExpired: () =>
    'The shift has been open for more than 24 hours, so that the KKT opens no other; nothing was done. Close it with POST /v1/kkt/shift/close. A receipt has it closed by itself.',
  shiftClosed: () =>
    'The shift is closed already; nothing was done. The next receipt opens one, and so does POST /v1/kkt/shift/open.',
  drawerTooLow: () =>
    'The KKT counts less cash in the drawer than this; nothing was done, and the Idempotency-Key is still free. GET /v1/kkt/shift tells its sum. Take out less, or enter the cash that was put in first.',
  kktSilent: () =>
    'The KKT does not answer, and only it can tell; nothing was done. See that it has power and that its cable is in, then ask again after Retry-After.',
  tooManyTasks: () =>
    'Too many tasks wait for the KKT; nothing was done. See that it has power, paper and a working FN, then ask again after Retry-After. GET /v1/kkt/tasks lists them.',
  /** @param reason as the KKT gave it; null without one */
  taskRefused: (taskId: string, reason: string | null) =>
    `The KKT has not done task ${taskId}, as far as it can be told: ${reason ?? 'it gave no reason'}. Mend the cause, then ask again, with a new Idempotency-Key where there was one.`,
  /** @param taskId null where the key is a receipt's */
  taskKeyReused: (taskId: string | null) =>
    `This Idempotency-Key belongs to ${taskId === null ? 'a receipt' : `task ${taskId}, which is another`}; nothing was done. Give a new task a new key.`,
  taskNotFound: (taskId: string) => `The journal has no task ${taskId}.`,
  taskNotUnclear: (taskId: string) =>
    `Task ${taskId} is not unclear, so that there is nothing to settle; nothing was changed. GET /v1/kkt/task/${taskId} says how it stands.`,
  shiftNotFound: (number: number) =>
    `The journal has no such document of shift ${number} of this FN. GET /v1/kkt/shifts lists those that it has.`,
  noSlip: () =>
    'This task has no slip: it is not done, or it is the copy of a receipt, whose slip is GET /v1/kkt/receipt/{receipt_id}/slip.',
  notInDlq: (receiptId: string, status: Status) =>
    `Receipt ${receiptId} is ${status}, not in the dead-letter queue; nothing was changed.`,
  dlqAbsent: () =>
    'The KKT hands its documents to the OFD by itself (DELIVERY=kkt), so that there are no dead letters; nothing was changed. components.kkt in GET /v1/health says what the OFD has not confirmed.',
  nothingUntraced: (fnNumber: string) =>
    `No receipt of FN ${fnNumber} is left that its KKT cannot tell of any more; nothing was changed. untraced in GET /v1/kkt/buffer/status counts such receipts, and GET /v1/kkt/receipts?status=pending shows their fn_number.`,
  /** The message of the field, beside the sentence that has it. */
  printsOutOfOrder(maxMs: number) {
    const message = `takes at most kkt_print_delay_max, which is ${maxMs / 1000}`
    const detail = `The shortest print would take longer than the longest: kkt_print_delay_min ${message}. Nothing was changed.`
    return { message, detail }
  },
}
