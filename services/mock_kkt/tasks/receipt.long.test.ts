/** The content of the receipt that a task makes. */
import { expect, test } from 'bun:test'
import type { Item } from '@kkt/adapter/src/domain/item.ts'
import { OPERATOR, POSITION, SALE, saleOf, setUp } from './testing/tasks.ts'

function contentOf(task: object) {
  const { register, run } = setUp()
  expect(run(task)).toMatchObject({ status: 'ready' })
  const archived = register.document(register.state().lastFdNumber)
  if (archived?.kind !== 'receipt') throw new Error('the last document is no receipt')
  return archived.content
}

test('a plain sale has what the client said and nothing else', () => {
  expect(contentOf(SALE)).toEqual({
    posId: 'web-requests',
    type: 'sale',
    items: [
      {
        name: 'Очки',
        priceKopecks: 125_000,
        quantityMicro: 1_000_000,
        totalKopecks: 125_000,
        vat: 'vat22',
        paymentMethod: 'full_payment',
        paymentObject: 'commodity',
        measure: 'piece',
      },
    ],
    payments: [{ type: 'card', amountKopecks: 125_000 }],
    totalKopecks: 125_000,
    taxationSystem: 'osn',
    cashier: { name: 'Иванова А. А.', inn: '123654789507' },
  })
})

const RICH = {
  ...POSITION,
  price: 100,
  quantity: 1.5,
  amount: 150,
  tax: { type: 'vat107' },
  paymentMethod: 'advance',
  paymentObject: 'commodityWithMarking',
  measurementUnit: 'kilogram',
  imcParams: { imcType: 'auto', imc: 'MDEwNDYwMTIzNDU2Nzg5', itemEstimatedStatus: 'itemDryForSale' },
  agentInfo: {
    agents: ['payingAgent'],
    payingAgent: { operation: 'Перевод', phones: ['+71234567890'] },
    receivePaymentsOperator: { phones: ['+70986754321'] },
  },
  supplierInfo: { phones: ['+74957654321'], name: 'Поставщик', vatin: '3664069397' },
  industryInfo: [{ fois: '030', date: '2023.11.21', number: '1944', industryAttribute: 'UUID=1&Time=2' }],
  additionalAttribute: 'ID:iASDv3w45',
  exciseSum: 10.5,
  countryCode: '643',
  customsDeclaration: '10714040/140917/0090376',
}

const RICH_ITEM: Item = {
  name: 'Очки',
  priceKopecks: 10_000,
  quantityMicro: 1_500_000,
  totalKopecks: 15_000,
  vat: 'vat107',
  paymentMethod: 'advance',
  paymentObject: 'commodity_with_marking',
  measure: 'kilogram',
  markingCode: 'MDEwNDYwMTIzNDU2Nzg5',
  markingStatus: 'measured_for_sale',
  agent: {
    type: 'paying_agent',
    phones: ['+71234567890'],
    operation: 'Перевод',
    receiverPhones: ['+70986754321'],
  },
  supplier: { phones: ['+74957654321'], name: 'Поставщик', inn: '3664069397' },
  sector: [{ body: '030', date: '2023-11-21', number: '1944', value: 'UUID=1&Time=2' }],
  attribute: 'ID:iASDv3w45',
  exciseKopecks: 1050,
  country: '643',
  declaration: '10714040/140917/0090376',
}

test('every field of a receipt arrives', () => {
  const content = contentOf({
    type: 'sell',
    operator: OPERATOR,
    items: [
      RICH,
      { type: 'userAttribute', name: 'Заказ', value: '17', print: true },
      { type: 'additionalAttribute', value: '1494325660' },
      { type: 'text', text: 'Спасибо' },
    ],
    payments: [
      { type: 'cash', sum: 100 },
      { type: 'prepaid', sum: 70.5 },
    ],
    internet: true,
    electronically: true,
    paymentsPlace: 'shop.test',
    paymentsAddress: 'Улица Свободы, 15',
    clientInfo: { emailOrPhone: 'buyer@mail.test', name: 'ООО Покупатель', vatin: '3664069397' },
    companyInfo: { email: 'shop@mail.test' },
  })
  expect(content).toEqual({
    posId: 'web-requests',
    type: 'sale',
    items: [RICH_ITEM],
    payments: [
      { type: 'prepaid', amountKopecks: 7050 },
      { type: 'cash', amountKopecks: 10_000 },
    ],
    totalKopecks: 15_000,
    cashier: { name: 'Иванова А. А.', inn: '123654789507' },
    customer: { email: 'buyer@mail.test', name: 'ООО Покупатель', inn: '3664069397' },
    internet: true,
    electronic: true,
    place: 'shop.test',
    address: 'Улица Свободы, 15',
    attribute: '1494325660',
    userAttribute: { name: 'Заказ', value: '17' },
    senderEmail: 'shop@mail.test',
  })
})

test('the operations and their corrections', () => {
  const types = { sell: 'sale', sellReturn: 'refund', buy: 'buy', buyReturn: 'buy_refund' }
  for (const [type, operation] of Object.entries(types)) {
    expect(contentOf({ ...SALE, type })).toMatchObject({ type: operation })
    const reason = { correctionType: 'instruction', correctionBaseDate: '2026.01.02', correctionBaseNumber: 'МОС-1' }
    expect(contentOf({ ...SALE, type: `${type}Correction`, ...reason })).toMatchObject({
      type: operation,
      correction: { type: 'instruction', date: '2026-01-02', number: 'МОС-1' },
    })
  }
})

test("a client that leaves out what it may gets the driver's own words", () => {
  const { name, tax, paymentMethod, paymentObject, measurementUnit, ...bare } = POSITION
  const { total, taxationType, ...sale } = SALE
  const content = contentOf({ ...sale, items: [bare], operator: { vatin: OPERATOR.vatin } })
  expect(content.items).toEqual([
    {
      name: '',
      priceKopecks: 125_000,
      quantityMicro: 1_000_000,
      totalKopecks: 125_000,
      vat: 'none',
      paymentMethod: 'full_prepayment',
    },
  ])
  expect(content).toMatchObject({ totalKopecks: 125_000, cashier: { name: 'СИС. АДМИНИСТРАТОР' } })
  expect(content).not.toHaveProperty('taxationSystem')
})

test('the agent and the supplier of a receipt are those of positions that say none', () => {
  const own = { agents: ['commissionAgent'] }
  const content = contentOf({
    ...SALE,
    agentInfo: { agents: ['another'] },
    supplierInfo: { vatin: '3664069397' },
    items: [POSITION, { ...POSITION, agentInfo: own }],
    payments: [{ type: 'cash', sum: 2500 }],
    total: 2500,
  })
  expect(content.items).toMatchObject([
    { agent: { type: 'another' }, supplier: { inn: '3664069397' } },
    { agent: { type: 'commission_agent' }, supplier: { inn: '3664069397' } },
  ])
})

test('a bank agent has a transfer operator, and a phone is no e-mail', () => {
  const agentInfo = {
    agents: ['bankPayingAgent'],
    payingAgent: { operation: 'Перевод' },
    moneyTransferOperator: { phones: ['+71234567890'], name: 'Банк', address: 'Москва', vatin: '3664069397' },
  }
  const content = contentOf(saleOf({ agentInfo }, 10, { clientInfo: { emailOrPhone: '+79991234567' } }))
  expect(content.customer).toEqual({ phone: '+79991234567' })
  expect(content.items[0]?.agent).toEqual({
    type: 'bank_paying_agent',
    operation: 'Перевод',
    transferOperator: { phones: ['+71234567890'], name: 'Банк', address: 'Москва', inn: '3664069397' },
  })
})
