import { expect, test } from 'bun:test'
import { receiptBody } from '../../http/receipt_schema.ts'
import { ID, OTHER_ID } from '../../testing/atol_answers.ts'
import { item, receipt } from '../../testing/receipt_bodies.ts'
import { taskOfReceipt } from './task_of_receipt.ts'

const FACTS = {
  registered: { ffdVersion: '1.2', defaultTaxationSystem: 'osn' },
  signOf: (id: string) => (id === OTHER_ID ? '3449555941' : null),
} as const
const REGISTERED_12 = FACTS.registered

const contentOf = (body: object) => receiptBody.parse(body)
const taskOf = (body: object, facts: Parameters<typeof taskOfReceipt>[2] = FACTS) =>
  taskOfReceipt(ID, contentOf(body), facts)
type Fields = Record<string, unknown>
const glasses = (more: Fields = {}) => item({ name: 'Очки', price: 1250, total: 1250, ...more })
const positionOf = (more: Fields) => taskOf(receipt([glasses(more)])).items[0]
const OUR_ID = { type: 'userAttribute', name: 'receipt_id', value: ID, print: true } as const

test('a sale that says little is said in full: a way of settlement, a subject, a measure and a taxation system', () => {
  expect(taskOf(receipt([glasses()]))).toEqual({
    type: 'sell',
    taxationType: 'osn',
    electronically: false,
    ignoreNonFiscalPrintErrors: false,
    items: [
      {
        type: 'position',
        name: 'Очки',
        price: 1250,
        quantity: 1,
        amount: 1250,
        measurementUnit: 'piece',
        paymentMethod: 'fullPayment',
        paymentObject: 'commodity',
        tax: { type: 'vat22' },
      },
      OUR_ID,
    ],
    payments: [{ type: 'cash', sum: 1250 }],
    total: 1250,
    validateMarkingCodes: false,
  })
})

test('all that a receipt may say besides its items is in the task', () => {
  const { items: _, ...task } = taskOf(
    receipt([glasses()], {
      type: 'refund',
      taxation_system: 'usn_income_outcome',
      cashier: { name: 'Иванова А. А.', inn: '500100732259' },
      customer: { phone: '+7 495 123-45-67', name: 'ООО «Покупатель»', inn: '7700000009' },
      internet: true,
      electronic: true,
      place: 'https://shop.example',
      address: 'г. Москва',
      sender_email: 'till@shop.example',
      payments: [
        { type: 'card', amount: 1000.01 },
        { type: 'credit', amount: 249.99 },
      ],
    }),
  )
  expect(task).toEqual({
    type: 'sellReturn',
    taxationType: 'usnIncomeOutcome',
    operator: { name: 'Иванова А. А.', vatin: '500100732259' },
    electronically: true,
    ignoreNonFiscalPrintErrors: false,
    internet: true,
    paymentsPlace: 'https://shop.example',
    paymentsAddress: 'г. Москва',
    clientInfo: { emailOrPhone: '+7 495 123-45-67', name: 'ООО "Покупатель"', vatin: '7700000009' },
    companyInfo: { email: 'till@shop.example' },
    payments: [
      { type: 'electronically', sum: 1000.01 },
      { type: 'credit', sum: 249.99 },
    ],
    total: 1250,
    validateMarkingCodes: false,
  })
})

test('all that an item may say is in its position', () => {
  const body = {
    name: 'Лекарство',
    price: 0.03,
    quantity: 0.333333,
    total: 0.01,
    vat_rate: 10,
    payment_method: 'credit',
    payment_object: 'commodity_with_marking',
    measure: 'milliliter',
    marking_code: 'MDEwNDYwMDQz',
    fraction: '1/2',
    agent: {
      type: 'bank_paying_agent',
      phones: ['+74951234567'],
      operation: 'Приём',
      transfer_operator: { phones: ['+74951234568'], name: 'Банк', address: 'Москва', inn: '7700000009' },
    },
    supplier: { phones: ['+74951234569'], name: 'Поставщик', inn: '7700000009' },
    excise: 0.07,
    country: '643',
    declaration: '10702070/010126/0000001',
    attribute: 'Партия 7',
    sector: [{ body: '030', date: '2026-01-15', number: '1944', value: 'UUID=1&Time=2' }],
  }
  const task = taskOf(receipt([body]))
  expect(task.validateMarkingCodes).toBe(true)
  expect<unknown>(task.items[0]).toEqual({
    type: 'position',
    name: 'Лекарство',
    price: 0.03,
    quantity: 0.333333,
    amount: 0.01,
    measurementUnit: 'milliliter',
    paymentMethod: 'credit',
    paymentObject: 'commodityWithMarking',
    tax: { type: 'vat10' },
    imcParams: {
      imcType: 'auto',
      imc: 'MDEwNDYwMDQz',
      itemEstimatedStatus: 'itemDryForSale',
      imcModeProcessing: 0,
      itemFractionalAmount: '1/2',
    },
    agentInfo: {
      agents: ['bankPayingAgent'],
      payingAgent: { operation: 'Приём', phones: ['+74951234567'] },
      moneyTransferOperator: { phones: ['+74951234568'], name: 'Банк', address: 'Москва', vatin: '7700000009' },
    },
    supplierInfo: { phones: ['+74951234569'], name: 'Поставщик', vatin: '7700000009' },
    industryInfo: [{ fois: '030', date: '2026.01.15', number: '1944', industryAttribute: 'UUID=1&Time=2' }],
    exciseSum: 0.07,
    countryCode: '643',
    customsDeclaration: '10702070/010126/0000001',
    additionalAttribute: 'Партия 7',
  })
})

test.each([
  [{ type: 'attorney' }, { agents: ['attorney'] }],
  [{ type: 'paying_subagent' }, { agents: ['payingSubagent'] }],
  [
    { type: 'paying_agent', receiver_phones: ['88001234567'] },
    { agents: ['payingAgent'], receivePaymentsOperator: { phones: ['88001234567'] } },
  ],
])('an agent is told by its kind and the details that the till said: %o', (agent, agentInfo) => {
  expect(positionOf({ agent })).toMatchObject({ agentInfo })
})

test('kopecks become roubles of two decimals, whatever they are', () => {
  for (const kopecks of [1, 7, 29, 57, 110, 115, 1999, 123_456_789, 4_294_967_295]) {
    const roubles = Number((kopecks / 100).toFixed(2))
    const { price, amount } = { price: 0, amount: 0, ...positionOf({ price: roubles, total: roubles }) }
    expect(JSON.stringify([price, amount])).toBe(JSON.stringify([roubles, roubles]))
    expect(`${price}`).toMatch(/^\d+(\.\d\d?)?$/)
  }
})

test('texts are those of code page 866, and no longer than their tag', () => {
  expect(positionOf({ name: 'Оправа «Ёлка» − 100 ₽' })).toMatchObject({ name: 'Оправа "Ёлка" - 100 р' })
  expect(positionOf({ name: '㎏'.repeat(128) })).toMatchObject({ name: 'kg'.repeat(64) })
})

test('before FFD 1.2 no measure is said, because it is a text of the shop there', () => {
  const { items } = taskOf(receipt(), { ...FACTS, registered: { ...REGISTERED_12, ffdVersion: '1.1' } })
  expect(items[0]).not.toHaveProperty('measurementUnit')
})

test('a receipt that nobody pays is paid by nothing in cash', () => {
  const { payments } = taskOf(receipt([item({ price: 0, total: 0 })], { payments: [] }))
  expect(payments).toEqual([{ type: 'cash', sum: 0 }])
})

const self = { type: 'self', date: '2026-01-02' }

test.each([
  ['sale', 'sellCorrection'],
  ['refund', 'sellReturnCorrection'],
  ['buy', 'buyCorrection'],
  ['buy_refund', 'buyReturnCorrection'],
] as const)('a correction of a %s is the task %s', (type, name) => {
  expect(taskOf(receipt([item()], { type, correction: self }))).toMatchObject({
    type: name,
    correctionType: 'self',
    correctionBaseDate: '2026.01.02',
  })
  const ordered = { type: 'instruction', date: '2026-01-02', number: '12/7' }
  expect(taskOf(receipt([item()], { type, correction: ordered }))).toMatchObject({
    correctionType: 'instruction',
    correctionBaseNumber: '12/7',
  })
})

const numbers = { fn: '9999078900000961', fd: 71, fpd: '1494325660' }
const in1192 = (body: Fields) =>
  taskOf(receipt([item()], body)).items.flatMap((one) => (one.type === 'additionalAttribute' ? [one.value] : []))

test.each([
  ['the sign of the document that a correction corrects', { correction: self, corrects: numbers }, ['1494325660']],
  ['the sign of our own receipt', { correction: self, corrects: { receipt_id: OTHER_ID } }, ['3449555941']],
  ['nothing for a receipt whose sign is not known', { correction: self, corrects: { receipt_id: ID } }, []],
  ['the sign of the original of a refund', { type: 'refund', refund_of: numbers }, ['1494325660']],
  ['the word of the till', { attribute: 'Заказ 7' }, ['Заказ 7']],
  ['nothing of ours: the tax service says what it holds', {}, []],
])('tag 1192 has %s', (_, body, values) => {
  expect(in1192(body)).toEqual(values)
})

test("tag 1084 carries the receipt's id where the till leaves it free", () => {
  expect(taskOf(receipt()).items).toContainEqual(OUR_ID)
  const { items } = taskOf(receipt([item()], { user_attribute: { name: 'Карта', value: '17' } }))
  expect(items.filter(({ type }) => type === 'userAttribute')).toEqual([
    { type: 'userAttribute', name: 'Карта', value: '17', print: true },
  ])
})
