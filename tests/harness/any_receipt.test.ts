import { expect, test } from 'bun:test'
import { withFilledIn } from '@kkt/adapter/src/domain/filled_in.ts'
import { vatVerdicts } from '@kkt/adapter/src/domain/vat_verdicts.ts'
import { wireContent } from '@kkt/adapter/src/domain/wire_forms.ts'
import { receiptBody } from '@kkt/adapter/src/http/receipt_schema.ts'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { anyReceipt, isRefusedByKkt } from './any_receipt.ts'
import { completed, dueKopecks } from './completed.ts'
import { unlawfulReceipt } from './unlawful_receipt.ts'

const RECEIPTS = LONG ? 1000 : 300
const TODAY = '2026-01-31'
const SOME_TILL = 'POS-001'
const USUAL = {
  ofReceipt: {},
  ofItems: { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' },
} as const

const draw = seededRandom()
const receipts = Array.from({ length: RECEIPTS }, () => anyReceipt(SOME_TILL, draw))

test(`every receipt is taken, and shown as the till's words, completed (SEED=${SEED})`, () => {
  for (const sent of receipts) {
    const content = withFilledIn(receiptBody.parse(sent), USUAL)
    expect(vatVerdicts(content, TODAY).filter(({ kind }) => kind === 'refused')).toEqual([])
    expect(JSON.parse(JSON.stringify(wireContent(content)))).toEqual(completed(sent, {}))
  }
})

test(`the receipts have every operation, its correction, every way of paying, and each field (SEED=${SEED})`, () => {
  const has = (is: (sent: (typeof receipts)[number]) => boolean) => expect(receipts.some(is)).toBe(true)
  for (const type of ['sale', 'refund', 'buy', 'buy_refund'] as const) {
    has((sent) => sent.type === type && sent.correction === undefined)
    has((sent) => sent.type === type && sent.correction !== undefined)
  }
  for (const way of ['cash', 'card', 'prepaid', 'credit', 'other']) {
    has(({ payments }) => payments.some(({ type }) => type === way))
  }
  has(
    ({ payments, ...sent }) =>
      payments.reduce((sum, { amount }) => sum + Math.round(amount * 100), 0) > dueKopecks(sent),
  )
  has((sent) => dueKopecks(sent) === 0 && sent.payments.length === 0)
  has(({ electronic, customer }) => electronic === true && customer?.email !== undefined)
  has(({ internet, customer }) => internet === true && customer?.phone !== undefined)
  for (const name of [
    'corrects',
    'refund_of',
    'cashier',
    'address',
    'sender_email',
    'attribute',
    'user_attribute',
  ] as const) {
    has((sent) => sent[name] !== undefined)
  }
  for (const name of ['marking_code', 'fraction', 'agent', 'supplier', 'excise', 'declaration', 'sector'] as const) {
    has(({ items }) => items.some((item) => item[name] !== undefined))
  }
  has(isRefusedByKkt)
})

test(`no unlawful receipt is taken (SEED=${SEED})`, () => {
  const codes = new Set<string>()
  for (let i = 0; i < RECEIPTS; i += 1) {
    const { what, body, code } = unlawfulReceipt(SOME_TILL, draw)
    codes.add(code)
    const read = receiptBody.safeParse(JSON.parse(JSON.stringify(body)))
    expect(read.success, what).toBe(code === 'vat_rate_refused')
    const verdicts = read.success ? vatVerdicts(withFilledIn(read.data, USUAL), TODAY) : []
    expect(verdicts.some(({ kind }) => kind === 'refused')).toBe(read.success)
  }
  expect([...codes].sort()).toEqual(['invalid_body', 'vat_rate_refused'])
})
