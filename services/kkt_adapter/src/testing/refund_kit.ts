/** An adapter whose sales come back. */
import { z } from 'zod'
import type { ReceiptId } from '../domain/receipt.ts'
import { body, startApp } from './app_kit.ts'
import { refuse } from './correction_kit.ts'
import { freshKey } from './kit.ts'

type Fields = Record<string, unknown> & { total: number }

/** So many frames at 100 each. */
export const frames = (quantity: number): Fields => ({
  name: 'Frame',
  price: 100,
  quantity,
  total: 100 * quantity,
  vat: 'vat22',
})

/** It leaves the rate to its original. */
export function refundOfFrames(receipt_id: string, quantity: number, more: object = {}) {
  const { vat: _ofOriginal, ...item } = frames(quantity)
  const payments = [{ type: 'cash', amount: item.total }]
  return body({ type: 'refund', items: [{ ...item, ...more }], payments, refund_of: { receipt_id } })
}

const answer = z.object({
  receipt_id: z.string(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
})

export function startRefunding(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(options)
  const taken = async (receipt: unknown, key: string = freshKey()) => {
    const { receipt_id: id, warnings: all } = answer.parse((await app.post(receipt, key)).json)
    // The KKT of these tests signs one total only.
    const warnings = all.filter(({ code }) => code.startsWith('refund_'))
    return { id: id as ReceiptId, codes: warnings.map(({ code }) => code), warnings }
  }
  const sell = async (...items: Fields[]) => {
    const amount = items.reduce((sum, { total }) => sum + total, 0)
    return (await taken(body({ items, payments: [{ type: 'cash', amount }] }))).id
  }
  const refuseNext = () => {
    const take = app.kkt.onFiscalize
    app.kkt.onFiscalize = async () => {
      app.kkt.onFiscalize = take
      return await refuse()
    }
  }
  return { ...app, taken, sell, refuseNext }
}
