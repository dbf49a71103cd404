import { randomUUID } from 'node:crypto'
import type { ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptBody } from '@kkt/adapter/src/http/receipt_schema.ts'
import full from '../fixtures/full_receipt.json' with { type: 'json' }
import sample from '../fixtures/sample_receipt.json' with { type: 'json' }
import { closedLoop } from './closed_loop.ts'

/** Tills among which the receipts go round. */
export const TILLS = 40
export const RECEIPT_PATH = '/v1/kkt/receipt'

/** The content of every receipt of the bench, as the journal keeps it. */
export const CONTENT = receiptBody.parse(sample)

const posIdOf = (till: number): string => `POS-${String(till).padStart(2, '0')}`
const ofTills = (receipt: object) =>
  Array.from({ length: TILLS }, (_, till) => JSON.stringify({ ...receipt, pos_id: posIdOf(till) }))
const bodies = ofTills(sample)
const fullBodies = ofTills(full)
const contents = bodies.map((body) => receiptBody.parse(JSON.parse(body)))
const run = randomUUID()
let sales = 0

/** The content of a sale, by its ordinal, as the journal keeps it. */
export const contentOf = (sale: number): ReceiptContent => contents[sale % TILLS] ?? CONTENT

/** Each sale sells something of its own: a till that sells the same again and again is warned of twins. */
function next(texts: readonly string[]) {
  sales += 1
  const body = (texts[sales % TILLS] ?? '').replace('"name":"', `"name":"${sales} `)
  return { headers: { 'idempotency-key': `${run}-${sales}` }, body }
}

/** A receipt that was not sent before. */
export const nextSale = () => next(bodies)

/** One of five items that says nearly all that a receipt can. */
export const nextFullSale = () => next(fullBodies)

/** Sells for so long on so many connections at once. */
export const sell = (url: string, connections: number, seconds: number, post = nextSale) =>
  closedLoop({ url: url + RECEIPT_PATH, connections, until: { seconds }, post })

export const sellSome = (url: string, connections: number, requests: number, post = nextSale) =>
  closedLoop({ url: url + RECEIPT_PATH, connections, until: { requests }, post })

/** Reads the buffer's status for so long on so many connections at once. */
export const readStatus = (url: string, connections: number, seconds: number) =>
  closedLoop({ url: `${url}/v1/kkt/buffer/status`, connections, until: { seconds } })
