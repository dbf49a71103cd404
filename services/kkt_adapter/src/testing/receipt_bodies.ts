/** Bodies of receipts in a till's form, right and wrong ones, and the places at which the schema refuses them. */
import { readInWords } from '@kkt/platform/wording.ts'
import { receiptBody } from '../http/receipt_schema.ts'

type Fields = Record<string, unknown>

export const item = (overrides: Fields = {}): Fields => ({
  name: 'Frame',
  price: 100,
  quantity: 1,
  total: 100,
  vat_rate: 22,
  ...overrides,
})

export const payment = (amount: unknown, type: unknown = 'cash') => ({ type, amount })

/** A receipt with these items, paid exactly. */
export function receipt(items: Fields[] = [item()], overrides: Fields = {}): Fields {
  const kopecks = items.reduce((sum, { total }) => sum + Math.round(Number(total) * 100), 0)
  return { pos_id: 'POS-001', type: 'sale', items, payments: [payment(kopecks / 100)], ...overrides }
}

/** The places and reasons of a refusal; empty when the body is accepted. */
export function refusals(body: unknown) {
  const result = readInWords(receiptBody, body)
  return result.success ? [] : result.issues.map(({ path, message, code }) => ({ at: path.join('/'), message, code }))
}

export const refusedAt = (body: unknown): string[] => refusals(body).map(({ at }) => at)
