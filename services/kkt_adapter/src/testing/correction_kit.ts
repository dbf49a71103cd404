/** An adapter whose receipts are put right. */
import { z } from 'zod'
import type { ReceiptId } from '../domain/receipt.ts'
import { body, startApp } from './app_kit.ts'
import { freshKey } from './kit.ts'

export const RIGHT = body({
  items: [{ name: 'Frame', price: 90, quantity: 1, total: 90, vat: 'vat20' }],
  payments: [{ type: 'cash', amount: 90 }],
})
export const NUMBERS = { fn: '9999078900001234', fd: 71, fpd: '1494325660' }
export const DAY = '2025-12-30'

const part = z
  .object({
    receipt_id: z.string(),
    status: z.string(),
    fiscal_doc: z.object({ fiscal_doc_number: z.number() }).loose().nullable(),
  })
  .loose()
export const correctionTold = z
  .object({
    correction_id: z.string(),
    status: z.string(),
    reversal: part.nullable(),
    right: part.nullable(),
    message: z.string(),
  })
  .loose()

export function startCorrecting(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(options)
  const correct = (wanted: unknown, key: string = freshKey()) =>
    app.ask('POST', '/v1/kkt/correction', { body: JSON.stringify(wanted), headers: { 'idempotency-key': key } })
  const sell = async (receipt: unknown = body()) => {
    const { json } = await app.post(receipt)
    return z
      .object({
        receipt_id: z.string(),
        fiscal_doc: z.object({ fiscal_doc_number: z.number(), fiscal_sign: z.string(), fn_number: z.string() }),
      })
      .parse(json)
  }
  const contentOf = (id: string | undefined) => app.journal.queries.find(id as ReceiptId)?.content
  return { ...app, correct, sell, contentOf }
}

export const wrongOf = (wrong: { receipt_id: string }) => ({ receipt_id: wrong.receipt_id })
export const ON_THAT_DAY = { type: 'self', date: DAY }
export const refuse = async () =>
  ({ kind: 'refused', isLasting: true, reason: 'its system is none of the KKT' }) as const
