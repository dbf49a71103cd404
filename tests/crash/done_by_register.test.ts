import { afterAll, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { newFolder, TestClock } from '@kkt/platform/testing.ts'
import { doneByRegister } from './done_by_register.ts'
import type { Journaled } from './task_faults.ts'

const folder = newFolder('done_by_register')
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0
/** A register that has opened its first shift and closed it, as FD 2 and FD 3. */
function setUp() {
  made += 1
  const path = join(folder, `${made}.db`)
  const register = openRegister(
    openDatabase(path),
    { kktNumber: 'KKT-001', timeZone: 'Europe/Moscow' },
    { clock: new TestClock() },
  )
  register.openShift(null)
  register.closeShift(null)
  const fn = register.state().fnNumber
  return { register, fn, doneOf: doneByRegister(path) }
}

const task = (task_id: string, kind: string, more: Partial<Journaled> = {}): Journaled => ({
  task_id,
  kind,
  status: 'done',
  fiscal_doc: null,
  ...more,
})
const named = (fn_number: string, fiscal_doc_number: number) => ({ fiscal_doc: { fn_number, fiscal_doc_number } })

test('a shift that the FN has opened and closed was so by the tasks that name its documents', () => {
  const { fn, doneOf } = setUp()
  const journal = [
    task('opened', 'open_shift', named(fn, 2)),
    task('closed', 'close_shift', { ...named(fn, 3), shift_number: 1 }),
  ]
  expect(doneOf(journal)).toEqual(['opened', 'closed'])
})

test('a task is not done by the word of the journal alone', () => {
  const { fn, doneOf } = setUp()
  const journal = [
    task('opened', 'open_shift', named(fn, 2)),
    task('opened again', 'open_shift', named(fn, 2)),
    task('opened elsewhere', 'open_shift', named(fn, 4)),
    task('closed', 'close_shift', { ...named(fn, 3), shift_number: 1 }),
    task('closed too', 'close_shift', { shift_number: 1 }),
    task('of another shift', 'close_shift', { shift_number: 2 }),
  ]
  expect(doneOf(journal)).toEqual(['opened', 'closed'])
})

test('a document is of a task that could not be told it', () => {
  const { doneOf } = setUp()
  expect(doneOf([task('opened', 'open_shift'), task('closed', 'close_shift', { shift_number: 1 })])).toEqual([
    'opened',
    'closed',
  ])
})

test('a closing that no task did is told, and an opening is not: a register opens shifts by itself', () => {
  const { fn, doneOf } = setUp()
  const refused = task('given up', 'close_shift', { status: 'refused', shift_number: 1 })
  expect(doneOf([refused])).toEqual([`closing of shift 1 of FN ${fn}`])
})

test('a closing may have been given up, where its FN was taken out', () => {
  const { fn, register, doneOf } = setUp()
  const refused = task('given up', 'close_shift', { status: 'refused', shift_number: 1 })
  register.replaceFn()
  expect(doneOf([refused])).toEqual([])
  expect(doneOf([])).toEqual([`closing of shift 1 of FN ${fn}`])
})

test('cash is of the task of its sum, and what leaves no trace is done as the journal has it', () => {
  const { register, doneOf } = setUp()
  register.moveCash(1001)
  register.moveCash(1002)
  const journal = [
    task('cash', 'cash_in', { amount: 10.01 }),
    task('report', 'x_report'),
    task('copy', 'copy', { status: 'refused' }),
    task('opened', 'open_shift'),
    task('closed', 'close_shift', { shift_number: 1 }),
  ]
  expect(doneOf(journal)).toEqual(['opened', 'closed', 'cash', 'cash_in of 10.02', 'report'])
})
