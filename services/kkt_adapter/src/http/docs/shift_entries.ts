import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import { CLOSING, DRAWER, NO_TOTALS, OPENING, TASK_ID, TOTALS } from './shift_examples.ts'

const TAG = 'Shift and cash'
const CASHIER = { cashier: { name: 'Ivanova A. A., senior cashier', inn: '770123456789' } }

const body = (description: string, examples: Readonly<Record<string, unknown>>) => ({
  description,
  limitBytes: MAX_BODY_BYTES,
  mayBeEmpty: true,
  examples,
})

const OF_A_TASK = ['idempotency_key_reused', 'task_refused', 'too_many_tasks', 'journal_unavailable', 'shutting_down']

const REPLAYED = {
  'Idempotency-Replayed':
    '`true` where the key was known, or where the same closing was under way: nothing new was done.',
}

/** @param done what a done task answers beside its id */
const answersOf = (done: object) => ({
  200: {
    description: 'The KKT has done it.',
    headers: REPLAYED,
    example: { task_id: TASK_ID, status: 'done', ...done, warnings: [] },
  },
  202: {
    description: 'It is journaled, and has not ended within KKT_PRINT_TIMEOUT; or nothing tells whether it was done.',
    headers: REPLAYED,
    example: {
      task_id: TASK_ID,
      status: 'accepted',
      message: 'The KKT has not been asked yet; it will be. Ask GET /v1/kkt/task/{task_id}.',
    },
  },
})

const closing = (summary: string, description: string) => ({
  tag: TAG,
  summary,
  description,
  parameters: { 'idempotency-key': 'closing-2026-11-22' },
  body: body('The cashier. It may be empty.', { 'By a cashier': CASHIER, 'By nobody': {} }),
  answers: answersOf({ fiscal_doc: CLOSING, totals: TOTALS, ...DRAWER, message: 'The shift is closed.' }),
  problems: ['shift_closed', 'kkt_silent', ...OF_A_TASK],
})

const cash = (summary: string, name: string, done: string, problems: readonly string[]) => ({
  tag: TAG,
  summary,
  description:
    'The KKT makes no fiscal document of it. After a 500, a 503 or no answer, send the same request again with the same key.',
  parameters: { 'idempotency-key': `${name}-2026-11-22-0001` },
  body: {
    description: 'The sum.',
    limitBytes: MAX_BODY_BYTES,
    examples: { 'With a reason': { amount: 5000, reason: 'Change for the morning' }, Bare: { amount: 149.5 } },
  },
  answers: answersOf({ fiscal_doc: null, totals: null, ...DRAWER, message: done }),
  problems: [...problems, ...OF_A_TASK],
})

export const shiftEntries: Book['operations'] = {
  'GET /v1/kkt/shift': {
    tag: TAG,
    summary: 'The shift as it is now',
    description: 'As the KKT tells it. A closed shift shows the counters of the last one.',
    answers: {
      200: {
        description: 'The shift.',
        example: {
          state: 'opened',
          number: 12,
          opened_at: '2026-11-22T06:00:00.000Z',
          expires_at: '2026-11-23T06:00:00.000Z',
          closes_at: '2026-11-23T05:50:00.000Z',
          totals: TOTALS,
          ...DRAWER,
        },
      },
    },
    problems: ['kkt_silent', 'journal_unavailable'],
  },
  'GET /v1/kkt/shift/sales': {
    tag: TAG,
    summary: "The current shift's sales by hour, and what sold most",
    description: 'By the receipts in the journal, without refunds and corrections.',
    answers: {
      200: {
        description: 'The sales.',
        example: {
          by_hour: [{ hour: '2026-11-22T16:00:00+03:00', count: 1, sum: 10549.9 }],
          top_items: [{ name: 'Progressive lenses, index 1.6', quantity: 2, sum: 10400 }],
        },
      },
    },
    problems: ['kkt_silent', 'journal_unavailable'],
  },
  'GET /v1/kkt/shifts': {
    tag: TAG,
    summary: 'List the shifts of which a document is known, newest first',
    parameters: { limit: 20 },
    answers: {
      200: {
        description: 'A page.',
        example: {
          shifts: [
            {
              fn_number: CLOSING.fn_number,
              number: 12,
              opened_at: OPENING.fiscal_instant,
              closed_at: CLOSING.fiscal_instant,
              opening: OPENING,
              closing: CLOSING,
              totals: TOTALS,
            },
          ],
          next_cursor: null,
        },
      },
    },
    problems: ['journal_unavailable'],
  },
  'POST /v1/kkt/shift/open': {
    tag: TAG,
    summary: 'Open the shift',
    description: 'A closed shift opens by itself with the first receipt, too.',
    parameters: { 'idempotency-key': 'opening-2026-11-22' },
    body: body('The cashier. It may be empty.', { 'By a cashier': CASHIER, 'By nobody': {} }),
    answers: answersOf({ fiscal_doc: OPENING, totals: NO_TOTALS, ...DRAWER, message: 'The shift is open.' }),
    problems: ['shift_open', 'shift_expired', 'kkt_silent', ...OF_A_TASK],
  },
  'POST /v1/kkt/shift/close': closing(
    'Close the shift',
    'A closing is known by the number of its shift, so that it is made once without a key, too. With a key, the same request gets the same answer when the next shift is open.',
  ),
  'POST /v1/kkt/z_report': closing('Close the shift, by the name that Odoo calls', 'As POST /v1/kkt/shift/close.'),
  'POST /v1/kkt/x_report': {
    tag: TAG,
    summary: 'Print the X report: the counters of the shift, which goes on',
    parameters: { 'idempotency-key': 'x-2026-11-22-0001' },
    body: body('Nothing.', { Nothing: {} }),
    answers: answersOf({
      fiscal_doc: null,
      totals: TOTALS,
      ...DRAWER,
      message: 'The report is made. The shift goes on.',
    }),
    problems: OF_A_TASK,
  },
  'POST /v1/kkt/cash/in': cash('Put cash into the drawer', 'in', 'The cash is entered.', []),
  'POST /v1/kkt/cash/out': cash('Take cash out of the drawer', 'out', 'The cash is taken out.', ['drawer_too_low']),
  'POST /v1/kkt/receipt/{receipt_id}/copy': {
    tag: TAG,
    summary: "Print a receipt's document once more",
    parameters: { receipt_id: '01a20425-88ce-7000-be2d-76eab0eb441e', 'idempotency-key': 'copy-0001' },
    body: body('Nothing.', { Nothing: {} }),
    answers: answersOf({
      fiscal_doc: null,
      totals: null,
      drawer: null,
      drawer_counted_by: null,
      message: 'The copy is printed.',
    }),
    problems: ['receipt_not_found', 'no_fiscal_document', ...OF_A_TASK],
  },
}
