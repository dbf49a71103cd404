import { expect, test } from 'bun:test'
import { receiptBody } from '../../http/receipt_schema.ts'
import { AT, FN, fnDocument, madeAnswer, registered, saleTags } from '../../testing/atol_answers.ts'
import { item, receipt } from '../../testing/receipt_bodies.ts'
import { fiscalDocOf, isWhole, readMade } from './document_of_result.ts'
import { readFnDocument } from './fn_documents.ts'

const content = receiptBody.parse(
  receipt([item({ price: 1250, total: 1250 })], {
    cashier: { name: 'Иванова «А. А.»', inn: '500100732259' },
    payments: [{ type: 'cash', amount: 2000 }],
    place: 'Прилавок 2',
  }),
)

function made(params: object = {}, warnings: object = {}, ofTask: object = {}) {
  const read = readMade(madeAnswer(params, warnings, ofTask))
  if (read === null) throw new Error('The answer does not fit')
  return read
}

test("a receipt's document is told by its result, its content and the registration", () => {
  expect(fiscalDocOf(made(), content, registered())).toEqual({
    fdNumber: 71,
    fiscalSign: '24109209',
    fiscalDatetime: AT,
    fnNumber: FN,
    kktNumber: 'KKT-001',
    shiftNumber: 12,
    receiptNumber: 7,
    totalKopecks: 125_000,
    qrCodeData: `t=20261122T1643&s=1250.00&fn=${FN}&i=71&fp=24109209&n=1`,
    details: {
      operation: 'sale',
      isCorrection: false,
      registrationNumber: '0000000001002292',
      serialNumber: '00106900000014',
      seller: { name: 'ООО "ОПТИКА"', inn: '7701234567' },
      address: 'г. Москва, ул. Лесная, д. 1',
      place: 'Прилавок 2',
      taxationSystem: 'osn',
      cashier: { name: 'Иванова "А. А."', inn: '500100732259' },
      vatSums: [{ vat: 'vat22', sumKopecks: 22_541 }],
      payments: [{ type: 'cash', amountKopecks: 125_000 }],
      changeKopecks: 75_000,
      ffdVersion: '1.2',
      fnsUrl: 'www.nalog.gov.ru',
      instantMs: Date.parse(AT),
    },
  })
})

test.each([
  ['as a number', { fiscalDocumentSign: 24109209 }],
  ['without its zeros', { fiscalDocumentSign: '24109209' }],
])('a sign may be told %s', (_, params) => {
  expect(made(params).fiscalSign).toBe('24109209')
})

test('the warnings of a result are told, wherever the version has them', () => {
  expect(made()).toMatchObject({ paper: 'printed', isRecovered: false, hasOpenedShift: false })
  expect(made({}, { notPrinted: true }).paper).toBe('missing')
  expect(made({}, { recovered: true }).isRecovered).toBe(true)
  expect(made({}, { shiftAutoOpened: true }).hasOpenedShift).toBe(true)
  const ofTask = { warnings: { shiftAutoOpened: true, notPrinted: true, recovered: true } }
  expect(made({}, {}, ofTask)).toMatchObject({ hasOpenedShift: true, paper: 'missing', isRecovered: true })
})

test('numbers that a recovered result does not tell are taken from the FN', () => {
  const recovered = made({ shiftNumber: 0, fiscalReceiptNumber: 0, total: 0 }, { recovered: true })
  expect([isWhole(recovered), isWhole(made())]).toEqual([false, true])
  const inFn = readFnDocument(fnDocument(saleTags({ '1055': 2 })), '+03:00')
  const doc = fiscalDocOf(recovered, content, registered(), inFn)
  expect(doc).toMatchObject({ shiftNumber: 12, receiptNumber: 7, totalKopecks: 125_000 })
  expect(doc.details?.taxationSystem).toBe('usn_income')
  expect(fiscalDocOf(recovered, content, registered())).toMatchObject({ shiftNumber: 0, totalKopecks: 125_000 })
})

test('without a known taxation system the document has no details', () => {
  expect(fiscalDocOf(made(), content, registered({}, { defaultTaxationType: 'none' })).details).toBeUndefined()
})

test.each([
  ['no document', { result: {} }],
  ['no result', { status: 'ready' }],
  ['an FD of 0', madeAnswer({ fiscalDocumentNumber: 0 })],
  ['a sign of more than 32 bits', madeAnswer({ fiscalDocumentSign: '4294967296' })],
  ['a time without an offset', madeAnswer({ fiscalDocumentDateTime: '2026-11-22T16:43:00' })],
  ['a time that there is not', madeAnswer({ fiscalDocumentDateTime: '2026-11-32T16:43:00+03:00' })],
  ['an FN of 15 digits', madeAnswer({ fnNumber: '999907890000096' })],
  ['nothing at all', null],
])('an answer with %s does not fit', (_, told) => {
  expect(readMade(told)).toBeNull()
})
