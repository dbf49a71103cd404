/** Every task that the adapter's driver emits, held against the schema of tasks, which knows nothing of the adapter. */
import { describe, expect, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { AGENT_TYPES } from '../../../services/kkt_adapter/src/domain/agent.ts'
import { CORRECTION_TYPES } from '../../../services/kkt_adapter/src/domain/correction.ts'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from '../../../services/kkt_adapter/src/domain/item.ts'
import { MARKING_STATUSES } from '../../../services/kkt_adapter/src/domain/marking.ts'
import { OPERATIONS } from '../../../services/kkt_adapter/src/domain/operation.ts'
import { PAYMENT_TYPES } from '../../../services/kkt_adapter/src/domain/payment.ts'
import type { ReceiptId } from '../../../services/kkt_adapter/src/domain/receipt.ts'
import { TAXATION_SYSTEMS } from '../../../services/kkt_adapter/src/domain/taxation.ts'
import { VATS } from '../../../services/kkt_adapter/src/domain/vat.ts'
import { receiptBody } from '../../../services/kkt_adapter/src/http/receipt_schema.ts'
import { taskOfReceipt } from '../../../services/kkt_adapter/src/kkt/atol/task_of_receipt.ts'
import { copyTask, readDocumentTask, taskOfWork } from '../../../services/kkt_adapter/src/kkt/atol/task_of_work.ts'
import { item, receipt } from '../../../services/kkt_adapter/src/testing/receipt_bodies.ts'
import { anyReceipt } from '../../harness/any_receipt.ts'
import { driverRequest } from './tasks.ts'

const ID = '0199d3a0-5f6e-7000-8a3b-2c1d4e5f6a7b' as ReceiptId
const UUID = 'a3f0c2d4-6d1b-4e57-9b0a-3c5d7e9f1b2d'
const CASHIER = { name: 'Иванова А. А.', inn: '500100732259' }
const FACTS = {
  registered: { ffdVersion: '1.2', defaultTaxationSystem: 'osn' },
  signOf: () => '3449555941',
} as const

/** The task of a till's body, as it goes over the wire. */
const wire = (task: object): unknown => JSON.parse(JSON.stringify({ uuid: UUID, request: [task] }))
const taskOf = (body: object) => taskOfReceipt(ID, receiptBody.parse({ cashier: CASHIER, ...body }), FACTS)

/** The schema strips nothing and refuses what it does not know, so its output is the task. */
const expectTaken = (task: object): void => {
  expect<unknown>(driverRequest.safeParse(wire(task)).error?.issues ?? []).toEqual([])
}

const ofItem = (more: object, overrides: object = {}) =>
  receipt([item({ vat_rate: undefined, vat: 'vat22', ...more })], { ...overrides })
const CODE = Buffer.from('010460043993125621JgXJ5.T\u001d930001').toString('base64')
const isMarked = (object: string) => object.endsWith('_with_marking')

describe('a task of the driver keeps to the schema:', () => {
  test.each([...OPERATIONS])('operation %s, and each correction of it', (type) => {
    expectTaken(taskOf(ofItem({}, { type })))
    for (const kind of CORRECTION_TYPES) {
      const correction = { type: kind, date: '2026-01-02', number: '12/7' }
      expectTaken(taskOf(ofItem({}, { type, correction })))
      expectTaken(taskOf(ofItem({}, { type, correction, corrects: { receipt_id: ID } })))
    }
    expectTaken(taskOf(ofItem({}, { type, correction: { type: 'self', date: '2026-01-02' } })))
  })
  test.each([...VATS])('VAT %s', (vat) => expectTaken(taskOf(ofItem({ vat }))))
  test.each([...PAYMENT_TYPES])('payment %s', (type) =>
    expectTaken(taskOf(ofItem({}, { payments: [{ type, amount: 100 }] }))),
  )
  test.each([...TAXATION_SYSTEMS])('taxation system %s', (taxation_system) =>
    expectTaken(taskOf(ofItem({ vat: 'none' }, { taxation_system }))),
  )
  test.each([...PAYMENT_METHODS])('way of settlement %s', (payment_method) =>
    expectTaken(taskOf(ofItem({ payment_method }))),
  )
  test.each([...PAYMENT_OBJECTS])('subject of settlement %s', (payment_object) =>
    expectTaken(taskOf(ofItem({ payment_object, ...(isMarked(payment_object) ? { marking_code: CODE } : {}) }))),
  )
  test.each([...MEASURES])('measure %s', (measure) => expectTaken(taskOf(ofItem({ measure }))))
  test.each([...MARKING_STATUSES])('a marked good that is %s', (marking_status) =>
    expectTaken(taskOf(ofItem({ marking_code: CODE, marking_status, fraction: '1/2' }))),
  )
  test.each([...AGENT_TYPES])('agent %s', (type) => {
    const phones = ['+7 495 123-45-67']
    const details = {
      bank_paying_agent: { phones, transfer_operator: { phones, name: 'Банк', address: 'Москва', inn: '7700000009' } },
      bank_paying_subagent: { operation: 'Приём платежа' },
      paying_agent: { phones, operation: 'Приём платежа', receiver_phones: phones },
      paying_subagent: {},
      attorney: {},
      commission_agent: {},
      another: {},
    }
    const supplier = { phones, name: 'ООО «Поставщик»', inn: '7700000009' }
    expectTaken(taskOf(ofItem({ agent: { type, ...details[type] }, supplier })))
  })
  test('a gift that nobody pays', () => expectTaken(taskOf(receipt([item({ price: 0, total: 0 })], { payments: [] }))))
})

test('works of the KKT keep to the schema', () => {
  const cashier = { name: 'Сидорова', inn: '500100732259' }
  const tasks = [
    taskOfWork({ kind: 'open_shift', cashier }, null),
    taskOfWork({ kind: 'open_shift', cashier: null }, CASHIER),
    taskOfWork({ kind: 'close_shift', shiftNumber: 12, cashier: null }, CASHIER),
    taskOfWork({ kind: 'x_report' }, CASHIER),
    taskOfWork({ kind: 'cash_in', amountKopecks: 115_001, reason: null }, CASHIER),
    taskOfWork({ kind: 'cash_out', amountKopecks: 1, reason: 'инкассация' }, CASHIER),
    copyTask(71),
    readDocumentTask(71),
  ]
  for (const task of tasks) expectTaken(task)
})

const RUNS = LONG ? 20_000 : 100
/** A text of the length that is taken, and of any characters, those beyond the code page as well. */
const text = (most: number) => fc.string({ unit: 'grapheme', minLength: 1, maxLength: most })

test(
  `any receipt that a till may send makes a task that keeps to the schema (SEED=${SEED})`,
  () => {
    const texts = fc.record({
      name: text(128),
      attribute: text(16),
      place: text(256),
      user: text(64),
      value: text(256),
    })
    let taken = 0
    fc.assert(
      fc.property(fc.nat(), texts, (draws, { name, attribute, place, user, value }) => {
        const drawn = anyReceipt('POS-1', seededRandom(draws))
        const withTexts = {
          ...drawn,
          items: drawn.items.map((one) => ({ ...one, name, attribute })),
          place,
          user_attribute: { name: user, value },
        }
        expectTaken(taskOf(drawn))
        if (!receiptBody.safeParse(withTexts).success) return
        taken += 1
        expectTaken(taskOf(withTexts))
      }),
      { seed: SEED, numRuns: RUNS },
    )
    expect(taken).toBeGreaterThan(RUNS / 5)
  },
  LONG ? 120_000 : 10_000,
)
