import { expect, test } from 'bun:test'
import { noTotals } from '../../domain/shift.ts'
import { AT, FN, fnDocument, ofOperation, registered, saleTags, shiftTotals } from '../../testing/atol_answers.ts'
import { readFnDocument } from './fn_documents.ts'
import { readShiftCounters } from './shift_counters.ts'
import { type ShiftFacts, shiftDocumentOf } from './shift_document.ts'

const counters = readShiftCounters(shiftTotals())
const standing: ShiftFacts['standing'] = {
  fnFlags: ['ofd_silent'],
  unsent: { count: 1, firstFd: 70, sinceMs: 5 },
}
const facts: ShiftFacts = { registered: registered(), fnNumber: FN, standing, counters }

function document(fiscalDocumentType: string, tags: object = {}) {
  const read = readFnDocument(
    fnDocument(saleTags({ '1203': '500100732259', ...tags }), { fiscalDocumentType }),
    '+03:00',
  )
  if (read === null) throw new Error('The answer does not fit')
  return read
}

const SAME = {
  fdNumber: 71,
  fiscalSign: '1494325660',
  fiscalDatetime: AT,
  instantMs: Date.parse(AT),
  fnNumber: FN,
  kktNumber: 'KKT-001',
  shiftNumber: 12,
  registrationNumber: '0000000001002292',
  serialNumber: '00106900000014',
  seller: { name: 'ООО "ОПТИКА"', inn: '7701234567' },
  address: 'г. Москва, ул. Лесная, д. 1',
  place: 'Магазин № 3',
  cashier: { name: 'Иванова А. А.', inn: '500100732259' },
  ffdVersion: '1.2',
  fnsUrl: 'www.nalog.gov.ru',
} as const

test('an opening is told by its tags, and by what stands where they are silent', () => {
  expect(shiftDocumentOf(document('openShift'), facts)).toEqual({ ...SAME, ...standing, kind: 'shift_opening' })
  const telling = { '1050': 0, '1052': true, '1097': 2, '1116': 69, '1098': AT, '1021': undefined }
  expect(shiftDocumentOf(document('openShift', telling), facts)).toMatchObject({
    cashier: null,
    fnFlags: ['nearly_full'],
    unsent: { count: 2, firstFd: 69, sinceMs: Date.parse(AT) },
  })
})

test('a closing is told by its tags and the counters of its shift', () => {
  const told = shiftDocumentOf(document('closeShift', { '1097': 0, '1111': 9, '1118': 7 }), facts)
  expect(told).toEqual({
    ...SAME,
    kind: 'shift_closing',
    fnFlags: ['ofd_silent'],
    unsent: { count: 0, firstFd: null, sinceMs: null },
    receiptCount: 7,
    documentCount: 9,
    totals: counters?.totals ?? noTotals(),
    drawerKopecks: 134_980,
  })
  expect(shiftDocumentOf(document('closeShift'), facts)).toMatchObject({ receiptCount: 3, documentCount: 5 })
})

const IN_FN = {
  '1129': { '1135': 2, '1201': 2500.1, '1136': 1250.1, '1138': 1250 },
  '1130': { '1135': 1, '1201': 0.3, '1218': 0.1, '1219': 0.1, '1220': 0.1 },
}

test('a closing of another shift takes the counters that it holds itself', () => {
  const later = { ...facts, counters: readShiftCounters(shiftTotals({ shiftNumber: 13 })) }
  const told = shiftDocumentOf(document('closeShift', { '1194': IN_FN }), later)
  expect(told).toMatchObject({
    receiptCount: 3,
    drawerKopecks: null,
    totals: {
      receipts: {
        sale: { count: 2, sumKopecks: 250_010, payments: { cash: 125_010, card: 125_000, prepaid: 0 } },
        refund: { count: 1, sumKopecks: 30, payments: { prepaid: 10, credit: 10, other: 10 } },
        buy: { count: 0 },
      },
      corrections: noTotals().corrections,
    },
  })
})

test('a closing whose counters nothing tells is not told', () => {
  const unread = { ...facts, counters: null }
  expect(shiftDocumentOf(document('closeShift'), unread)).toBeNull()
  const corrected = { ...IN_FN, '1133': { '1144': 1 } }
  expect(shiftDocumentOf(document('closeShift', { '1194': corrected }), unread)).toBeNull()
  const uncorrected = { ...IN_FN, '1133': { '1144': 0 } }
  expect(shiftDocumentOf(document('closeShift', { '1194': uncorrected }), unread)).not.toBeNull()
})

test('a document of a receipt, or without its shift, is none of a shift', () => {
  expect(shiftDocumentOf(document('receipt'), facts)).toBeNull()
  expect(shiftDocumentOf(document('openShift', { '1038': undefined }), facts)).toBeNull()
})

test('the counters of a shift are read to the kopeck, with corrections and kinds of payment of the shop', () => {
  const told = readShiftCounters(
    shiftTotals(
      { cashDrawer: undefined },
      {
        buy: { sum: 5, payments: { other: 5 } },
        sellCorrection: ofOperation(1, 3, { electronically: 1, 'userPaymentType-5': 2 }),
      },
    ),
  )
  expect(told).toMatchObject({
    shiftNumber: 12,
    drawerKopecks: null,
    totals: {
      receipts: {
        sale: { count: 2, sumKopecks: 250_010, payments: { cash: 125_010, card: 125_000 } },
        refund: { count: 1, sumKopecks: 30, payments: { cash: 30 } },
        buy: { count: 0, sumKopecks: 500, payments: { other: 500, cash: 0 } },
      },
      corrections: { sale: { count: 1, sumKopecks: 300, payments: { card: 300 } }, buy: { count: 0 } },
      cashIn: { count: 1, sumKopecks: 10_000 },
      cashOut: { count: 0, sumKopecks: 0 },
    },
  })
  expect(readShiftCounters({ shiftTotals: {} })).toBeNull()
})
