import type { Book } from '@kkt/platform/docs/book.ts'
import { KKT_FAULTS, NO_FAULTS } from '../device/faults.ts'
import { MAX_CONFIG_BYTES } from './mock_kkt_control.ts'

const TAG = "The tests' side"

const RECEIPT_ID = '01a20425-88ce-7000-be2d-76eab0eb441e'
const FN_NUMBER = '9999322233119332'

/** The words of the control's routes, for the adapter's OpenAPI document. */
export const controlEntries: Book['operations'] = {
  'GET /v1/kkt/_test/config': {
    tag: TAG,
    summary: 'The faults of the mock KKT that are on',
    answers: { 200: { description: 'Each fault.', example: NO_FAULTS } },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/_test/config': {
    tag: TAG,
    summary: 'Make the mock KKT fail',
    description: 'A field that is not named stays. The faults outlive the adapter.',
    body: {
      description: 'The faults to change.',
      limitBytes: MAX_CONFIG_BYTES,
      examples: {
        'Two replies get lost': { reply_lost: 2 },
        'No paper, and slow': { paper_out: true, slow_print_seconds: 0.5 },
        'An FN in its last days': { fn_days_left: 20, unsent_for_days: 10 },
      },
    },
    answers: { 200: { description: 'Each fault, as it is now.', example: { ...NO_FAULTS, reply_lost: 2 } } },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/_test/reset': {
    tag: TAG,
    summary: 'End the faults, and the changed pace',
    description: 'The FN keeps its documents.',
    answers: { 200: { description: 'They have ended.', example: { status: 'reset' } } },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/_test/faults': {
    tag: TAG,
    summary: 'The catalogue of the faults of the mock KKT',
    answers: { 200: { description: 'Each fault.', example: { faults: KKT_FAULTS } } },
  },
  'GET /v1/kkt/_test/tasks': {
    tag: TAG,
    summary: 'The tasks that the mock KKT has done',
    description:
      'Openings and closings of shifts, X reports, cash in and out, and copies. A task that was done twice is there twice.',
    parameters: { after: 0, limit: 100 },
    answers: {
      200: {
        description: 'A page. To read on, use its last number.',
        example: {
          tasks: [
            {
              number: 1,
              task_id: RECEIPT_ID,
              kind: 'cash_in',
              shift_number: 1,
              amount: 500,
              fiscal_doc_number: null,
            },
          ],
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/_test/replace_fn': {
    tag: TAG,
    summary: 'Put a new FN into the mock KKT',
    description:
      'It is registered with the same data, its documents are counted from 1, and its shift is closed. The drawer keeps its cash. Faults of the old FN end.',
    answers: {
      200: {
        description: 'The old FN and the new one.',
        example: { old_fn_number: FN_NUMBER, new_fn_number: '9999078900000962' },
      },
    },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/_test/documents': {
    tag: TAG,
    summary: "The documents in the mock KKT's FN",
    description:
      'Of every kind: the registration, openings and closings of shifts, and receipts. With `fn`, those of an FN that was replaced.',
    parameters: { fn: FN_NUMBER, after: 1, limit: 100 },
    answers: {
      200: {
        description: 'A page. To read on, use its last number.',
        example: {
          fn_number: FN_NUMBER,
          count: 3,
          documents: [
            {
              fiscal_doc_number: 2,
              kind: 'shift_opening',
              receipt_id: null,
              shift_number: 1,
              receipt_number: null,
              on_paper: true,
            },
            {
              fiscal_doc_number: 3,
              kind: 'receipt',
              receipt_id: RECEIPT_ID,
              shift_number: 1,
              receipt_number: 1,
              on_paper: true,
            },
          ],
        },
      },
    },
    problems: ['journal_unavailable'],
  },
}
