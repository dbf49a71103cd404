/** The results of tasks, in the form that a client reads. */
import { describe, expect, test } from 'bun:test'
import { OPERATOR, SALE, setUp } from './testing/tasks.ts'

const OPEN = { type: 'openShift', operator: OPERATOR, electronically: false }
const CLOSE = { type: 'closeShift', operator: OPERATOR, electronically: false }
const NUMBERS = {
  fiscalDocumentSign: expect.stringMatching(/^\d{1,10}$/),
  fiscalDocumentDateTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+03:00$/),
  fnNumber: expect.stringMatching(/^\d{16}$/),
  registrationNumber: expect.stringMatching(/^\d{16}$/),
  fnsUrl: 'www.nalog.gov.ru',
}

describe('documents', () => {
  test('a receipt in a closed shift opens it, and says so beside its result', () => {
    expect(setUp().run(SALE)).toEqual({
      status: 'ready',
      result: {
        fiscalParams: {
          ...NUMBERS,
          fiscalDocumentNumber: 3,
          fiscalReceiptNumber: 1,
          shiftNumber: 1,
          total: 1250,
        },
        warnings: { notPrinted: false },
      },
      warnings: { shiftAutoOpened: true },
    })
  })

  test('the next one opens nothing', () => {
    const { run } = setUp()
    run(SALE)
    expect(run(SALE)).toMatchObject({
      result: { fiscalParams: { fiscalDocumentNumber: 4, fiscalReceiptNumber: 2 } },
      warnings: null,
    })
  })

  test('a shift opens and closes, each with a document of its own', () => {
    const { result } = setUp()
    const warnings = { notPrinted: false }
    expect(result(OPEN)).toEqual({
      fiscalParams: { ...NUMBERS, fiscalDocumentNumber: 2, shiftNumber: 1 },
      warnings,
    })
    result(SALE)
    expect(result(CLOSE)).toEqual({
      fiscalParams: { ...NUMBERS, fiscalDocumentNumber: 4, shiftNumber: 1, receiptsCount: 1 },
      warnings,
    })
  })

  test('the report of the exchange with the OFD has a number, too', () => {
    expect(setUp().result({ type: 'reportOfdExchangeStatus', operator: OPERATOR })).toMatchObject({
      fiscalParams: { fiscalDocumentNumber: 2 },
    })
  })
})

describe('paper that is out', () => {
  test('stops no document, but the next one, until there is paper', () => {
    const { set, run, code } = setUp()
    set({ paper_out: true })
    expect(run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: true } } })
    expect(code(SALE)).toBe(44)
    expect(code({ type: 'continuePrint' })).toBe(44)
    set({ paper_out: false })
    expect(run({ type: 'continuePrint' })).toEqual({ status: 'ready', result: null, warnings: null })
    expect(run(SALE)).toMatchObject({ status: 'ready', result: { warnings: { notPrinted: false } } })
  })

  test('comes out with the next document where nobody asks for it', () => {
    const { set, register, run } = setUp()
    set({ paper_out: true })
    run(SALE)
    set({ paper_out: false })
    expect(run(SALE)).toMatchObject({ status: 'ready' })
    expect(register.state().owesPaper).toBe(false)
  })

  test('is no matter of an electronic receipt', () => {
    const { set, run } = setUp()
    set({ paper_out: true })
    run(OPEN)
    set({ paper_out: false })
    run({ type: 'continuePrint' })
    set({ paper_out: true })
    const clientInfo = { emailOrPhone: 'a@b.test' }
    expect(run({ ...SALE, electronically: true, clientInfo })).toMatchObject({
      result: { warnings: { notPrinted: false } },
    })
  })
})

describe('cash', () => {
  test('moves, and its sum is told', () => {
    const { run, result } = setUp()
    run(OPEN)
    expect(run({ type: 'cashIn', cashSum: 1345.1, operator: OPERATOR })).toEqual({
      status: 'ready',
      result: { counters: { cashSum: 1345.1 } },
      warnings: null,
    })
    expect(result({ type: 'cashOut', cashSum: 345.05, operator: OPERATOR })).toEqual({ counters: { cashSum: 1000.05 } })
    expect(result({ type: 'getCashDrawerStatus' })).toEqual({
      cashDrawerStatus: { cashDrawerOpened: false },
      counters: { cashSum: 1000.05 },
    })
  })

  test('opens a closed shift when a cashier is named', () => {
    const { run, register } = setUp()
    expect(run({ type: 'cashIn', cashSum: 1 })).toMatchObject({ status: 'ready', warnings: null })
    expect(register.state().shift.kind).toBe('closed')
    expect(run({ type: 'cashIn', cashSum: 1, operator: OPERATOR })).toMatchObject({
      warnings: { shiftAutoOpened: true },
    })
    expect(register.state().shift.kind).toBe('opened')
  })

  test('that is too much opens no shift', () => {
    const { code, register } = setUp()
    expect(code({ type: 'cashOut', cashSum: 1, operator: OPERATOR })).toBe(80)
    expect(register.state().shift.kind).toBe('closed')
  })
})

describe('states', () => {
  test('of the shift: closed, opened with both names of its end, expired', async () => {
    const { clock, result, run } = setUp()
    const status = () => result({ type: 'getShiftStatus' })
    expect(status()).toEqual({ shiftStatus: { state: 'closed', number: 0, documentsCount: 0 } })
    run(OPEN)
    const end = '2026-02-01T15:00:00+03:00'
    expect(status()).toEqual({
      shiftStatus: { state: 'opened', number: 1, documentsCount: 1, expiredTime: end, expiredAt: end },
    })
    await clock.advance(24 * 60 * 60 * 1000)
    expect(status()).toMatchObject({ shiftStatus: { state: 'expired' } })
  })

  test('of the device, its FN and the exchange', () => {
    const { set, register, result, run } = setUp()
    run(SALE)
    set({ cover_open: true })
    expect(result({ type: 'getDeviceStatus' })).toEqual({
      deviceStatus: {
        currentDateTime: '2026-01-31T15:00:00+03:00',
        shift: 'opened',
        blocked: false,
        coverOpened: true,
        paperPresent: true,
        fiscal: true,
        fnFiscal: true,
        fnPresent: true,
        cashDrawerOpened: false,
      },
    })
    const warnings = {
      criticalError: false,
      memoryOverflow: false,
      needReplacement: false,
      ofdTimeout: false,
      resourceExhausted: false,
    }
    expect(result({ type: 'getFnStatus' })).toEqual({
      fnStatus: { fiscalDocumentNumber: 3, fiscalReceiptNumber: 1, warnings },
    })
    expect(result({ type: 'getFnInfo' })).toMatchObject({
      fnInfo: {
        serial: register.state().fnNumber,
        livePhase: 'fiscalMode',
        validityDate: '2029-01-31T00:00:00+03:00',
        warnings,
      },
    })
    expect(result({ type: 'getDeviceInfo' })).toMatchObject({
      deviceInfo: { model: 69, modelName: 'АТОЛ 77Ф', serial: register.registration.serialNumber, ffdVersion: '1.2' },
    })
    expect(result({ type: 'ofdExchangeStatus' })).toMatchObject({
      status: {
        notSentCount: 3,
        notSentFirstDocNumber: 1,
        notSentFirstDocDateTime: '2026-01-31T15:00:00+03:00',
      },
      errors: { network: { code: 0 }, ofd: { code: 0 }, fn: { code: 0 } },
    })
    expect(result({ type: 'ismExchangeStatus' })).toMatchObject({ status: { notSentCount: 0 } })
  })

  test('of the registration', () => {
    const { register, result } = setUp({ taxationSystems: ['osn', 'usn_income', 'patent'] })
    const { registrationNumber } = register.registration
    expect(result({ type: 'getRegistrationInfo' })).toMatchObject({
      organization: { name: 'ООО "ТЕСТ"', vatin: '7700000009', taxationTypes: ['osn', 'usnIncome', 'patent'] },
      device: { registrationNumber, defaultTaxationType: 'osn', ffdVersion: '1.2' },
      ofd: { port: 7777 },
    })
  })

  test('of the counters, of the shift and of the FN', () => {
    const { run, result } = setUp()
    run(SALE)
    run({ ...SALE, payments: [{ type: 'cash', sum: 2000 }] })
    run({ type: 'cashIn', cashSum: 100, operator: OPERATOR })
    const sell = { count: 2, sum: 2500, payments: { cash: 1250, electronically: 1250, 'userPaymentType-5': 0 } }
    expect(result({ type: 'getShiftTotals' })).toMatchObject({
      shiftTotals: {
        shiftNumber: 1,
        receipts: { sell, sellReturn: { count: 0, sum: 0 } },
        income: { sum: 100, count: 1 },
        outcome: { sum: 0, count: 0 },
      },
    })
    run(CLOSE)
    run({ ...SALE, type: 'sellReturn' })
    expect(result({ type: 'getShiftTotals' })).toMatchObject({ shiftTotals: { receipts: { sell: { count: 0 } } } })
    expect(result({ type: 'getOverallTotals' })).toMatchObject({
      overallTotals: { receipts: { sell, sellReturn: { count: 1, sum: 1250 } } },
    })
  })
})

test('tasks that only act have no result', () => {
  const { run } = setUp()
  run(SALE)
  const acts = [
    { type: 'reportX', operator: OPERATOR },
    { type: 'nonFiscal', items: [{ type: 'text', text: 'Спасибо' }] },
    { type: 'openCashDrawer' },
    { type: 'printLastReceiptCopy' },
    { type: 'printFnDocument', fiscalDocumentNumber: 1 },
  ]
  for (const task of acts) expect(run(task)).toEqual({ status: 'ready', result: null, warnings: null })
})

test("the clock is set by the register's own zone", () => {
  const { run, register } = setUp()
  expect(run({ type: 'setDateTime', dateTime: '2026.11.22 18:00:00' })).toMatchObject({ status: 'ready' })
  expect(register.state().clockMs).toBe(Date.UTC(2026, 10, 22, 15))
})

test('a copy of a receipt wants one', () => {
  expect(setUp().code({ type: 'printLastReceiptCopy' })).toBe(123)
})

test('a report takes longer than a receipt, and a question less', () => {
  const { takesMs } = setUp().executor
  expect(takesMs(SALE, 0)).toBe(200)
  expect(takesMs(SALE, 0.5)).toBe(350)
  expect(takesMs(CLOSE, 0.5)).toBe(1050)
  expect(takesMs({ type: 'ofdExchangeStatus' }, 0)).toBe(20)
  expect(takesMs(null, 0)).toBe(200)
})
