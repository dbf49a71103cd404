import { describe, expect, test } from 'bun:test'
import type { FiscalDoc } from '../../domain/receipt.ts'
import type { TaskWork } from '../../domain/task.ts'
import { AT, FN, ID, inTag, OTHER_FN, SALE_OF_100, shiftStatus } from '../../testing/atol_answers.ts'
import { atolKit, NEVER_CAME, TASK_ID, TOKEN } from '../../testing/atol_driver.ts'
import { LAST_FD } from '../../testing/atol_server.ts'
import { content } from '../../testing/kit.ts'
import { requestUuid } from './requests.ts'

const FD = LAST_FD + 1
const OPEN: TaskWork = { kind: 'open_shift', cashier: null }
const CLOSE: TaskWork = { kind: 'close_shift', shiftNumber: 12, cashier: null }
const CASH: TaskWork = { kind: 'cash_in', amountKopecks: 115_000, reason: null }
const REPORT: TaskWork = { kind: 'x_report' }
const COPY: TaskWork = { kind: 'copy', receiptId: ID }
const closed = () => shiftStatus({ state: 'closed' })

/** A register whose journal has a receipt's document. */
function withDocument(fdNumber: number, fnNumber = FN) {
  const kit = atolKit()
  kit.receipts.set(ID, { content: content(), fiscalDoc: { fdNumber, fnNumber } as FiscalDoc })
  return kit
}

describe('a task', () => {
  test('opens a shift, and tells its document', async () => {
    const { perform, server } = atolKit()
    server.shift = closed()
    const result = { doc: { kind: 'shift_opening', fdNumber: FD, shiftNumber: 12 }, totals: null }
    expect(await perform(OPEN)).toMatchObject({ kind: 'done', result })
    expect(server.posts.map(({ uuid }) => uuid)).toEqual([requestUuid(TASK_ID, 1)])
  })

  test('closes a shift, and tells its document with the counters', async () => {
    const { perform } = atolKit()
    const result = {
      doc: { kind: 'shift_closing', fdNumber: FD },
      totals: { cashIn: { sumKopecks: 10_000 } },
      drawerKopecks: 134_980,
    }
    expect(await perform(CLOSE)).toMatchObject({ kind: 'done', result })
  })

  test('puts cash in, prints a report and prints a copy', async () => {
    const { perform, server } = atolKit()
    expect(await perform(CASH)).toEqual({ kind: 'done', result: { doc: null, totals: null, drawerKopecks: 134_500 } })
    const report = atolKit()
    expect(await report.perform(REPORT)).toMatchObject({ kind: 'done', result: { drawerKopecks: 134_980 } })
    const copy = withDocument(LAST_FD)
    expect(await copy.perform(COPY)).toMatchObject({ kind: 'done' })
    expect([server.done, report.server.done, copy.server.done]).toEqual([['cashIn'], ['reportX'], ['printFnDocument']])
  })

  test.each<[string, TaskWork, object]>([
    ['an opening while a shift is open', OPEN, shiftStatus()],
    ['a closing of no shift', CLOSE, closed()],
    ['a closing of an earlier shift', CLOSE, shiftStatus({ number: 13 })],
    ['a copy of a receipt without a document', COPY, shiftStatus()],
  ])('is refused for good, and nothing is asked: %s', async (_, work, shift) => {
    const { perform, server, attempts } = atolKit()
    server.shift = shift as ReturnType<typeof shiftStatus>
    expect(await perform(work)).toMatchObject({ kind: 'refused', isLasting: true })
    expect([server.posts, attempts.of(TASK_ID)]).toEqual([[], []])
  })

  test.each<[TaskWork, number, boolean]>([
    [CLOSE, 44, false],
    [CLOSE, 73, true],
    [REPORT, 44, true],
    [CASH, 55, false],
    [CASH, 172, true],
    [CASH, 73, false],
  ])('%j with error %i is refused, lasting: %p', async (work, code, isLasting) => {
    const { perform, lookupTask, server } = atolKit()
    server.endScript.push({ kind: 'error', code })
    expect(await perform(work)).toMatchObject({ kind: 'refused', isLasting })
    expect(await lookupTask(work)).toEqual({ kind: 'absent', fnNumber: FN })
  })
})

describe('invariant 14: a task whose outcome is not known', () => {
  test('and whose request is known is looked up by it', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.isHiding = true
    expect(await perform(CASH)).toMatchObject({ kind: 'unknown' })
    server.isHiding = false
    expect(await lookupTask(CASH)).toMatchObject({ kind: 'done', result: { drawerKopecks: 134_500 } })
    expect(server.done).toEqual(['cashIn'])
  })

  test('is found in the FN where it closed a shift', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.postScript.push('lost_after', 'lost_before', 'lost_before')
    await perform(CLOSE)
    server.forget()
    expect(await lookupTask(CLOSE)).toMatchObject({ kind: 'done', result: { doc: { fdNumber: FD } } })
  })

  test('is absent where the FN shows no closing of that shift, and is asked for again under the same uuid', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await perform(CLOSE)
    server.file({ '1038': 11 }, { fiscalDocumentType: 'closeShift' })
    expect(await lookupTask(CLOSE)).toEqual({ kind: 'absent', fnNumber: FN })
    expect(await perform(CLOSE)).toMatchObject({ kind: 'done' })
    expect(new Set(server.posts.map(({ uuid }) => uuid)).size).toBe(1)
  })

  test.each([CASH, REPORT])('and whose request is gone cannot be told without a document: %j', async (work) => {
    const { perform, lookupTask, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await perform(work)
    expect(await lookupTask(work)).toMatchObject({ kind: 'untellable' })
  })

  test('is left to an operator where the FN does not tell', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await perform(CLOSE)
    server.file({})
    server.documents.clear()
    expect(await lookupTask(CLOSE)).toMatchObject({
      kind: 'untellable',
      reason: expect.stringContaining(`document ${FD}`),
    })
  })

  test('is absent in another FN', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.postScript.push(...NEVER_CAME)
    await perform(CLOSE)
    server.swapFn(OTHER_FN)
    expect(await lookupTask(CLOSE)).toEqual({ kind: 'absent', fnNumber: OTHER_FN })
  })

  test('is done without a document where another FN is in the KKT by now', async () => {
    const { perform, lookupTask, server } = atolKit()
    server.endScript.push({ kind: 'blocked', times: 40, next: { kind: 'ready', params: { fnNumber: FN } } })
    expect(await perform(CLOSE)).toMatchObject({ kind: 'unknown' })
    server.swapFn(OTHER_FN)
    server.lastFd = LAST_FD
    server.file({ '1038': 3 }, { fiscalDocumentType: 'closeShift' })
    expect(await lookupTask(CLOSE)).toMatchObject({ kind: 'done', result: { doc: null } })
  })

  test('is found in the FN where its result is in a form that is not known, and else left to an operator', async () => {
    const unfit = { kind: 'ready', params: { fiscalDocumentNumber: 'many' } } as const
    const found = atolKit()
    found.server.endScript.push(unfit)
    expect(await found.perform(CLOSE)).toMatchObject({ kind: 'done', result: { doc: { fdNumber: FD } } })
    const { perform, lookupTask, server } = atolKit()
    server.endScript.push(unfit)
    server.onQuestion = () => {
      server.lastFd = LAST_FD
    }
    await perform(CLOSE)
    expect(await lookupTask(CLOSE)).toMatchObject({ kind: 'untellable' })
  })

  test('is done without a document where the FN cannot read that', async () => {
    const { perform, server, log } = atolKit()
    server.onQuestion = (name) => {
      if (name === 'getFnDocument') server.documents.clear()
    }
    expect(await perform(CLOSE)).toMatchObject({ kind: 'done', result: { doc: null } })
    expect(log.text()).toContain('kkt_document_not_told')
  })

  test('because its connection broke is looked for in the FN', async () => {
    const { perform, server } = atolKit()
    server.endScript.push({ kind: 'error', code: 2, makes: true })
    expect(await perform(CLOSE)).toMatchObject({ kind: 'done', result: { doc: { fdNumber: FD } } })
    const cash = atolKit()
    cash.server.endScript.push({ kind: 'error', code: 2 })
    expect(await cash.perform(CASH)).toMatchObject({ kind: 'unknown' })
    expect(await cash.lookupTask(CASH)).toMatchObject({ kind: 'untellable' })
  })

  test('is absent where the register was never asked', async () => {
    const { lookupTask } = atolKit()
    expect(await lookupTask(CASH)).toEqual({ kind: 'absent', fnNumber: FN })
  })

  test('is done by another process as an earlier one asked for it', async () => {
    const { perform, start, ended, server } = atolKit()
    expect(await perform(CASH)).toMatchObject({ kind: 'done' })
    expect(await ended(start().perform({ id: TASK_ID, work: CASH }, TOKEN))).toMatchObject({ kind: 'done' })
    expect(server.done).toEqual(['cashIn'])
  })
})

describe('the paper of a receipt', () => {
  test('is finished where its document is the last one', async () => {
    const { driver, ended, server } = withDocument(LAST_FD)
    expect(await ended(driver.reprint(ID, TOKEN))).toEqual({ kind: 'done' })
    expect(server.done).toEqual(['continuePrint'])
  })

  test('is printed from the FN where there is a later one', async () => {
    const { driver, ended, server } = withDocument(LAST_FD - 1)
    expect(await ended(driver.reprint(ID, TOKEN))).toEqual({ kind: 'done' })
    expect(server.done).toEqual(['printFnDocument'])
  })

  test.each([
    ['there is paper', { kind: 'error', code: 44 }],
    ['the KKT is free', { kind: 'error', code: 55 }],
    ['it comes to its turn', { kind: 'interrupted' }],
  ] as const)('waits until %s, and no copy is printed', async (_, end) => {
    const { driver, ended, server } = withDocument(LAST_FD)
    server.endScript.push(end)
    expect(await ended(driver.reprint(ID, TOKEN))).toMatchObject({ kind: 'refused', isLasting: false })
    expect(server.done).toEqual(['continuePrint'])
  })

  test.each([13, 123, 151])('is printed from the FN where error %i ends the rest of it', async (code) => {
    const { driver, ended, server } = withDocument(LAST_FD)
    server.endScript.push({ kind: 'error', code })
    expect(await ended(driver.reprint(ID, TOKEN))).toEqual({ kind: 'done' })
    expect(server.done).toEqual(['continuePrint', 'printFnDocument'])
  })

  test('is refused for good where another FN is in the KKT, and is unknown while nobody answers', async () => {
    const { driver, ended, server } = withDocument(LAST_FD, OTHER_FN)
    expect(await ended(driver.reprint(ID, TOKEN))).toMatchObject({ kind: 'refused', isLasting: true })
    server.isSilent = true
    expect(await ended(driver.reprint(ID, TOKEN))).toMatchObject({ kind: 'unknown' })
  })
})

describe('the register', () => {
  test('tells its documents in order, leaves out one that the FN cannot read, and says so in the log', async () => {
    const { driver, ended, server, log } = atolKit()
    server.file({ '1038': 13 }, { fiscalDocumentType: 'openShift' })
    server.file({}, { fiscalDocumentType: 'registration' })
    server.file(SALE_OF_100)
    server.file({ ...SALE_OF_100, ...inTag(ID) })
    server.documents.delete(FD + 1)
    const documents = await ended(driver.documentsAfter(LAST_FD, 500))
    expect(documents).toMatchObject([
      { fdNumber: FD, receipt: null, ofShift: { kind: 'shift_opening', shiftNumber: 13 } },
      { fdNumber: FD + 2, receipt: null, ofShift: null },
      { fdNumber: FD + 3, receipt: { id: ID, content: null }, ofShift: null },
    ])
    expect(log.text()).toContain(`document ${FD + 1} of the FN cannot be read`)
    expect(await ended(driver.documentsAfter(LAST_FD, 1))).toHaveLength(1)
  })

  test('tells its state, with the trouble of its queue, and its counters', async () => {
    const { driver, ended, server } = atolKit()
    expect(await ended(driver.state())).toMatchObject({
      fnNumber: FN,
      lastFdNumber: LAST_FD,
      trouble: null,
      clockMs: Date.parse(AT) + 20_000,
    })
    expect(await ended(driver.shiftReport())).toMatchObject({ shift: { number: 12 }, drawerKopecks: 134_980 })
    server.isBlocked = true
    expect(await ended(driver.state())).toMatchObject({ trouble: 'busy' })
    server.shift = shiftStatus({ state: 'expired' })
    expect(await ended(driver.state())).toMatchObject({ trouble: 'shift_expired' })
  })

  test('that is busy or silent tells nothing, and its state is not waited for as long as the rest', async () => {
    const { driver, ended, server, clock } = atolKit()
    server.queryStatus = 408
    expect([await ended(driver.state()), await ended(driver.shiftReport())]).toEqual([null, null])
    server.isSilent = true
    expect(await ended(driver.documentsAfter(0, 500))).toBeNull()
    const askedMs = clock.monotonicMs()
    expect(await ended(driver.state())).toBeNull()
    expect(clock.monotonicMs() - askedMs).toBeLessThanOrEqual(5250)
  })
})
