/** The adapter that its OpenAPI document is held against, and what is done to it before it is asked. */
import { z } from 'zod'
import type { ReceiptId } from '../../../services/kkt_adapter/src/domain/receipt.ts'
import { FISCAL_DOCUMENT, RECEIPT_ID } from '../../../services/kkt_adapter/src/http/docs/examples.ts'
import { content, fiscalDoc } from '../../../services/kkt_adapter/src/testing/kit.ts'
import { untoldReceipt, untracedReceipt } from '../../../services/kkt_adapter/src/testing/replaced_fn.ts'
import { startWholeApp } from '../../../services/kkt_adapter/src/testing/whole_app.ts'
import { examplesOf, openApi } from './contract.ts'
import type { Send } from './provoked.ts'
import { readyTasks } from './shift_app.ts'

export function start(options?: Parameters<typeof startWholeApp>[0]) {
  const app = startWholeApp(options)
  const send: Send = (method, path, init) => app.app.handle(new Request(`http://localhost${path}`, { method, ...init }))
  return { ...app, send }
}

export const api = openApi.parse(await (await start().send('GET', '/openapi.json')).json())

export const SELL = 'POST /v1/kkt/receipt'
export const [SALE, ANOTHER] = examplesOf(api, SELL)
export const sell = (send: Send, key: string, body = SALE.body ?? '') =>
  send('POST', SALE.path, { headers: { 'idempotency-key': key }, body })

export const sold = z.object({ receipt_id: z.string() })

export const NOBODY = '00000000-0000-7000-8000-000000000000'
export const OF_A_DEAD_LETTER = ['requeue', 'close'].map((verb) => `POST /v1/kkt/buffer/dlq/{receipt_id}/${verb}`)
export const ON_ALL_DEAD_LETTERS = ['GET /v1/kkt/buffer/dlq', 'POST /v1/kkt/buffer/dlq/requeue']
export const REFUND = 'POST /v1/pos/refund'
export const LOOKUP = 'GET /v1/kkt/receipt/{receipt_id}'
export const SETTLE_RECEIPT = 'POST /v1/kkt/receipt/{receipt_id}/settle'
export const UNTRACED = 'POST /v1/kkt/buffer/untraced/close'
export const SLIP = `${LOOKUP}/slip`
export const [STREAM, STREAM_PATH] = ['GET /v1/kkt/stream', '/v1/kkt/stream']
export const WAIT_MS = 1000
export const QR_CODE = `${LOOKUP}/qr.svg`
export const LOGIN = 'POST /v1/kkt/login'
export const CORRECT = 'POST /v1/kkt/correction'
export const CORRECTION = 'GET /v1/kkt/correction/{correction_id}'
export const CLOSE = 'POST /v1/kkt/correction/{correction_id}/close'

/** Sells a receipt, and has the OFD refuse it where the route is about dead letters. */
export async function ready(route: string, options: Parameters<typeof start>[0] = {}) {
  const way = route === UNTRACED ? 'kkt' : 'http'
  const app = start({ ofdControl: async () => Response.json({ permanent_failure: true }), way, ...options })
  if (route === UNTRACED) await untracedReceipt(app.journal, '9999078900000961')
  if (OF_A_DEAD_LETTER.includes(route)) {
    app.ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'Receipt refused' })
  }
  if (route === REFUND || route === CORRECT) await sellOriginal(app)
  const untold = route === SETTLE_RECEIPT ? await untoldReceipt(app.journal, FISCAL_DOCUMENT.fn_number) : null
  const { receipt_id: soldId } = sold.parse(await (await sell(app.send, 'sold')).json())
  const receipt_id = untold ?? soldId
  await app.delivery.syncNow()
  const correction_id = route === CORRECTION || route === CLOSE ? await putRight(app, route === CLOSE) : ''
  const parameters: Record<string, string> = { receipt_id, correction_id, ...(await readyTasks(app, route)) }
  return { ...app, parameters }
}

/** Puts a receipt right. @param isHalfDone the KKT refuses the right one */
async function putRight({ send, kkt }: ReturnType<typeof start>, isHalfDone: boolean): Promise<string> {
  const take = kkt.onFiscalize
  let asked = 0
  kkt.onFiscalize = async (id, make) => (isHalfDone && ++asked === 2 ? REFUSED : take(id, make))
  const [, { path, headers, body = '' } = SALE] = examplesOf(api, CORRECT)
  return corrected.parse(await (await send('POST', path, { headers, body })).json()).correction_id
}

export const REFUSED = { kind: 'refused', isLasting: true, reason: 'the total is too high' } as const
const corrected = z.object({ correction_id: z.string() })

/** Journals the receipt that the examples of refunds and corrections ask about. It is not delivered yet. */
export async function sellOriginal({ journal }: ReturnType<typeof start>): Promise<void> {
  const { fn_number: fnNumber, fiscal_doc_number: fdNumber } = FISCAL_DOCUMENT
  const found = { id: RECEIPT_ID as ReceiptId, content: content(), paper: 'printed' as const }
  await journal.write((tx) => tx.bringBack({ ...found, doc: { ...fiscalDoc(fdNumber), fnNumber } }))
}

/**
 * A route's first example.
 * @param about the values of its path's parameters, or the id of the receipt or correction that it is about
 * @param key another idempotency key than that of the example
 */
export async function ask(
  { send }: { send: Send },
  route: string,
  about: string | Readonly<Record<string, string>>,
  key?: string,
): Promise<Response> {
  const [{ method, path, headers, query, body }] = examplesOf(api, route)
  const known = typeof about === 'string' ? { receipt_id: about, correction_id: about } : about
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (whole, name: string) => new Map(Object.entries(known)).get(name) ?? whole,
  )
  const sent = new Headers(headers)
  if (key !== undefined) sent.set('idempotency-key', key)
  return send(method, query === '' ? filled : `${filled}?${query}`, {
    headers: sent,
    ...(body !== undefined && { body }),
  })
}

/** A receipt that the KKT has refused. */
export async function refusedReceipt() {
  const app = start()
  app.kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the total is too high' })
  await sell(app.send, 'refused')
  const page = refused.parse(await (await app.send('GET', '/v1/kkt/receipts')).json())
  return { ...app, receiptId: page.receipts[0].receipt_id }
}

const refused = z.object({ receipts: z.tuple([sold]) })
