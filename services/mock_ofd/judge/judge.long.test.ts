import { describe, expect, test } from 'bun:test'
import type { RegisterDocument } from '../register_document.ts'
import { changed, FN, receiptOfFfd12, registerOther, registerReceipt } from '../testing/documents.ts'
import { receipt } from '../testing.ts'
import { judgedOf } from './document.ts'
import { CHECKS, isRefusable, judgeDocument } from './judge.ts'
import { ORDER_CHECKS } from './order.ts'
import { RIGHT } from './testing/right.ts'
import { WRONG } from './testing/wrong.ts'

const found = (document: object, register: RegisterDocument | null = null) =>
  judgeDocument(judgedOf({ ...document }, register)).map(({ code, tag, pointer }) => [code, tag, pointer])

test('a receipt of today’s adapter, and one of FFD 1.2 with all that it wants, have nothing wrong', () => {
  expect([found(receipt(1)), found(receiptOfFfd12(1))]).toEqual([[], []])
})

test.each(WRONG)('%s is told by its tag and place', (_what, changes, code, tag, pointer) => {
  expect(found(changed(receiptOfFfd12(1), changes))).toContainEqual([code, tag, pointer])
})

test('each check has something that it finds', () => {
  const ofDocuments = CHECKS.filter((check) => !ORDER_CHECKS.some(({ code }) => code === check.code))
  expect([...new Set([...WRONG.map(([, , code]) => code), 'sent_as'])].toSorted()).toEqual(
    ofDocuments.map(({ code }) => code).toSorted(),
  )
})

describe('a document that a cash register sends by itself', () => {
  const receiptOf = (fdNumber: number) => ({ fnNumber: FN, fdNumber, kind: 'receipt' as const })

  test('has nothing wrong where a till’s has nothing wrong, and needs neither an id nor a till', () => {
    expect(found(registerReceipt(1), receiptOf(1))).toEqual([])
    expect(found({ ...registerReceipt(1), items: [] }, receiptOf(1))).toContainEqual(['form', 1059, '/items'])
  })

  test('has the numbers by which it is sent', () => {
    expect(found(registerReceipt(1), receiptOf(2))).toEqual([['sent_as', 1040, '/fiscal_doc/fiscal_doc_number']])
    const otherFn = changed(registerOther(1, 'shift_opening'), { '/fiscal_doc/fn_number': '1'.repeat(16) })
    expect(found(otherFn, { fnNumber: FN, fdNumber: 1, kind: 'shift_opening' })).toEqual([
      ['sent_as', 1041, '/fiscal_doc/fn_number'],
    ])
  })

  test('is judged by its numbers, its sign and its time where it is no receipt', () => {
    const opening = registerOther(1, 'shift_opening')
    const judged = (changes: Record<string, unknown>) =>
      found(changed(opening, changes), { fnNumber: FN, fdNumber: 1, kind: 'shift_opening' })
    expect(judged({})).toEqual([])
    expect(judged({ '/fiscal_doc/fiscal_sign': '4294967296' })).toEqual([
      ['sign_range', 1077, '/fiscal_doc/fiscal_sign'],
    ])
    expect(judged({ '/fiscal_doc/fiscal_datetime': '2026-01-31T15:03:00Z' })).toEqual([
      ['local_time', 1012, '/fiscal_doc/fiscal_datetime'],
    ])
    expect(judged({ '/fiscal_doc/ffd_version': undefined, '/fiscal_doc/fiscal_sign': '4294967296' })).toHaveLength(1)
    expect(judged({ '/fiscal_doc': undefined })).toEqual([['form', null, '/fiscal_doc']])
  })
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
