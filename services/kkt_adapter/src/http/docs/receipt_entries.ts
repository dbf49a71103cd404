import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import {
  CORRECTION,
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
      'refund_undecided',
      'idempotency_key_reused',
      'vat_rate_refused',
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
  'GET /v1/kkt/receipts': {
    tag: TAG,
    summary: 'List receipts, newest first',
    description: 'Page by page, without the items.',
    parameters: { status: 'pending', pos_id: SALE.pos_id, limit: 20 },
    answers: {
      200: { description: 'A page.', example: { receipts: [RECEIPT_ENTRY], next_cursor: RECEIPT_ID } },
    },
    problems: ['journal_unavailable'],
  },
}
