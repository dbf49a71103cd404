import { describe, expect, test } from 'bun:test'
import { changed, receiptOfFfd12 } from '../testing/documents.ts'
import { receipt } from '../testing.ts'
import { judgedOf } from './document.ts'
import { CHECKS, isRefusable, judgeDocument } from './judge.ts'
import { ORDER_CHECKS } from './order.ts'
import { RIGHT } from './testing/right.ts'
import { WRONG } from './testing/wrong.ts'

const found = (document: object) =>
  judgeDocument(judgedOf({ ...document })).map(({ code, tag, pointer }) => [code, tag, pointer])

test('a receipt of today’s adapter, and one of FFD 1.2 with all that it wants, have nothing wrong', () => {
  expect([found(receipt(1)), found(receiptOfFfd12(1))]).toEqual([[], []])
})

test.each(WRONG)('%s is told by its tag and place', (_what, changes, code, tag, pointer) => {
  expect(found(changed(receiptOfFfd12(1), changes))).toContainEqual([code, tag, pointer])
})

test('each check has something that it finds', () => {
  const ofDocuments = CHECKS.filter((check) => !ORDER_CHECKS.some(({ code }) => code === check.code))
  expect([...new Set(WRONG.map(([, , code]) => code))].toSorted()).toEqual(
    ofDocuments.map(({ code }) => code).toSorted(),
  )
})

describe('what is lawful is not told', () => {
  test.each(RIGHT)('%s', (_what, changes) => expect(found(changed(receiptOfFfd12(1), changes))).toEqual([]))
})

test('a document that names no version of the FFD is judged by its form, its totals and its sign', () => {
  const bare = changed(receiptOfFfd12(1), { '/fiscal_doc/ffd_version': undefined })
  const judged = new Set(WRONG.flatMap(([, changes]) => found(changed(bare, changes))).map(([code]) => code))
  expect([...judged].toSorted()).toEqual([
    'document_total',
    'form',
    'item_sum',
    'paid',
    'receipt_total',
    'sign_range',
    'vat',
  ])
})

test('of a list beyond its limit nothing is told but its length', () => {
  const { items, payments } = receiptOfFfd12(1)
  const many = (list: object[], wrong: object) => [...Array.from({ length: 200 }, () => list[0]), wrong]
  const told = found({ ...receipt(1), items: many(items, { vat: 'vat22' }), payments: many(payments, {}) })
  expect(told.filter(([code]) => code === 'form')).toEqual([
    ['form', 1059, '/items'],
    ['form', null, '/payments'],
  ])
})

test('no more is told than a person mends at once', () => {
  const items = Array.from({ length: 100_000 }, () => ({}))
  expect(found({ ...receiptOfFfd12(1), items })).toHaveLength(20)
})

test('a document that comes late is told, and not refused: it may be a dead letter that is sent again', () => {
  expect(
    CHECKS.filter((check) => !isRefusable({ ...check, tag: null, pointer: '', message: '' })).map(({ code }) => code),
  ).toEqual(['late_document'])
})
