import type { Language } from '@kkt/platform/language.ts'
import { type InputError, Problem, type Told } from '@kkt/platform/problem.ts'
import type { Role } from '../access/tokens.ts'
import type { KktTrouble } from '../domain/kkt.ts'
import type { Cannot } from '../domain/kkt_outcome.ts'
import { formatRoubles } from '../domain/money.ts'
import type { Status } from '../domain/state.ts'
import { ADAPTER_WORDS, type AdapterWords } from './words/words.ts'

/** The time in seconds after which a full buffer or a failing disk is worth asking again. */
export const RETRY_AFTER = { 'retry-after': '5' }

const ASKS_FOR_TOKEN = { 'www-authenticate': 'Bearer' }

/** A receipt as it stands, in the wire's form. */
type ReceiptStanding = { receipt_id: string; status: Status }

type Words = AdapterWords['problems']

/** A text, or a text with what goes with it, in the language of the answer. */
export const told =
  (tell: (words: Words) => string | Told) =>
  (language: Language): string | Told =>
    tell(ADAPTER_WORDS[language].problems)

/** Every error of the adapter's own, with its status and its code. `words` has what to do next. */
export const adapterProblem = {
  bufferFull: (undelivered: number) =>
    new Problem(
      503,
      'buffer_full',
      told((words) => words.bufferFull(undelivered)),
      RETRY_AFTER,
    ),
  tokenMissing: () =>
    new Problem(
      401,
      'token_missing',
      told((words) => words.tokenMissing()),
      ASKS_FOR_TOKEN,
    ),
  tokenUnknown: () =>
    new Problem(
      401,
      'token_unknown',
      told((words) => words.tokenUnknown()),
      ASKS_FOR_TOKEN,
    ),
  tooManyWrongTokens: (waitMs: number) =>
    new Problem(
      429,
      'too_many_wrong_tokens',
      told((words) => words.tooManyWrongTokens()),
      {
        'retry-after': String(Math.max(1, Math.ceil(waitMs / 1000))),
      },
    ),
  roleNotAllowed: (role: Role) =>
    new Problem(
      403,
      'not_allowed',
      told((words) => words.roleNotAllowed(role)),
    ),
  posNotAllowed: () =>
    new Problem(
      403,
      'not_allowed',
      told((words) => words.posNotAllowed()),
    ),
  forceNotAllowed: () =>
    new Problem(
      403,
      'not_allowed',
      told((words) => words.forceNotAllowed()),
    ),
  /** @param receiptId null where it is another till's */
  keyReused: (receiptId: string | null) =>
    new Problem(
      422,
      'idempotency_key_reused',
      told((words) => words.keyReused(receiptId)),
    ),
  /** @param judge says in a language which rates the law does not know, the first of them in a sentence */
  vatRefused: (judge: (language: Language) => { why: string; errors: InputError[] }) =>
    new Problem(422, 'vat_rate_refused', (language) => {
      const { why, errors } = judge(language)
      return { detail: ADAPTER_WORDS[language].problems.vatRefused(why), errors }
    }),
  kktCannot: ({ pointer, reason }: Cannot) =>
    new Problem(422, 'kkt_cannot', (language) => ({
      detail: ADAPTER_WORDS[language].problems.kktCannot(pointer, reason[language]),
      errors: [{ pointer, message: reason[language] }],
    })),
  shuttingDown: () =>
    new Problem(
      503,
      'shutting_down',
      told((words) => words.shuttingDown()),
      RETRY_AFTER,
    ),
  journalUnavailable: (code: string) =>
    new Problem(
      503,
      'journal_unavailable',
      told((words) => words.journalUnavailable(code)),
      RETRY_AFTER,
    ),
  kktUnfit: (trouble: KktTrouble) =>
    new Problem(
      503,
      'kkt_unfit',
      told((words) => words.kktUnfit(trouble)),
      RETRY_AFTER,
    ),
  kktRefused: (receiptId: string, reason: string | null) =>
    new Problem(
      502,
      'kkt_refused',
      told((words) => words.kktRefused(receiptId, reason)),
    ),
  ofdControlUnavailable: () =>
    new Problem(
      502,
      'ofd_control_unavailable',
      told((words) => words.ofdControlUnavailable()),
    ),
  receiptNotFound: (receiptId: string) =>
    new Problem(
      404,
      'receipt_not_found',
      told((words) => words.receiptNotFound(receiptId)),
    ),
  /** @param timeoutMs the time that it was given; null where the client left before */
  waitTimedOut: (receipt: ReceiptStanding, wanted: Status, timeoutMs: number | null) =>
    new Problem(
      408,
      'wait_timed_out',
      told((words) => {
        const detail = words.waitTimedOut(receipt.receipt_id, receipt.status, wanted, timeoutMs)
        return { detail, members: { receipt } }
      }),
    ),
  outOfReach: (receipt: ReceiptStanding, wanted: Status) =>
    new Problem(
      408,
      'status_out_of_reach',
      told((words) => {
        return { detail: words.outOfReach(receipt.receipt_id, receipt.status, wanted), members: { receipt } }
      }),
    ),
  tooManyWaits: () =>
    new Problem(
      503,
      'too_many_waits',
      told((words) => words.tooManyWaits()),
      RETRY_AFTER,
    ),
  originalNotFound: () =>
    new Problem(
      404,
      'original_not_found',
      told((words) => words.originalNotFound()),
    ),
  refundTooEarly: ({ id, status }: { id: string; status: Status }) =>
    new Problem(
      409,
      'refund_too_early',
      told((words) => {
        const { reason, detail } = words.refundTooEarly(id, status)
        return { detail, members: { allowed: false, reason, sync_status: status } }
      }),
    ),
  refundExceeds: (leftKopecks: number) =>
    new Problem(
      409,
      'refund_exceeds',
      told((words) => words.refundExceeds(formatRoubles(leftKopecks))),
    ),
  /**
   * @param open the places of the items
   * @param isKnown whether the journal knows the original
   */
  refundIncomplete: (open: readonly number[], isKnown: boolean) =>
    new Problem(
      422,
      'refund_incomplete',
      told((words) => {
        const message = words.refundLeftOpen()
        const errors = open.map((index) => ({ pointer: `/items/${index}/vat`, message }))
        return { detail: words.refundIncomplete(isKnown), errors }
      }),
    ),
  keyUndecided: () =>
    new Problem(
      503,
      'key_undecided',
      told((words) => words.keyUndecided()),
      RETRY_AFTER,
    ),
  noFiscalDocument: (receiptId: string, status: Status) =>
    new Problem(
      409,
      'no_fiscal_document',
      told((words) => words.noFiscalDocument(receiptId, status)),
    ),
  correctionNotFound: (correctionId: string) =>
    new Problem(
      404,
      'correction_not_found',
      told((words) => words.correctionNotFound(correctionId)),
    ),
  alreadyCorrected: (correctionId: string) =>
    new Problem(
      409,
      'already_corrected',
      told((words) => words.alreadyCorrected(correctionId)),
    ),
  correctionNotOpen: (correctionId: string) =>
    new Problem(
      409,
      'correction_not_open',
      told((words) => words.correctionNotOpen(correctionId)),
    ),
  notInDlq: (receiptId: string, status: Status) =>
    new Problem(
      409,
      'not_in_dlq',
      told((words) => words.notInDlq(receiptId, status)),
    ),
  /** @param today the day that it is at the KKT, `yyyy-mm-dd` */
  correctionInFuture: (pointer: string, today: string) =>
    new Problem(
      422,
      'invalid_body',
      told((words) => {
        const { message, detail } = words.correctionInFuture(today)
        return { detail, errors: [{ pointer, message }] }
      }),
    ),
  /** The shortest print of the mock KKT would take longer than the longest. */
  printsOutOfOrder: (maxMs: number) =>
    new Problem(
      422,
      'invalid_body',
      told((words) => {
        const { message, detail } = words.printsOutOfOrder(maxMs)
        return { detail, errors: [{ pointer: '/kkt_print_delay_min', message }] }
      }),
    ),
}
