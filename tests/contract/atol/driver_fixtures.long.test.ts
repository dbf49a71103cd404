/** The recorded receipts that a till of ours may ask for: the driver emits the same task, and says what a client left to a default. */
import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { receiptBody } from '../../../services/kkt_adapter/src/http/receipt_schema.ts'
import {
  CORRECTION_NAMES,
  MEASURE_NAMES,
  METHOD_NAMES,
  OBJECT_NAMES,
  OPERATION_NAMES,
  PAYMENT_NAMES,
  TAXATION_NAMES,
  wordsByName,
} from '../../../services/kkt_adapter/src/kkt/atol/task_names.ts'
import { taskOfReceipt } from '../../../services/kkt_adapter/src/kkt/atol/task_of_receipt.ts'
import { ID, registered } from '../../../services/kkt_adapter/src/testing/atol_answers.ts'
import type { Task } from './fixtures/fixture.ts'
import { RECEIPTS } from './fixtures/receipts.ts'
import { driverRequest } from './tasks.ts'

const recorded = z.looseObject({
  type: z.string(),
  taxationType: z.string(),
  operator: z.object({ name: z.string(), vatin: z.string() }),
  items: z
    .array(
      z.strictObject({
        type: z.literal('position'),
        name: z.string(),
        price: z.number(),
        quantity: z.number(),
        amount: z.number(),
        measurementUnit: z.string(),
        paymentMethod: z.string(),
        paymentObject: z.string(),
        tax: z.object({ type: z.string() }),
        imcParams: z.looseObject({ imc: z.string() }).optional(),
      }),
    )
    .min(1),
  payments: z.array(z.object({ type: z.string(), sum: z.number() })),
  total: z.number(),
  correctionType: z.string().optional(),
  correctionBaseDate: z.string().optional(),
  correctionBaseNumber: z.string().optional(),
})

const OPERATION_WORDS = new Map([...wordsByName(OPERATION_NAMES), ...wordsByName(CORRECTION_NAMES)])
const [SYSTEMS, MEASURES, METHODS] = [
  wordsByName(TAXATION_NAMES),
  wordsByName(MEASURE_NAMES),
  wordsByName(METHOD_NAMES),
]
const [OBJECTS, PAYMENTS] = [wordsByName(OBJECT_NAMES), wordsByName(PAYMENT_NAMES)]

/** @returns a till's body that asks for the task; null for one of which our tills have no word, such as a number for a name */
function bodyOf(task: Task) {
  const parsed = recorded.safeParse(task)
  if (!parsed.success) return null
  const { operator, items, payments, total, correctionType, correctionBaseDate, correctionBaseNumber } = parsed.data
  const number = correctionBaseNumber || undefined
  const date = correctionBaseDate?.replaceAll('.', '-')
  const body = receiptBody.safeParse({
    pos_id: 'POS-1',
    type: OPERATION_WORDS.get(parsed.data.type),
    taxation_system: SYSTEMS.get(parsed.data.taxationType),
    cashier: { name: operator.name, inn: operator.vatin },
    items: items.map((item) => ({
      name: item.name,
      price: item.price,
      quantity: item.quantity,
      total: item.amount,
      vat: item.tax.type,
      measure: MEASURES.get(item.measurementUnit) ?? null,
      payment_method: METHODS.get(item.paymentMethod) ?? null,
      payment_object: OBJECTS.get(item.paymentObject) ?? null,
      ...(item.imcParams && { marking_code: item.imcParams.imc }),
    })),
    payments: payments.map(({ type, sum }) => ({ type: PAYMENTS.get(type) ?? null, amount: sum })),
    total,
    ...(correctionType && { correction: { type: correctionType, date, ...(number && { number }) } }),
  })
  return body.success ? body.data : null
}

/** A number of nothing says what a missing one says, and a client need not name what is false. */
const expectedOf = ({ items, validateMarkingCodes: _, correctionBaseNumber, ...task }: Task): object =>
  correctionBaseNumber ? { ...task, correctionBaseNumber } : task

const FACTS = { registered: registered(), signOf: () => null }
const asked = RECEIPTS.flatMap(({ says, task }) => {
  const body = bodyOf(task)
  return body === null ? [] : [{ says, task, body }]
})

test('most recorded receipts can be asked for by a till', () => {
  expect(asked.length).toBeGreaterThanOrEqual(80)
})

describe('the driver emits what was recorded where the register', () => {
  test.each(asked)('$says', ({ task, body }) => {
    const emitted = taskOfReceipt(ID, body, FACTS)
    expect(emitted).toMatchObject({ ...expectedOf(task) })
    const { items } = recorded.parse(task)
    expect<unknown[]>(emitted.items.slice(0, items.length)).toEqual(items)
    expect(driverRequest.safeParse({ uuid: ID, request: [emitted] }).error?.issues ?? []).toEqual([])
  })
})
