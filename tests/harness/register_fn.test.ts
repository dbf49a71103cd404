import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { content } from '@kkt/adapter/src/testing/kit.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { registerCash, registerFn, requestOf } from './register_fn.ts'
import { idOf } from './sample_history.ts'

const folder = mkdtempSync(join(tmpdir(), 'register-'))
afterAll(() => rmSync(folder, { recursive: true }))

let made = 0
/** A register whose memory is a file. */
function setUp() {
  made += 1
  const path = join(folder, `${made}.db`)
  const options = { kktNumber: 'KKT-001', timeZone: 'Europe/Moscow' }
  return { path, register: openRegister(openDatabase(path), options, { clock: new TestClock() }) }
}

const ID = idOf(1)
const OURS: ReceiptContent = { ...content(), userAttribute: { name: 'receipt_id', value: ID } }
const TILLS: ReceiptContent = { ...content(), userAttribute: { name: 'Карта', value: '7' } }
const receiptsIn = (path: string, ids: string[]) =>
  registerFn(path, ids).flatMap(({ kind, receipt_id, fiscal_doc_number: fd }) =>
    kind === 'receipt' ? [[fd, receipt_id]] : [],
  )

describe('the documents of a register', () => {
  test.each([
    ['by tag 1084', OURS, []],
    ['by the name of its request, where the till uses that tag', TILLS, [idOf(2), ID]],
  ])('are those of one receipt, and two of it are two: found %s', (_how, of, ids) => {
    const { path, register } = setUp()
    register.receipt(of, requestOf(ID, 1))
    register.receipt(of, requestOf(ID, 3))
    expect(receiptsIn(path, ids)).toEqual([
      [3, ID],
      [4, ID],
    ])
  })

  test('are nobody’s where no receipt was asked for by that request', () => {
    const { path, register } = setUp()
    const stranger = requestOf(idOf(3), 1)
    register.receipt(TILLS, stranger)
    expect(receiptsIn(path, [ID])).toEqual([[3, stranger]])
  })

  test('are told of an FN that was taken out, too, and before those of the next', () => {
    const { path, register } = setUp()
    register.receipt(OURS, requestOf(ID, 1))
    const { oldFnNumber, newFnNumber } = register.replaceFn()
    register.receipt(TILLS, requestOf(ID, 2))
    const told = registerFn(path, [ID]).map(({ fn_number, kind, isInKkt, receipt_id }) => [
      fn_number,
      kind,
      isInKkt,
      receipt_id,
    ])
    expect(told).toEqual([
      [oldFnNumber, 'registration', false, null],
      [oldFnNumber, 'shift_opening', false, null],
      [oldFnNumber, 'receipt', false, ID],
      [newFnNumber, 'registration', true, null],
      [newFnNumber, 'shift_opening', true, null],
      [newFnNumber, 'receipt', true, ID],
    ])
  })
})

test('cash that was moved is told in order', () => {
  const { path, register } = setUp()
  for (const kopecks of [1001, -902]) register.moveCash(kopecks)
  expect(registerCash(path)).toEqual([
    { kind: 'cash_in', amount: 10.01 },
    { kind: 'cash_out', amount: 9.02 },
  ])
})
