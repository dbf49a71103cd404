import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import {
  CORRECTION,
  CSV_FILE,
  FISCAL_DOCUMENT,
  INTERNET_SALE,
  RECEIPT_ENTRY,
  RECEIPT_ID,
  REFUND,
  SALE,
  SHOWN_ITEMS,
} from './examples.ts'

const TAG = 'Receipts'

export const receiptEntries: Book['operations'] = {
  'POST /v1/kkt/receipt': {
    tag: TAG,
    summary: 'Sell: journal a receipt, have it fiscalised and printed',
    description:
      'After a 408, a 500, a 503, no answer, or any answer without a `code`, send the same request again with the same key. A receipt is never lost and never doubled.',
    parameters: { 'idempotency-key': 'sale-2026-11-22-0001' },
    body: {
      description: 'One receipt, without unknown fields.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'A sale, paid in two ways': SALE,
        'A refund with a gift': REFUND,
        'The refund of a sale of this adapter': { ...REFUND, refund_of: { receipt_id: RECEIPT_ID } },
        'A sale on the internet, with a marked good': INTERNET_SALE,
        'A correction': CORRECTION,
      },
    },
    answers: {
      200: {
        description: 'The receipt is safe: printed, or buffered to be printed.',
        headers: {
          'Idempotency-Replayed': '`true` where the key was known: nothing new was stored or printed.',
          'Server-Timing':
            'The time of each stage, in milliseconds: `journal`, `wait` for the KKT, `kkt`, `record`. Stages that did not happen are left out.',
        },
        example: {
          status: 'printed',
          receipt_id: RECEIPT_ID,
          fiscal_doc: FISCAL_DOCUMENT,
          paper: 'printed',
          message: 'Receipt printed successfully',
          warnings: [],
        },
      },
    },
    problems: [
      'refund_exceeds',
      'refund_too_early',
      'refund_incomplete',
      'key_undecided',
      'idempotency_key_reused',
      'vat_rate_refused',
      'kkt_cannot',
      'kkt_refused',
      'buffer_full',
      'kkt_unfit',
      'journal_unavailable',
      'shutting_down',
    ],
  },
  'POST /v1/pos/refund': {
    tag: TAG,
    summary: 'Ask whether a sale may be refunded',
    description:
      'It may once the OFD holds its document. This sells nothing and changes nothing: the refund itself is a receipt of the type `refund`.',
    body: {
      description: 'The sale.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'By the id of its receipt': { original_fiscal_doc_id: RECEIPT_ID },
        "By its document's numbers": {
          original_fiscal_doc_id: `${FISCAL_DOCUMENT.fn_number}-${FISCAL_DOCUMENT.fiscal_doc_number}`,
        },
      },
    },
    answers: {
      200: { description: 'It may be refunded.', example: { allowed: true, sync_status: 'synced' } },
    },
    problems: ['original_not_found', 'refund_too_early', 'journal_unavailable'],
  },
  'GET /v1/kkt/receipt/{receipt_id}': {
    tag: TAG,
    summary: 'Look one receipt up, with what was sold, or wait for it to come to a state',
    description:
      'With `wait` the answer comes as soon as the receipt is in that state, or when it is known to have been. A state that it never comes to is answered at once.',
    parameters: { receipt_id: RECEIPT_ID, wait: 'pending', timeout: 10 },
    answers: {
      200: {
        description: 'The receipt.',
        example: {
          ...RECEIPT_ENTRY,
          items: SHOWN_ITEMS,
          payments: SALE.payments,
          total: FISCAL_DOCUMENT.total,
          warnings: [],
        },
      },
    },
    problems: [
      'receipt_not_found',
      'wait_timed_out',
      'status_out_of_reach',
      'too_many_waits',
      'journal_unavailable',
      'shutting_down',
    ],
  },
  'POST /v1/kkt/receipt/{receipt_id}/settle': {
    tag: TAG,
    summary: 'Say what became of a receipt of which the KKT cannot tell the outcome',
    description:
      'For an operator. A receipt with an `untold_fn` was handed to an FN that was replaced before it told whether it made a document, or that holds several which may be it (`last_error` has them). Look at the paper, or in the cabinet of the OFD, and say it here: the receipt is printed now, or its document is delivered.',
    parameters: { receipt_id: RECEIPT_ID },
    body: {
      description: 'What the FN made of it.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'It made no document': { printed: false },
        'It made this document': {
          printed: true,
          fd: FISCAL_DOCUMENT.fiscal_doc_number,
          fpd: FISCAL_DOCUMENT.fiscal_sign,
          fiscal_datetime: FISCAL_DOCUMENT.fiscal_datetime,
          shift_number: FISCAL_DOCUMENT.shift_number,
          receipt_number: FISCAL_DOCUMENT.receipt_number,
        },
      },
    },
    answers: { 200: { description: 'It is settled.', example: { receipt_id: RECEIPT_ID, status: 'pending' } } },
    problems: [
      'receipt_not_found',
      'not_untold',
      'document_taken',
      'document_not_made',
      'document_open',
      'kkt_silent',
      'journal_unavailable',
    ],
  },
  'GET /v1/kkt/receipts': {
    tag: TAG,
    summary: 'List receipts, newest first, or look them up by what a customer knows',
    description:
      'Page by page, without the items. A receipt has to fit all that is given. `fd`, `fpd` and `date` find only receipts that have a document. A till gets its own receipts alone.',
    parameters: {
      status: 'synced',
      pos_id: SALE.pos_id,
      untold: 'true',
      fd: FISCAL_DOCUMENT.fiscal_doc_number,
      fpd: FISCAL_DOCUMENT.fiscal_sign,
      total: FISCAL_DOCUMENT.total,
      date: '2026-11-22',
      contact: 'anna@example.com',
      limit: 20,
    },
    answers: {
      200: { description: 'A page.', example: { receipts: [RECEIPT_ENTRY], next_cursor: RECEIPT_ID } },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/receipts.csv': {
    tag: TAG,
    summary: "A day's fiscal documents as a file for Excel",
    description:
      "One line a document, in the order in which the receipts were accepted; the day is by the KKT's clock, in its zone. Excel with Russian settings opens it by double click: UTF-8 with a byte order mark, semicolons between columns, a comma in sums, texts quoted by RFC 4180. The header is in the language of `Accept-Language`; operations, kinds and states are as in all answers. An apostrophe stands before a text that Excel would take for a formula, and before the FN, which it would round. `Corrected by` is the token's name and the address of the client, as long as the audit log has it. No line names a customer. Pages are read one by one: what is fiscalised meanwhile may be in it, and a file that is cut off ends without the end of its transfer.",
    parameters: { date: '2026-11-22' },
    answers: {
      200: {
        description: 'The file.',
        headers: { 'Cache-Control': '`no-store`: the file says what the shop sold.' },
        mediaType: 'text/csv',
        example: CSV_FILE,
      },
    },
    problems: ['journal_unavailable'],
  },
}
