/** The driver's check: it names the field that it refuses, and takes everything else. */
import { describe, expect, test } from 'bun:test'
import { OPERATOR, POSITION, SALE, setUp } from './testing/tasks.ts'

const item = (fields: object) => ({ ...SALE, items: [{ ...POSITION, ...fields }] })
const without = (field: keyof typeof POSITION) => item({ [field]: undefined })
const CORRECTION = { ...SALE, type: 'sellCorrection', correctionType: 'self', correctionBaseDate: '2026.01.02' }

const REFUSED: { field: string; task: unknown }[] = [
  { field: 'задача', task: null },
  { field: 'задача', task: [SALE] },
  { field: 'задача', task: 'sell' },
  { field: '"type"', task: {} },
  { field: '"type"', task: { type: 'getLastFiscalDocument' } },
  { field: '"type"', task: { type: 'getFiscalDocument' } },
  { field: '"type"', task: { type: 'getPaymentTypes' } },
  { field: '"type"', task: { ...SALE, type: 'constructor' } },
  { field: '"payments[0].type"', task: { ...SALE, payments: [{ type: 'credir', sum: 1250 }] } },
  { field: '"payments[1].type"', task: { ...SALE, payments: [...SALE.payments, { type: '10', sum: 1 }] } },
  { field: '"payments[0].type"', task: { ...SALE, payments: [{ type: 1, sum: 1250 }] } },
  { field: '"payments[0].sum"', task: { ...SALE, payments: [{ type: 'cash', sum: '1250' }] } },
  { field: '"payments"', task: { ...SALE, payments: undefined } },
  { field: '"operator.vatin"', task: { ...SALE, operator: { name: 'Иванова А. А.', vatin: 123654789507 } } },
  { field: '"operator.vatin"', task: { type: 'openShift', operator: { name: 'Иванова А. А.', vatin: 123654789507 } } },
  { field: '"taxationType"', task: { ...SALE, taxationType: 'envd' } },
  { field: '"clientInfo.vatin"', task: { ...SALE, clientInfo: { vatin: 7700000009 } } },
  { field: '"electronically"', task: { ...SALE, electronically: 'true' } },
  { field: '"total"', task: { ...SALE, total: '1250.00' } },
  { field: '"items"', task: { ...SALE, items: undefined } },
  { field: '"items[0].type"', task: item({ type: 'goods' }) },
  { field: '"items[0].price"', task: without('price') },
  { field: '"items[0].quantity"', task: without('quantity') },
  { field: '"items[0].amount"', task: without('amount') },
  { field: '"items[0].tax.type"', task: item({ tax: { type: 'vat21' } }) },
  { field: '"items[0].paymentMethod"', task: item({ paymentMethod: '8' }) },
  { field: '"items[0].paymentObject"', task: item({ paymentObject: 'goods' }) },
  { field: '"items[0].measurementUnit"', task: item({ measurementUnit: 'шт' }) },
  {
    field: '"items[0].industryInfo[0].date"',
    task: item({ industryInfo: [{ fois: '030', date: '2023-11-21', number: '1944', industryAttribute: '' }] }),
  },
  { field: '"items[0].imcParams.imc"', task: item({ imcParams: {} }) },
  { field: '"items[0].agentInfo.agents[0]"', task: item({ agentInfo: { agents: ['4'] } }) },
  { field: '"correctionType"', task: { ...CORRECTION, correctionType: undefined } },
  { field: '"correctionBaseDate"', task: { ...CORRECTION, correctionBaseDate: '2026.02.30' } },
  { field: '"cashSum"', task: { type: 'cashIn', caseSum: 1150, operator: OPERATOR } },
  { field: '"fiscalDocumentNumber"', task: { type: 'getFnDocument', fiscalDocumentNumber: '71' } },
  { field: '"fiscalDocumentNumber"', task: { type: 'printFnDocument', fiscalDocumentNumber: 7.1 } },
  { field: '"dateTime"', task: { type: 'setDateTime' } },
  { field: '"items"', task: { type: 'nonFiscal', items: [] } },
]

describe('the driver refuses', () => {
  test.each(REFUSED)('$field of a wrong task, in its check and in its run', ({ field, task }) => {
    const { executor, run } = setUp()
    const error = { code: 501, description: expect.stringContaining(field) }
    expect(executor.check(task)).toMatchObject(error)
    expect(run(task)).toMatchObject({ status: 'error', error })
  })
})

const TAKEN: { what: string; task: object }[] = [
  { what: 'no total', task: { ...SALE, total: undefined } },
  { what: 'no way of settlement', task: without('paymentMethod') },
  { what: 'no subject of settlement', task: without('paymentObject') },
  { what: 'no tax', task: without('tax') },
  { what: 'no name', task: without('name') },
  { what: 'no measure', task: without('measurementUnit') },
  {
    what: 'null for a field that may be missing',
    task: { ...SALE, taxationType: null, clientInfo: null, total: null },
  },
  { what: "no name of the cashier's INN", task: { ...SALE, operator: { vatin: OPERATOR.vatin } } },
  { what: "no INN of the cashier's name", task: { ...SALE, operator: { name: OPERATOR.name } } },
  { what: 'a payment by its number', task: { ...SALE, payments: [{ type: '1', sum: 1250 }] } },
  { what: "a payment of the till's own kind", task: { ...SALE, payments: [{ type: '7', sum: 1250 }] } },
  { what: 'a settlement by its numbers', task: item({ paymentMethod: '4', paymentObject: '33' }) },
  { what: 'a measure by its number', task: item({ measurementUnit: 11 }) },
  { what: 'the older word of the tourist tax', task: item({ paymentObject: 'resortFee' }) },
  { what: 'fields that nobody knows', task: { ...item({ positionTax: 'vat20', piece: true }), constructor: 1 } },
  { what: 'a name of 500 characters', task: item({ name: 'О'.repeat(500) }) },
  { what: 'a tax of 0, which the register counts', task: item({ tax: { type: 'vat22', sum: 0 } }) },
  { what: 'a tax that is right', task: item({ tax: { type: 'vat22', sum: 225.41 } }) },
  { what: 'an element that is only printed', task: { ...SALE, items: [POSITION, { type: 'barcode', barcode: '9' }] } },
  { what: 'cash that gives change', task: { ...SALE, payments: [{ type: 'cash', sum: 2000 }] } },
  { what: 'a payment of nothing', task: { ...SALE, payments: [...SALE.payments, { type: 'cash', sum: 0 }] } },
  {
    what: 'a total that is rounded down',
    task: { ...SALE, total: 1249.01, payments: [{ type: 'cash', sum: 1249.01 }] },
  },
]

describe('the driver takes', () => {
  test.each(TAKEN)('$what', ({ task }) => {
    const { executor, run } = setUp()
    expect(executor.check(task)).toBeNull()
    expect(run(task)).toMatchObject({ status: 'ready' })
  })

  test('each name and each number of a payment', () => {
    const { run } = setUp()
    for (const type of ['cash', 'electronically', 'prepaid', 'credit', 'other', ...'0123456789'])
      expect(run({ ...SALE, payments: [{ type, sum: 1250 }] })).toMatchObject({ status: 'ready' })
  })

  test('each rate that is in force or was since 2019', () => {
    const { run } = setUp()
    const rates = ['none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat20', 'vat22']
    for (const type of [...rates, 'vat105', 'vat107', 'vat110', 'vat120', 'vat122'])
      expect(run(item({ tax: { type } }))).toMatchObject({ status: 'ready' })
  })
})

test("the check looks at the form only: money and cashier are the run's matter", () => {
  const { executor } = setUp()
  expect(executor.check({ ...SALE, operator: undefined, payments: [] })).toBeNull()
})
