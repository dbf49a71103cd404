import { randomUUID } from 'node:crypto'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptBody } from '@kkt/adapter/src/http/receipt_schema.ts'
import sample from '../fixtures/sample_receipt.json' with { type: 'json' }
import { closedLoop } from './closed_loop.ts'

/** Tills among which the receipts go round. */
export const TILLS = 40
export const RECEIPT_PATH = '/v1/kkt/receipt'

/** The content of every receipt of the bench, as the journal keeps it. */
export const CONTENT = receiptBody.parse(sample)

const posIdOf = (till: number): string => `POS-${String(till).padStart(2, '0')}`
const bodies = Array.from({ length: TILLS }, (_, till) => JSON.stringify({ ...sample, pos_id: posIdOf(till) }))
const contents = bodies.map((body) => receiptBody.parse(JSON.parse(body)))
const run = randomUUID()
let sales = 0

/** The content of a sale, by its ordinal, as the journal keeps it. */
export const contentOf = (sale: number): ReceiptContent => contents[sale % TILLS] ?? CONTENT

/** A receipt that was not sent before. */
export function nextSale() {
  sales += 1
  return { headers: { 'idempotency-key': `${run}-${sales}` }, body: bodies[sales % TILLS] ?? '' }
}

/** Sells for so long on so many connections at once. */
export const sell = (url: string, connections: number, seconds: number) =>
  closedLoop({ url: url + RECEIPT_PATH, connections, until: { seconds }, post: nextSale })

export const sellSome = (url: string, connections: number, requests: number) =>
  closedLoop({ url: url + RECEIPT_PATH, connections, until: { requests }, post: nextSale })

/** Reads the buffer's status for so long on so many connections at once. */
export const readStatus = (url: string, connections: number, seconds: number) =>
  closedLoop({ url: `${url}/v1/kkt/buffer/status`, connections, until: { seconds } })
