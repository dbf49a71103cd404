import { describe, expect, test } from 'bun:test'
import { receiptBody } from '../../http/receipt_schema.ts'
import { AT, FN, fnDocument, ID, inTag, OTHER_ID, saleTags } from '../../testing/atol_answers.ts'
import { item, receipt } from '../../testing/receipt_bodies.ts'
import { fnReceiptOf, isDocumentOf, readFnDocument, receiptIn } from './fn_documents.ts'

const OFFSET = '+03:00'
type Fields = Record<string, unknown>
const OURS = inTag(ID)

function read(tags: object = {}, more: object = {}) {
  const document = readFnDocument(fnDocument(saleTags(tags), more), OFFSET)
  if (document === null) throw new Error('The answer does not fit')
  return document
}

test('a document is read from its tags', () => {
  expect(read(OURS)).toMatchObject({
    kind: 'receipt',
    isCorrection: false,
    isShort: false,
    fdNumber: 71,
    fiscalSign: '1494325660',
    fiscalDatetime: AT,
    instantMs: Date.parse(AT),
    operation: 'sale',
    totalKopecks: 125_000,
    shiftNumber: 12,
    receiptNumber: 7,
    taxationSystem: 'osn',
    receiptId: ID,
  })
})

test.each([
  ['receipt', 'receipt', false],
  ['bso', 'receipt', false],
  ['receiptCorrection', 'receipt', true],
  ['bsoCorrection', 'receipt', true],
  ['openShift', 'shift_opening', false],
  ['closeShift', 'shift_closing', false],
  ['registration', 'other', false],
  ['ofdExchangeStatus', 'other', false],
  ['toString', 'other', false],
] as const)('a %s is of the kind %s', (fiscalDocumentType, kind, isCorrection) => {
  expect(read({}, { fiscalDocumentType })).toMatchObject({ kind, isCorrection })
})

test('a version may tell the kind among the tags, and numbers as texts', () => {
  const tags = {
    fiscalDocumentType: 'receipt',
    short: true,
    '1020': '1250.00',
    '1038': '12',
    '1040': '71',
    '1054': '1',
  }
  const told = readFnDocument({ documentTLV: saleTags(tags) }, OFFSET)
  expect(told).toMatchObject({ kind: 'receipt', isShort: true, totalKopecks: 125_000, fdNumber: 71, operation: 'sale' })
})

test.each([
  ['with its offset', '2026-11-22T18:43:00+05:00', '2026-11-22T18:43:00+05:00'],
  ['without an offset', '2026-11-22T16:43:00', AT],
  ['as the FN keeps it', Date.UTC(2026, 10, 22, 16, 43) / 1000, AT],
])('a time is read %s', (_, told, text) => {
  expect(read({ '1012': told })).toMatchObject({ fiscalDatetime: text, instantMs: Date.parse(AT) })
})

test.each([
  ['no tags', {}],
  ['no kind', { documentTLV: saleTags() }],
  ['no number', fnDocument(saleTags({ '1040': undefined }))],
  ['no time', fnDocument(saleTags({ '1012': '22.11.2026' }))],
  ['no sign', fnDocument(saleTags({ '1077': 'xyz' }))],
])('an answer with %s does not fit', (_, told) => {
  expect(readFnDocument(told, OFFSET)).toBeNull()
})

test('an id is read only where this adapter writes it', () => {
  expect(read({ '1084': [OURS['1084']] }).receiptId).toBe(ID)
  expect(read().receiptId).toBeNull()
  expect(read({ '1084': { '1085': 'Карта', '1086': ID } }).receiptId).toBeNull()
  expect(read(inTag('17')).receiptId).toBeNull()
})

describe('a document', () => {
  const sold = (more: Fields = {}) => receiptBody.parse(receipt([item({ price: 1250, total: 1250 })], more))
  const sought = (more: Fields = {}) => ({ id: ID, content: sold(more) })
  const CARD = { user_attribute: { name: 'Карта «Я»', value: '17' } }
  const OF_OTHER = inTag(OTHER_ID)
  const OWN_ID = { user_attribute: { name: 'receipt_id', value: OTHER_ID } }
  const OF_CARD = { '1084': { '1085': 'Карта "Я"', '1086': 17 } }

  test.each([
    ['carries the id', read(OURS), sought(), 'certain'],
    ['carries the id and tells no total', read({ ...OURS, '1020': undefined }), sought(), 'certain'],
    ['carries the id and has another total', read({ ...OURS, '1020': 1249.99 }), sought(), 'doubtful'],
    ['carries the id and is of another operation', read({ ...OURS, '1054': 2 }), sought(), 'doubtful'],
    [
      'carries the id and is a correction',
      read(OURS, { fiscalDocumentType: 'receiptCorrection' }),
      sought(),
      'doubtful',
    ],
    [
      'carries the id and is of a kind without a name',
      read(OURS, { fiscalDocumentType: 'check' }),
      sought(),
      'doubtful',
    ],
    ['carries the id and opens a shift', read(OURS, { fiscalDocumentType: 'openShift' }), sought(), 'no'],
    ['carries the id of another receipt', read(OF_OTHER), sought(), 'no'],
    ['carries the id that its till wrote', read(OF_OTHER), sought(OWN_ID), 'likely'],
    ['carries the id of the receipt, whose till wrote another', read(OURS), sought(OWN_ID), 'no'],
    ['carries no id, though this receipt would', read(), sought(), 'doubtful'],
    ['carries no id and has another total', read({ '1020': 1249.99 }), sought(), 'no'],
    ['carries no attribute, though its till wrote one', read(), sought(CARD), 'doubtful'],
    ['has the attribute of its till', read(OF_CARD), sought(CARD), 'likely'],
    [
      'has the attribute of its till and tells no operation',
      read({ ...OF_CARD, '1054': 'x' }),
      sought(CARD),
      'doubtful',
    ],
    ['has another attribute', read({ '1084': { '1085': 'Карта "Я"', '1086': 18 } }), sought(CARD), 'no'],
    ['is a digest', read({}, { short: true }), sought(), 'likely'],
    ['is of the kind of none', read({}, { fiscalDocumentType: 'registration' }), sought(), 'no'],
  ] as const)('that %s: is it the receipt’s?', (_, document, of, answer) => {
    expect(isDocumentOf(document, of)).toBe(answer)
  })
})

test('a receipt in the FN that may be ours is told without its id, and another program’s is none', () => {
  const maker = { fnNumber: FN, kktNumber: 'KKT-001' }
  const idIn = (document: ReturnType<typeof read>) => receiptIn(document, maker)?.id
  expect(idIn(read(OURS))).toBe(ID)
  expect(idIn(read({ '1084': { '1085': 'Карта', '1086': '17' } }))).toBeNull()
  expect(idIn(read({}, { short: true }))).toBeNull()
  expect(receiptIn(read(), maker)).toBeNull()
  expect(receiptIn(read(OURS, { fiscalDocumentType: 'closeShift' }), maker)).toBeNull()
})

test('a receipt in the FN has its numbers, and no content', () => {
  const maker = { fnNumber: FN, kktNumber: 'KKT-001' }
  expect(fnReceiptOf(read(OURS), ID, maker)).toEqual({
    id: ID,
    content: null,
    paper: 'printed',
    doc: {
      fdNumber: 71,
      fiscalSign: '1494325660',
      fiscalDatetime: AT,
      fnNumber: FN,
      kktNumber: 'KKT-001',
      shiftNumber: 12,
      receiptNumber: 7,
      totalKopecks: 125_000,
      qrCodeData: `t=20261122T1643&s=1250.00&fn=${FN}&i=71&fp=1494325660&n=1`,
    },
  })
  expect(fnReceiptOf(read({}, { fiscalDocumentType: 'openShift' }), ID, maker)).toBeNull()
})
