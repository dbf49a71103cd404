import { expect, test } from 'bun:test'
import { URLSearchParams } from 'node:url'
import { OPERATOR, SALE, setUp } from './testing/tasks.ts'

function asked(name: string, parameters = '') {
  const { executor, run } = setUp()
  run(SALE)
  run({ type: 'cashIn', cashSum: 10.5, operator: OPERATOR })
  return executor.query(name, new URLSearchParams(parameters))
}

test.each<[string, object]>([
  ['DeviceInfo', { deviceInfo: { model: 69 } }],
  ['DeviceStatus', { deviceStatus: { shift: 'opened' } }],
  ['ShiftStatus', { shiftStatus: { state: 'opened', number: 1 } }],
  ['IncomeTotals', { incomeTotals: { sum: 10.5, count: 1 } }],
  ['OutcomeTotals', { outcomeTotals: { sum: 0, count: 0 } }],
  ['FnInfo', { fnInfo: { livePhase: 'fiscalMode', validity: { validityDate: '2029-01-31T00:00:00+03:00' } } }],
  ['FnStatus', { fnStatus: { fiscalDocumentNumber: 3 } }],
  ['OfdExchangeStatus', { ofdExchangeStatus: { notSentCount: 3 }, ofdExchangeErrors: { ofd: { code: 0 } } }],
  ['IsmExchangeStatus', { ismExchangeStatus: { notSentCount: 0 }, ismExchangeErrors: { ism: { code: 0 } } }],
  ['Licenses', { licenses: [] }],
])('query%s', (name, body) => {
  expect(asked(name)).toMatchObject({ kind: 'told', body })
})

test("the shift's counters have the names of the task and of the server's description", () => {
  const sell = { count: 1, sum: 1250 }
  expect(asked('ShiftTotals')).toMatchObject({
    body: { shiftTotals: { receipts: { sell }, receiptsTotals: { sell }, cashDrawerTotals: { sum: 10.5 } } },
  })
})

test('the counters of one type of receipt', () => {
  expect(asked('ReceiptTotals', 'type=sell')).toMatchObject({
    body: { receiptTotals: { count: 1, payments: { electronically: 1250 } } },
  })
  expect(asked('ReceiptTotals', 'type=sellCorrection')).toMatchObject({ body: { receiptTotals: { count: 0 } } })
  for (const wrong of ['type=sale', ''])
    expect(asked('ReceiptTotals', wrong)).toMatchObject({ kind: 'failed', error: { code: 13 } })
})

test('a setting that is asked for is told as unknown', () => {
  expect(asked('DeviceSettings', 'ids=1,2')).toMatchObject({
    body: { deviceSettings: [{ key: '1', errorCode: 13 }, { key: '2' }] },
  })
})

test('there is no other query', () => {
  expect(asked('Everything')).toBeUndefined()
})
