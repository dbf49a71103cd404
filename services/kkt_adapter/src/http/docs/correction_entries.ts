import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import { CORRECTION, FISCAL_DOCUMENT, RECEIPT_ID, SALE } from './examples.ts'

const TAG = 'Corrections'

/** The same sale with the rate that it should have had. */
const RIGHT = { ...SALE, items: SALE.items.map((item) => ({ ...item, vat_rate: 10 })) }

const [ITEM] = CORRECTION.items
/** A sale of last year, as another adapter took it. */
const TOLD = { pos_id: 'POS-7', type: 'sale', items: [ITEM], payments: CORRECTION.payments }

const part = (receiptId: string, operation: string, fdNumber: number) => ({
  receipt_id: receiptId,
  pos_id: SALE.pos_id,
  status: 'pending',
  fiscal_doc: { ...FISCAL_DOCUMENT, operation, correction: true, fiscal_doc_number: fdNumber },
  paper: 'printed',
  last_error: null,
  warnings: [],
})

const REVERSAL_ID = '01a20426-9f10-7000-a4d2-0c5f8be1a001'

const PUT_RIGHT = {
  correction_id: REVERSAL_ID,
  status: 'printed',
  reversal: part(REVERSAL_ID, 'refund', 13),
  right: part('01a20426-9f10-7001-9b3c-6d2f8be1a002', 'sale', 14),
  close_reason: null,
  message: 'All documents of the correction are made.',
}

const NOT_TO_BE_SEEN = ['correction_not_found', 'journal_unavailable']

export const correctionEntries: Book['operations'] = {
  'POST /v1/kkt/correction': {
    tag: TAG,
    summary: 'Put a wrong receipt right',
    description:
      'By FFD 1.2 that takes two corrections: one of the opposite operation with the wrong data, as they were, and one with the right data. Both name the sign of the wrong document. They are journaled in one commit, so none is forgotten, and are receipts as any other. Send it again with the same key as you would a sale.',
    parameters: { 'idempotency-key': 'correction-2026-11-29-0001' },
    body: {
      description: 'What was wrong, and what is right. One of the two at least.',
      limitBytes: MAX_BODY_BYTES,
      examples: {
        'A receipt of this adapter': { wrong: { receipt_id: RECEIPT_ID }, right: RIGHT, type: 'self' },
        'A receipt of another adapter, by order of the tax office': {
          wrong: { ...CORRECTION.corrects, receipt: TOLD },
          right: { ...TOLD, items: [{ ...ITEM, vat: 'vat10' }] },
          ...CORRECTION.correction,
        },
        'A sale that was never fiscalised': { right: TOLD, type: 'self', date: '2025-12-30' },
      },
    },
    answers: {
      200: {
        description: 'The correction is safe: its documents are made, or will be.',
        headers: { 'Idempotency-Replayed': '`true` where the key was known: nothing new was stored or printed.' },
        example: PUT_RIGHT,
      },
    },
    problems: [
      'receipt_not_found',
      'no_fiscal_document',
      'already_corrected',
      'idempotency_key_reused',
      'kkt_cannot',
      'kkt_refused',
      'buffer_full',
      'kkt_unfit',
      'journal_unavailable',
      'shutting_down',
    ],
  },
  'GET /v1/kkt/correction/{correction_id}': {
    tag: TAG,
    summary: 'Look a correction up, with both of its documents',
    parameters: { correction_id: REVERSAL_ID },
    answers: { 200: { description: 'The correction.', example: PUT_RIGHT } },
    problems: NOT_TO_BE_SEEN,
  },
  'POST /v1/kkt/correction/{correction_id}/close': {
    tag: TAG,
    summary: 'Say how a correction was settled of which the KKT has refused a part',
    description: 'The alert ends. No document is made or changed. The reason is in the audit log.',
    parameters: { correction_id: REVERSAL_ID },
    body: {
      description: 'The reason, in a sentence or two.',
      limitBytes: MAX_BODY_BYTES,
      examples: { 'The refused part was sent again': { reason: 'The reversal was sent by itself on 2026-11-30' } },
    },
    answers: {
      200: {
        description: 'It is closed.',
        example: {
          ...PUT_RIGHT,
          status: 'closed',
          right: {
            ...PUT_RIGHT.right,
            status: 'refused',
            fiscal_doc: null,
            paper: 'none',
            last_error: 'not registered',
          },
          close_reason: 'The reversal was sent by itself on 2026-11-30',
          message: 'An operator has settled the part that the KKT has refused.',
        },
      },
    },
    problems: [...NOT_TO_BE_SEEN, 'correction_not_open'],
  },
}
