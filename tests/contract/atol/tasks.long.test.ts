import { describe, expect, test } from 'bun:test'
import { CLOSE, OPEN, SALE, saleOf, type Task, without } from './fixtures/fixture.ts'
import { cash, OTHERS } from './fixtures/others.ts'
import { RECEIPTS } from './fixtures/receipts.ts'
import { UUID } from './routes/route.ts'
import { driverRequest, driverTask } from './tasks.ts'

const refusedFor = (task: Task) => driverTask.safeParse(task).error?.message ?? 'it is taken'

test.each([...RECEIPTS, ...OTHERS].map(({ says, task }) => ({ says, task })))(
  'a driver may send: $says',
  ({ task }) => {
    expect<unknown>(driverTask.parse(task)).toEqual(task)
  },
)

describe('a driver may not send', () => {
  const CORRECTION = { ...SALE, type: 'sellCorrection', correctionType: 'self', correctionBaseDate: '2026.01.02' }

  test.each<[string, Task]>([
    ['an unknown task', { type: 'getLastFiscalDocument' }],
    ['a field that nobody knows', saleOf({ positionTax: { type: 'vat20' } })],
    ['the payment of the books', { ...SALE, payments: [{ type: 'credir', sum: 1250 }] }],
    ['an INN as a number', { ...SALE, operator: { name: 'Иванова', vatin: 123654789507 } }],
    ['no cashier', without(SALE, 'operator')],
    ['no total', without(SALE, 'total')],
    ['no way of settlement', saleOf({ paymentMethod: undefined })],
    ['no VAT', saleOf({ tax: undefined })],
    ['the discount of the books', saleOf({ infoDiscountSum: 1 })],
    ['envd', { ...SALE, taxationType: 'envd' }],
    ['18 %', saleOf({ tax: { type: 'vat18' } })],
    ['parts of a kopeck', { ...SALE, total: 1249.999 }],
    ['a long name', saleOf({ name: 'я'.repeat(129) })],
    ['no quantity', saleOf({ quantity: 0, amount: 0 })],
    ['an amount that is not price by quantity', saleOf({ amount: 1250.02 })],
    ['payments below the total', { ...SALE, payments: [{ type: 'electronically', sum: 1249 }] }],
    ['more by card than the total', { ...SALE, payments: [{ type: '1', sum: 1251 }] }],
    ['a total above the items', { ...SALE, total: 1251, payments: [{ type: 'cash', sum: 1251 }] }],
    ['a total a rouble below', { ...SALE, total: 1249, payments: [{ type: 'cash', sum: 1249 }] }],
    ['no items', { ...SALE, items: [{ type: 'text', text: 'a' }], total: 0 }],
    ['half of the cashless told', { ...SALE, paymentsAddInfo: [{ sum: 1, paymentMethod: 1, electronicallyId: 'a' }] }],
    ['a sale on the internet without a contact', { ...SALE, internet: true }],
    [
      'an attribute of 17 letters',
      { ...SALE, items: [...[SALE['items']].flat(), { type: 'additionalAttribute', value: 'x'.repeat(17) }] },
    ],
    ['a day by ISO', { ...CORRECTION, correctionBaseDate: '2026-01-02' }],
    ['an order without a number', { ...CORRECTION, correctionType: 'instruction' }],
    ['cash by the name of the books', { ...without(cash('cashIn', 1), 'cashSum'), caseSum: 1 }],
    ['a time by ISO', { type: 'setDateTime', dateTime: '2026-11-22T16:43:06' }],
  ])('%s', (_, task) => {
    expect(refusedFor(task)).not.toBe('it is taken')
  })

  test('two fiscal documents in one request', () => {
    const isTaken = (request: readonly Task[]) => driverRequest.safeParse({ uuid: UUID, request }).success
    expect(isTaken([SALE])).toBe(true)
    expect(isTaken([{ type: 'getFnStatus' }, SALE, { type: 'getFnStatus' }])).toBe(true)
    expect(isTaken([OPEN, SALE])).toBe(false)
    expect(isTaken([SALE, CLOSE])).toBe(false)
  })
})

test('the parts that a total is made of are told apart', () => {
  expect(refusedFor({ ...SALE, payments: [{ type: 'cash', sum: 1249 }] })).toContain('(66)')
  expect(refusedFor({ ...SALE, payments: [{ type: 'credit', sum: 1251 }] })).toContain('(52)')
})
