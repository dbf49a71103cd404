/** The driver on the mock register, in one process. */
import { describe, expect, onTestFinished, test } from 'bun:test'
import { asking, createKeptLog } from '@kkt/fault-kit/testing.ts'
import { openRegister } from '@kkt/mock-kkt/device/open_register.ts'
import { sharedMockKkt } from '@kkt/mock-kkt/testing/shared.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { FiscalDoc, ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import type { TaskWork } from '../../domain/task.ts'
import { endedOn, memoryAttempts, TASK_ID, TOKEN } from '../../testing/atol_driver.ts'
import { ACCOUNT } from '../../testing/atol_server.ts'
import { content, freshKey } from '../../testing/kit.ts'
import { newKktDatabase, requestsDatabase } from '../../testing/memory_database.ts'
import { nextId, taskOf } from '../../testing/mock_kkt_kit.ts'
import { createAtolDriver } from './driver.ts'

const SOLD: ReceiptContent = { ...content(), cashier: { name: 'Иванова А. А.' }, taxationSystem: 'osn' }
/** Behind the registration and the opening of the shift. */
const FIRST_FD = 3
const CASH: TaskWork = { kind: 'cash_in', amountKopecks: 115_000, reason: null }

function onMock() {
  const clock = new TestClock()
  const log = createKeptLog()
  const register = openRegister(newKktDatabase(), { kktNumber: 'KKT-007' }, { clock })
  const mock = sharedMockKkt({
    clock,
    logger: log.logger,
    register,
    db: requestsDatabase(),
    account: ACCOUNT,
    startsActive: true,
    times: { receiptMinMs: 200, receiptMaxMs: 500 },
    tell: async () => undefined,
  })
  const receipts = new Map<ReceiptId, { content: ReceiptContent; fiscalDoc: FiscalDoc | null }>()
  let questions = 0
  const driver = createAtolDriver({
    url: 'http://kkt.test:16732',
    ...ACCOUNT,
    device: null,
    kktNumber: 'KKT-007',
    clock,
    logger: log.logger,
    send: (request) => mock.app.handle(request),
    newUuid: () => `00000000-0000-4000-8000-${String(++questions).padStart(12, '0')}`,
    attempts: memoryAttempts(clock),
    receipt: (id) => receipts.get(id) ?? null,
    signOf: () => null,
    cashier: () => ({ name: 'Иванова А. А.' }),
  })
  onTestFinished(() => {
    driver.close()
    register.close()
  })
  const ended = endedOn(clock)
  return {
    clock,
    driver,
    ended,
    log,
    fault: (change: object) => asking(mock.app)('POST', '/_test/config', change),
    async fiscalize(id: ReceiptId, sold = SOLD) {
      receipts.set(id, { content: sold, fiscalDoc: null })
      const [outcome] = await ended(driver.fiscalize([{ id, key: freshKey(), content: sold }], TOKEN))
      if (outcome?.kind === 'done') receipts.set(id, { content: sold, fiscalDoc: outcome.doc })
      return outcome
    },
    perform: (work: TaskWork) => ended(driver.perform({ id: TASK_ID, work }, TOKEN)),
    /** The ids of the receipts in the FN, in order. */
    async inFn(): Promise<(ReceiptId | null)[]> {
      const documents = await ended(driver.documentsAfter(0, 500))
      return (documents ?? []).flatMap(({ receipt }) => (receipt ? receipt.id : []))
    },
  }
}

test('a receipt opens the shift and is made, and a later one is made in it', async () => {
  const { fiscalize, inFn } = onMock()
  const [first, second] = [nextId(), nextId()]
  const shiftOpened = { kind: 'shift_opening', fdNumber: FIRST_FD - 1, shiftNumber: 1 }
  const doc = { fdNumber: FIRST_FD, shiftNumber: 1, receiptNumber: 1, totalKopecks: 10_000 }
  expect(await fiscalize(first)).toMatchObject({ kind: 'done', paper: 'printed', doc, shiftOpened })
  const next = await fiscalize(second)
  expect(next).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD + 1, receiptNumber: 2 } })
  expect(next).not.toHaveProperty('shiftOpened')
  expect(await inFn()).toEqual([first, second])
})

describe('invariant 2: each receipt is in the FN once', () => {
  test.each<[string, object]>([
    ['whose POST is lost before it is queued', { reset_before_effect: { times: 1, match: { task: 'sell' } } }],
    [
      'whose POST is answered after it is queued by nothing',
      { reset_after_effect: { times: 1, match: { task: 'sell' } } },
    ],
    ['whose look-up gets 404', { request_unknown: 1 }],
    ['that is blocked, and made', { blocked: { made: true, seconds: 5, times: 1 } }],
    ['that is blocked, and not made', { blocked: { made: false, seconds: 5, times: 1 } }],
    ['that is blocked for longer than the driver waits', { blocked: { made: true, seconds: 50, times: 1 } }],
    ['whose closing fails and is done', { close_fails_but_closed: 1 }],
    ['that ends with an error of the connection', { task_error: { code: 2, times: 1 } }],
    ['that ends with an error without a rule', { task_error: { code: 999, times: 1 } }],
    ['whose service restarts with its queue', { restart: { queue: 'kept', seconds: 1 } }],
  ])('%s', async (_, change) => {
    const { fiscalize, driver, ended, fault, inFn } = onMock()
    const [id, next] = [nextId(), nextId()]
    await fiscalize(nextId())
    const { status } = await fault(change)
    expect(status).toBe(200)
    for (let rounds = 0; rounds < 5; rounds++) {
      const outcome = await fiscalize(id)
      if (outcome?.kind === 'done' || (outcome?.kind === 'refused' && outcome.isLasting)) break
      const found = await ended(driver.lookup(id, TOKEN))
      if (found.kind === 'found') break
    }
    expect(await fiscalize(next)).toMatchObject({ kind: 'done' })
    const ids = await inFn()
    const mayBeRefused = JSON.stringify(change).includes('999')
    expect(ids.filter((one) => one === id)).toHaveLength(mayBeRefused ? 0 : 1)
    expect(ids.at(-1)).toBe(next)
  })

  test('whose results are deleted after it is made', async () => {
    const { fiscalize, driver, ended, fault, inFn } = onMock()
    const id = nextId()
    await fiscalize(id)
    await fault({ results_deleted: true })
    expect(await ended(driver.lookup(id, TOKEN))).toMatchObject({ kind: 'found', doc: { fdNumber: FIRST_FD } })
    expect(await fiscalize(id)).toMatchObject({ kind: 'done', doc: { fdNumber: FIRST_FD } })
    expect(await inFn()).toEqual([id])
  })

  test('whose FN is replaced before its outcome is known: it is absent in the other', async () => {
    const { fiscalize, driver, ended, fault } = onMock()
    const id = nextId()
    await fiscalize(id)
    const before = await ended(driver.state())
    await fault({ fn_swapped: true, results_deleted: true })
    const lookup = await ended(driver.lookup(id, TOKEN))
    const state = await ended(driver.state())
    expect(state?.fnNumber).not.toBe(before?.fnNumber ?? '')
    expect(lookup).toEqual({ kind: 'absent', fnNumber: state?.fnNumber ?? '' })
  })
})

describe('the other tasks', () => {
  test('a shift is opened and closed with its documents, and an opening of an open one is refused', async () => {
    const { perform, driver, ended, fiscalize } = onMock()
    expect(await perform({ kind: 'open_shift', cashier: null })).toMatchObject({
      kind: 'done',
      result: { doc: { shiftNumber: 1 } },
    })
    await fiscalize(nextId())
    const again = ended(driver.perform(taskOf({ kind: 'open_shift', cashier: null }), TOKEN))
    expect(await again).toMatchObject({ kind: 'refused', isLasting: true })
    const closing: TaskWork = { kind: 'close_shift', shiftNumber: 1, cashier: null }
    const closed = await ended(driver.perform(taskOf(closing), TOKEN))
    expect(closed).toMatchObject({
      kind: 'done',
      result: {
        doc: { kind: 'shift_closing', receiptCount: 1 },
        totals: { receipts: { sale: { count: 1, sumKopecks: 10_000 } } },
      },
    })
  })

  test('cash is counted, a report is printed, and a lost answer is found by the request', async () => {
    const { perform, driver, ended, fault } = onMock()
    await fault({ reset_after_effect: { times: 1, match: { task: 'cashIn' } } })
    expect(await perform(CASH)).toMatchObject({ kind: 'done', result: { drawerKopecks: 115_000 } })
    expect(await ended(driver.lookupTask({ id: TASK_ID, work: CASH }, TOKEN))).toMatchObject({ kind: 'done' })
    const report = await ended(driver.perform(taskOf({ kind: 'x_report' }), TOKEN))
    expect(report).toMatchObject({ kind: 'done', result: { drawerKopecks: 115_000, totals: { cashIn: { count: 1 } } } })
  })

  test('a receipt that is not on paper is told, and its paper is finished', async () => {
    const { fiscalize, driver, ended, fault, inFn } = onMock()
    const id = nextId()
    await fault({ not_printed: { times: 1, match: { task: 'sell' } } })
    expect(await fiscalize(id)).toMatchObject({ kind: 'done', paper: 'missing' })
    expect(await ended(driver.reprint(id, TOKEN))).toEqual({ kind: 'done' })
    expect(await inFn()).toEqual([id])
  })

  test('no paper is waited for, and an expired shift is told', async () => {
    const { fiscalize, driver, ended, fault } = onMock()
    await fiscalize(nextId())
    await fault({ cover_open: true })
    expect(await fiscalize(nextId())).toMatchObject({
      kind: 'refused',
      isLasting: false,
      reason: expect.stringContaining('крышка'),
    })
    expect(await ended(driver.state())).toMatchObject({ trouble: 'cover_open' })
    await fault({ cover_open: false, shift_expired: true })
    expect(await fiscalize(nextId())).toMatchObject({ kind: 'refused', isLasting: false })
    expect(await ended(driver.state())).toMatchObject({ trouble: 'shift_expired' })
  })
})
