import { expect, test } from 'bun:test'
import { MEASURES, type Measure } from './item.ts'
import { MARKING_STATUSES, plannedStatus } from './marking.ts'

const markingCode = 'MDE='

test.each([
  ['sale', 'piece', 'piece_sold'],
  ['refund', 'piece', 'piece_returned'],
] as const)('a %s of a piece plans %s: %s', (operation, measure, planned) => {
  expect(plannedStatus({ markingCode, measure }, operation)).toBe(planned)
  expect(plannedStatus({ markingCode }, operation)).toBe(planned)
})

test('a measured good and a part of a package are measured', () => {
  const measured = MEASURES.filter((measure: Measure) => measure !== 'piece')
  for (const measure of measured) {
    expect(plannedStatus({ markingCode, measure }, 'sale')).toBe('measured_for_sale')
    expect(plannedStatus({ markingCode, measure }, 'refund')).toBe('measured_returned')
  }
  expect(plannedStatus({ markingCode, fraction: '1/2' }, 'sale')).toBe('measured_for_sale')
  expect(plannedStatus({ markingCode, fraction: '1/2' }, 'refund')).toBe('measured_returned')
})

test("the till's word comes before", () => {
  for (const markingStatus of MARKING_STATUSES) {
    expect(plannedStatus({ markingCode, markingStatus }, 'refund')).toBe(markingStatus)
  }
})
