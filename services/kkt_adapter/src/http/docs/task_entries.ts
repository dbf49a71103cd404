import type { Book } from '@kkt/platform/docs/book.ts'
import { MAX_BODY_BYTES } from '../receipt_schema.ts'
import { CLOSING, CLOSING_TASK, DRAWER, TASK_ID } from './shift_examples.ts'

const TAG = 'Shift and cash'
const SLIPS = {
  headers: { 'Cache-Control': '`no-store`: the answer says what the shop took.' },
  mediaType: 'text/plain',
  example: '     ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ\n',
  otherTypes: { 'text/html': '<!doctype html>', 'application/octet-stream': '\u001b@\u001bt\u0011' },
}

export const taskEntries: Book['operations'] = {
  'GET /v1/kkt/tasks': {
    tag: TAG,
    summary: 'List the tasks of the KKT, newest first',
    description: 'Those that wait for an operator have the status `unclear`.',
    parameters: { status: 'done', kind: 'close_shift', limit: 20 },
    answers: { 200: { description: 'A page.', example: { tasks: [CLOSING_TASK], next_cursor: null } } },
    problems: ['journal_unavailable'],
  },
  'GET /v1/kkt/task/{task_id}': {
    tag: TAG,
    summary: 'Look one task up',
    parameters: { task_id: TASK_ID },
    answers: { 200: { description: 'The task.', example: CLOSING_TASK } },
    problems: ['task_not_found', 'journal_unavailable'],
  },
  'POST /v1/kkt/task/{task_id}/settle': {
    tag: TAG,
    summary: 'Say whether an unclear task was done',
    description:
      'For an operator who has looked at the tape or into the drawer. The KKT is not asked again: a task that was not done is refused, and may be asked for once more.',
    parameters: { task_id: TASK_ID },
    body: {
      description: 'The word of the operator.',
      limitBytes: MAX_BODY_BYTES,
      examples: { 'It was done': { done: true, reason: 'The slip is on the tape' }, 'It was not': { done: false } },
    },
    answers: {
      200: {
        description: 'The task has ended.',
        example: {
          task_id: TASK_ID,
          kind: 'cash_out',
          status: 'done',
          created_at: '2026-11-22T12:05:02.410Z',
          changed_at: '2026-11-22T12:31:40.002Z',
          amount: 3000.5,
          fiscal_doc: null,
          totals: null,
          ...DRAWER,
          last_error: null,
        },
      },
    },
    problems: ['task_not_found', 'task_not_unclear', 'journal_unavailable'],
  },
  'GET /v1/kkt/shifts/{fn_number}/{number}/slip': {
    tag: TAG,
    summary: "The document of a shift's opening or closing, to be printed or shown",
    parameters: {
      fn_number: CLOSING.fn_number,
      number: CLOSING.shift_number,
      document: 'closing',
      format: 'text',
      width: 32,
    },
    answers: { 200: { description: 'The slip.', ...SLIPS } },
    problems: ['shift_not_found', 'journal_unavailable'],
  },
  'GET /v1/kkt/task/{task_id}/slip': {
    tag: TAG,
    summary: 'The slip of a report, of cash, or of a document of a shift',
    parameters: { task_id: TASK_ID, format: 'text', width: 32 },
    answers: { 200: { description: 'The slip.', ...SLIPS } },
    problems: ['task_not_found', 'no_slip', 'journal_unavailable'],
  },
}
