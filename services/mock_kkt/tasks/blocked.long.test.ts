/** Documents whose outcome the driver does not know at once. */
import { describe, expect, test } from 'bun:test'
import type { TaskFault } from '../executor.ts'
import { OPERATOR, SALE, setUp } from './testing/tasks.ts'

const breaks = (isMade: boolean, code = 2): TaskFault => ({ kind: 'blocked', code, isMade, ms: 3000 })

describe('a document that the connection was lost for', () => {
  test('is found in the FN afterwards, where it was made', () => {
    const { register, executor, blocked } = setUp()
    const told = blocked(SALE, { fault: breaks(true) })
    expect(told).toEqual({
      expectedFd: 3,
      fnNumber: register.state().fnNumber,
      reason: 'connectionError',
      error: { code: 2, description: 'Нет связи с ККТ' },
      ms: 3000,
    })
    expect(executor.settle(SALE, told)).toMatchObject({
      status: 'ready',
      result: {
        fiscalParams: { fiscalDocumentNumber: 3, total: 1250 },
        warnings: { notPrinted: false, recovered: true },
      },
    })
    expect(register.state().lastFdNumber).toBe(3)
  })

  test('is not made, where the FN does not hold it', () => {
    const { register, executor, blocked } = setUp()
    const told = blocked(SALE, { fault: breaks(false) })
    expect(told).toMatchObject({ expectedFd: 3 })
    expect(executor.settle(SALE, told)).toMatchObject({ status: 'error', error: { code: 123 } })
    expect(register.state().lastFdNumber).toBe(1)
  })

  test('is not that of another FN with the same number', () => {
    const { register, executor, blocked, run } = setUp()
    const told = blocked(SALE, { fault: breaks(true) })
    register.replaceFn()
    for (let i = 0; i < 3; i++) run(SALE)
    expect(executor.settle(SALE, told)).toMatchObject({ status: 'error', error: { code: 123 } })
  })

  test('is not one of another kind', () => {
    const { executor, blocked, run } = setUp()
    const told = blocked(SALE, { fault: breaks(false) })
    run({ type: 'openShift', operator: OPERATOR })
    run({ type: 'closeShift', operator: OPERATOR })
    expect(executor.settle(SALE, told)).toMatchObject({ status: 'error', error: { code: 123 } })
  })

  test('is a closing as well as a receipt', () => {
    const { executor, blocked, run } = setUp()
    run(SALE)
    const close = { type: 'closeShift', operator: OPERATOR }
    const told = blocked(close, { fault: breaks(true, 104) })
    expect(told).toMatchObject({ reason: 'fnError', expectedFd: 4 })
    expect(executor.settle(close, told)).toMatchObject({ result: { fiscalParams: { receiptsCount: 1 } } })
  })

  test('blocks nothing when the error leaves no doubt, or when the receipt is wrong anyway', () => {
    const { run, register } = setUp()
    expect(run(SALE, { fault: breaks(true, 66) })).toMatchObject({ status: 'error', error: { code: 66 } })
    expect(run({ ...SALE, payments: [] }, { fault: breaks(true) })).toMatchObject({ error: { code: 66 } })
    expect(run({ type: 'cashIn', cashSum: 1 }, { fault: breaks(true) })).toMatchObject({ error: { code: 2 } })
    expect(register.state()).toMatchObject({ lastFdNumber: 1, drawerKopecks: 0 })
  })

  test('is expected with its number before it is begun', () => {
    const { executor, register, run } = setUp()
    const { fnNumber } = register.state()
    expect(executor.expects(SALE)).toEqual({ expectedFd: 3, fnNumber })
    expect(executor.expects({ type: 'openShift', operator: OPERATOR })).toEqual({ expectedFd: 2, fnNumber })
    expect(executor.expects({ type: 'getFnStatus' })).toBeNull()
    expect(executor.expects({ type: 'sell' })).toBeNull()
    run(SALE)
    expect(executor.expects(SALE)).toEqual({ expectedFd: 4, fnNumber })
  })
})

describe('a document that is not on paper', () => {
  test('is ready and says so, by default', () => {
    const { run, register } = setUp()
    for (const fault of [{ kind: 'not_printed' }, { kind: 'close_fails_but_closed' }] as const)
      expect(run(SALE, { fault })).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: true } } })
    expect(register.state().lastFdNumber).toBe(4)
  })

  test.each([SALE, { type: 'openShift', operator: OPERATOR }, { type: 'reportOfdExchangeStatus', operator: OPERATOR }])(
    'is not on paper in the FN either, until the rest of it is printed: $type',
    (task) => {
      for (const kind of ['not_printed', 'close_fails_but_closed'] as const) {
        const { register, run } = setUp()
        const onPaper = () => register.documentsAfter(1, 9).map(({ isOnPaper }) => isOnPaper)
        run(task, { fault: { kind } })
        expect(onPaper().at(-1)).toBe(false)
        run({ type: 'continuePrint' })
        expect(onPaper()).not.toContain(false)
      }
    },
  )

  test('is told so also by a look in the FN after a crash', () => {
    const { register, executor, run } = setUp()
    const expected = executor.expects(SALE)
    run(SALE, { fault: { kind: 'not_printed' } })
    if (expected === null) throw new Error('a sale makes a document')
    const crashed = { ...expected, reason: 'connectionError', error: { code: 2, description: '' }, ms: 0 } as const
    expect(executor.settle(SALE, crashed)).toMatchObject({
      result: { warnings: { notPrinted: true, recovered: true } },
    })
    expect(register.state().owesPaper).toBe(true)
  })

  test('an electronic receipt waits for no paper, so it is none', () => {
    const { register, run } = setUp()
    const electronic = { ...SALE, electronically: true, clientInfo: { emailOrPhone: 'buyer@mail.test' } }
    const end = run(electronic, { fault: { kind: 'not_printed' } })
    expect(end).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: false } } })
    expect(register.state().owesPaper).toBe(false)
  })

  test('stops the queue where the settings say so, until there is paper', () => {
    const { executor, set, register, blocked } = setUp()
    set({ paper_out: true })
    const told = blocked(SALE, { blocksOnPrintErrors: true })
    expect(told).toMatchObject({ reason: 'paperError', error: { code: 44 }, expectedFd: 3 })
    expect(executor.settle(SALE, told)).toMatchObject({ status: 'blocked', blocked: { expectedFd: 3 } })
    set({ paper_out: false })
    const end = executor.settle(SALE, told)
    expect(end).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: false } } })
    expect(end).not.toHaveProperty('result.warnings.recovered')
    expect(register.state().owesPaper).toBe(false)
  })

  test('stops the queue for a fault of the printer, too', () => {
    const { blocked, executor } = setUp()
    const told = blocked(SALE, { blocksOnPrintErrors: true, fault: { kind: 'not_printed' } })
    expect(executor.settle(SALE, told)).toMatchObject({ status: 'ready' })
  })
})
