import { describe, expect, test } from 'bun:test'
import type { Asked } from './office.ts'
import { type TaskHistory, taskFaults } from './task_faults.ts'

const asked = (more: Partial<Asked> = {}): Asked => ({
  key: 'office-1',
  kind: 'cash_in',
  path: '/v1/kkt/cash/in',
  body: {},
  taskIds: new Set(['a']),
  end: 'done',
  ...more,
})
const closing = (shift_number: number, fiscal_doc_number: number) =>
  ({
    kind: 'shift_closing',
    shift_number,
    fiscal_doc_number,
    receipt_id: null,
    receipt_number: null,
    on_paper: true,
  }) as const
const done = (task_id: string) => ({ task_id, kind: 'cash_in', status: 'done', fiscal_doc: null })
const SOUND: TaskHistory = {
  asked: [asked()],
  journal: [done('a'), { ...done('b'), status: 'refused' }],
  done: ['a'],
  fn: [closing(1, 3), closing(2, 9)],
  isLossy: false,
}

test('where all agree, nothing is wrong', () => expect(taskFaults(SOUND)).toEqual([]))

describe('invariant 14: it is told that', () => {
  test.each<[Partial<TaskHistory>, string]>([
    [{ done: ['a', 'a'] }, 'task a was done 2 times'],
    [{ done: ['a', 'c'] }, 'task c was done, and is not in the journal'],
    [{ done: ['a', 'b'] }, 'task b was done, and is refused in the journal'],
    [{ done: [] }, 'task a is done in the journal, and the KKT has not done it'],
    [{ journal: [done('a'), { ...done('b'), status: 'unknown' }] }, 'task b is still unknown in the end'],
    [{ asked: [asked({ end: null })] }, 'office-1 of the office, cash_in, was never answered'],
    [
      { asked: [asked({ taskIds: new Set(['a', 'x']), end: 'refused' })] },
      'office-1 of the office was answered with tasks a, x',
    ],
    [{ asked: [asked({ taskIds: new Set(['b']) })] }, 'task b was answered as done, and is refused in the journal'],
    [
      { asked: [asked({ taskIds: new Set(['a']), end: 'not_taken' })] },
      'task a was answered as not taken in the end, and is done in the journal',
    ],
    [{ fn: [closing(1, 3), closing(1, 4)] }, '2 times: shift_closing of shift 1'],
  ])('%p', (wrong, fault) => {
    expect(taskFaults({ ...SOUND, ...wrong })).toEqual([fault])
  })
})

test('a journal that was damaged may have lost tasks, and done others again', () => {
  const lost = { ...SOUND, isLossy: true, done: ['a', 'c'], asked: [asked({ taskIds: new Set(['c', 'a']) })] }
  expect(taskFaults(lost)).toEqual([])
  expect(taskFaults({ ...lost, done: ['a', 'a'] })).toEqual(['task a was done 2 times'])
})
