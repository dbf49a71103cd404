import { describe, expect, test } from 'bun:test'
import { complaints } from './testing/complaints.ts'

const MOCK = { OFD_MODE: 'mock' }

describe('a contradiction is told like a bad setting', () => {
  test("a cashier's INN without the cashier", () => {
    expect(complaints({ ...MOCK, CASHIER_INN: '123456789012' })).toEqual([
      'CASHIER_NAME is not set: it takes the name of the cashier whose INN is CASHIER_INN',
    ])
    const wrong = complaints({ ...MOCK, CASHIER_NAME: 'Иванова А. А.', CASHIER_INN: '12345' })
    expect(wrong).toEqual(['CASHIER_INN is "12345": it takes text of 12 digits'])
  })

  test('an OFD over HTTP without an address', () => {
    const line =
      "OFD_API_URL is not set: it takes the OFD's address, such as http://127.0.0.1:9000 (or set OFD_MODE=mock to run without an OFD)"
    expect(complaints({})).toEqual([line])
    expect(complaints({ OFD_MODE: 'http', OFD_API_URL: '' })).toEqual([line])
  })

  test('what refunds need kept for less long than receipts', () => {
    expect(complaints({ ...MOCK, RETENTION_DAYS: '30', RECEIPTS_KEPT_DAYS: '29' })).toEqual([
      'RECEIPTS_KEPT_DAYS is "29": it takes at least RETENTION_DAYS, which is 30',
    ])
    expect(complaints({ ...MOCK, RETENTION_DAYS: '30', RECEIPTS_KEPT_DAYS: '30' })).toEqual([])
  })

  test('a shortest print delay above the longest', () => {
    expect(complaints({ ...MOCK, KKT_PRINT_DELAY_MIN: '0.6' })).toEqual([
      'KKT_PRINT_DELAY_MIN is "0.6": it takes at most KKT_PRINT_DELAY_MAX, which is 0.5',
    ])
    expect(complaints({ ...MOCK, KKT_PRINT_DELAY_MIN: '0.5' })).toEqual([])
  })
})
