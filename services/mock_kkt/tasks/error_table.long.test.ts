/** The table of errors: each row that a state or a task of this register leads to is provoked, and a fault leads to each code. */
import { describe, expect, test } from 'bun:test'
import type { KktFaultsChange } from '../device/faults.ts'
import { ERROR_CODES, ERRORS, isErrorCode } from './errors.ts'
import { OPERATOR, POSITION, SALE, saleOf, setUp } from './testing/tasks.ts'

type Device = ReturnType<typeof setUp>
/** A task, and the work before it if there is any. */
type Row = { code: number; when: string; before?: (device: Device) => unknown; task: object; path?: string }

const DAY_MS = 24 * 60 * 60 * 1000
const open = ({ run }: Device) => run({ type: 'openShift', operator: OPERATOR })
const faulty = (faults: KktFaultsChange) => (device: Device) => device.set(faults)
const pays = (...payments: object[]) => ({ ...SALE, payments })
const item = (fields: object, more: object = {}) => ({ ...SALE, items: [{ ...POSITION, ...fields }], ...more })
const marked = (imcParams: object, fields: object = {}) => item({ imcParams, ...fields })
const IMC = { imc: 'MDEwNDYwMTIzNDU2Nzg5MDIxQUJD', imcType: 'auto' }
const correction = { ...SALE, type: 'sellCorrection', correctionType: 'self', correctionBaseDate: '2026.01.02' }

const ROWS: Row[] = [
  { code: 55, when: 'the register is busy', before: faulty({ busy: 2 }), task: SALE },
  {
    code: 44,
    when: 'there is no paper after a document that owes some',
    before({ set, run }) {
      set({ paper_out: true })
      run(SALE)
    },
    task: SALE,
  },
  {
    code: 44,
    when: 'there is no paper for a report',
    before: faulty({ paper_out: true }),
    task: { type: 'reportX' },
  },
  { code: 45, when: 'the cover is open', before: faulty({ cover_open: true }), task: SALE },
  { code: 46, when: 'the printer is out of order', before: faulty({ printer_fault: true }), task: SALE },
  {
    code: 68,
    when: 'the shift is open for more than 24 hours',
    before(device) {
      open(device)
      return device.clock.advance(DAY_MS)
    },
    task: SALE,
  },
  { code: 73, when: 'a closed shift is closed', task: { type: 'closeShift', operator: OPERATOR } },
  { code: 83, when: 'an open shift is opened', before: open, task: { type: 'openShift', operator: OPERATOR } },
  {
    code: 83,
    when: 'the clock is set in an open shift',
    before: open,
    task: { type: 'setDateTime', dateTime: '2026.11.22 16:43:06' },
  },
  {
    code: 36,
    when: 'the clock is behind the last document',
    before: faulty({ clock_behind_seconds: 3600 }),
    task: SALE,
  },
  {
    code: 77,
    when: 'a day is set that does not exist',
    task: { type: 'setDateTime', dateTime: '2026.02.30 10:00:00' },
  },
  { code: 118, when: 'the FN is broken', before: faulty({ fn_broken: true }), task: SALE },
  { code: 120, when: 'the FN has expired', before: faulty({ fn_expired: true }), task: SALE },
  { code: 121, when: 'the FN is full', before: faulty({ fn_full: true }), task: SALE },
  { code: 123, when: 'the FN holds no such document', task: { type: 'getFnDocument', fiscalDocumentNumber: 71 } },
  {
    code: 140,
    when: 'the OFD has been silent too long',
    before(device) {
      open(device)
      device.set({ unsent_for_days: 31 })
    },
    task: SALE,
  },
  { code: 52, when: 'cashless payments exceed the total', task: pays({ type: 'electronically', sum: 1250.01 }) },
  { code: 63, when: 'the items come to more than a counter holds', task: tooMuchInAll() },
  { code: 66, when: 'the payments are below the total', task: pays({ type: 'cash', sum: 1249.99 }) },
  { code: 66, when: 'nothing is paid', task: pays() },
  {
    code: 79,
    when: 'a refund would need change',
    task: { ...pays({ type: 'cash', sum: 1300 }), type: 'sellReturn' },
  },
  { code: 80, when: 'more is taken out than there is', task: { type: 'cashOut', cashSum: 0.01, operator: OPERATOR } },
  { code: 227, when: 'the total is above the items', task: { ...SALE, total: 1250.01 } },
  { code: 227, when: 'the total is a rouble below the items', task: { ...SALE, total: 1249 } },
  { code: 16, when: 'a price is negative', task: item({ price: -1 }), path: 'items[0].price' },
  { code: 16, when: 'an amount is not price times quantity', task: item({ amount: 1250.02 }), path: 'items[0].amount' },
  { code: 17, when: 'a quantity is 0', task: item({ quantity: 0 }), path: 'items[0].quantity' },
  { code: 17, when: 'two pieces share a marking code', task: marked(IMC, { quantity: 2, amount: 2500 }) },
  { code: 16, when: 'cash of nothing is moved', task: { type: 'cashIn', cashSum: 0 }, path: 'cashSum' },
  { code: 61, when: 'an item costs more than a counter holds', task: saleOf({}, 42_949_672.96) },
  { code: 110, when: 'there is no position', task: { ...SALE, items: [{ type: 'text', text: 'Спасибо' }] } },
  { code: 134, when: 'the document is larger than the FN takes', task: item({ name: 'Я'.repeat(40_000) }) },
  { code: 128, when: 'a tax is more than its item', task: item({ tax: { type: 'vat22', sum: 1300 } }) },
  { code: 243, when: 'a tax is not that of its rate', task: item({ tax: { type: 'vat22', sum: 200 } }) },
  { code: 143, when: 'a taxation system is not registered', task: { ...SALE, taxationType: 'esn' } },
  { code: 144, when: 'a rate of 18 % is used', task: item({ tax: { type: 'vat18' } }) },
  { code: 219, when: 'rates of 18 % and 20 % meet', task: eighteenAndTwenty() },
  { code: 195, when: 'a marked good is bought', task: { ...marked(IMC), type: 'buy' } },
  {
    code: 148,
    when: "a cashier's INN is not a person's",
    task: { ...SALE, operator: { name: 'А', vatin: '7700000009' } },
  },
  { code: 161, when: 'an electronic receipt has no contact', task: { ...SALE, electronically: true } },
  { code: 161, when: 'an order has no number', task: { ...correction, correctionType: 'instruction' } },
  {
    code: 167,
    when: 'a commission agent takes payments',
    task: item({ agentInfo: { agents: ['commissionAgent'], payingAgent: { operation: 'Перевод' } } }),
  },
  { code: 271, when: 'a name has a control character', task: item({ name: 'Очки\u0007' }), path: 'items[0].name' },
  { code: 172, when: 'no cashier is named', task: { ...SALE, operator: undefined } },
  { code: 172, when: 'a shift is opened without a cashier', task: { type: 'openShift' } },
  { code: 89, when: 'the register is not registered', before: faulty({ not_registered: true }), task: SALE },
  { code: 409, when: 'a marking code is not base64', task: marked({ imc: '???' }), path: 'items[0].imcParams.imc' },
  { code: 501, when: 'a payment is on `credir`', task: pays({ type: 'credir', sum: 1250 }), path: 'payments[0].type' },
]

function tooMuchInAll() {
  const positions = Array.from({ length: 24 }, () => ({ ...POSITION, price: 42_000_000, amount: 42_000_000 }))
  return { ...SALE, items: positions, payments: [{ type: 'cash', sum: 1_008_000_000 }], total: undefined }
}

function eighteenAndTwenty() {
  const rates = ['vat18', 'vat20'].map((type) => ({ ...POSITION, tax: { type } }))
  return { ...SALE, items: rates, payments: [{ type: 'cash', sum: 2500 }], total: 2500 }
}

describe('the driver ends a task', () => {
  test.each(ROWS)('with $code when $when', async ({ code, before, task, path }) => {
    const device = setUp({ taxationSystems: ['osn', 'usn_income', 'patent'] })
    await before?.(device)
    const { lastFdNumber } = device.register.state()
    const end = device.run(task)
    expect(end).toMatchObject({ status: 'error', error: { code, description: expect.stringContaining(path ?? '') } })
    expect(device.register.state().lastFdNumber).toBe(lastFdNumber)
  })

  test('with none of them when nothing is wrong', () => {
    expect(setUp().code(SALE)).toBe(0)
    expect(setUp().code(correction)).toBe(0)
    expect(setUp().code(marked(IMC))).toBe(0)
  })
})

describe('a fault', () => {
  test.each(ERROR_CODES.map((code) => ({ code })))('leads to $code at each step, and nothing is made', ({ code }) => {
    const { register, run } = setUp()
    const { lastFdNumber } = register.state()
    for (const at of ['open', 'position', 'close'] as const) {
      const { description } = isErrorCode(code) ? ERRORS[code] : { description: '' }
      const end = run(SALE, { fault: { kind: 'error', code, at } })
      expect(end).toEqual({ status: 'error', error: { code, description } })
    }
    expect(register.state().lastFdNumber).toBe(lastFdNumber)
  })

  test('may have a code that the table does not know', () => {
    const fault = { kind: 'error', code: 9999, at: 'open' } as const
    expect(setUp().run(SALE, { fault })).toEqual({
      status: 'error',
      error: { code: 9999, description: 'Неизвестная ошибка' },
    })
  })
})

test('the table tells whether a document may be in the FN', () => {
  const unknown = ERROR_CODES.filter((code) => ERRORS[code].isFiscalised === 'unknown')
  expect(unknown).toEqual([1, 2, 3, 4, 32, 104, 107, 108, 115, 151, 159, 173, 174, 175, 176, 177, 178, 241])
})
