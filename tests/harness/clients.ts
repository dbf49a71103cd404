import { type Answer, at, expectBody, tokenHeaders, withQuery } from './http.ts'
import { limits } from './limits.ts'
import { odooClient, ofdClient, registerClient } from './mock_client.ts'
import { newKey, type Receipt } from './receipts.ts'
import * as wire from './wire.ts'
import { correctionAnswer } from './wire_correction.ts'
import {
  isOfReceipt,
  type KktFaults,
  kktDocuments,
  kktFaults,
  kktTasks,
  type Pace,
  replacedFn,
  pace as wirePace,
} from './wire_kkt.ts'

export { odooClient, ofdClient }

const {
  KKT_ADAPTER_URL = 'http://127.0.0.1:8001',
  MOCK_OFD_URL = 'http://127.0.0.1:9000',
  MOCK_ODOO_URL = 'http://127.0.0.1:8070',
  MOCK_KKT_URL,
  API_TOKEN,
} = process.env

export const urls = Object.freeze({ adapter: KKT_ADAPTER_URL, ofd: MOCK_OFD_URL, odoo: MOCK_ODOO_URL })

/** For an adapter that has tokens. */
export const adapterHeaders = tokenHeaders(API_TOKEN)

/** The KKT adapter as a till and an operator see it. An answer that breaks the contract is thrown. */
export const adapterClient = (baseUrl: string, headers = adapterHeaders) => {
  const { get, post } = at(baseUrl, limits.answerMs, headers)
  const postReceipt = (receipt: Receipt, key: string): Promise<Answer> =>
    post('/v1/kkt/receipt', receipt, { 'idempotency-key': key })
  return {
    /** Gives back any answer, for receipts that may be refused. */
    postReceipt,

    /** Posts a receipt that must be printed in time. */
    async print(receipt: Receipt, key = newKey()) {
      const answer = expectBody(await postReceipt(receipt, key), 200, wire.receiptAnswer)
      if (answer.status !== 'printed') throw new Error(`the receipt was not printed in time: ${answer.message}`)
      return answer
    },

    putRight: async (wanted: object, key = newKey()) =>
      expectBody(await post('/v1/kkt/correction', wanted, { 'idempotency-key': key }), 200, correctionAnswer),

    /** Posts a receipt that must be taken, printed in time or not. */
    async take(receipt: Receipt, key = newKey()) {
      return expectBody(await postReceipt(receipt, key), 200, wire.receiptAnswer)
    },

    receipt: async (id: string) => expectBody(await get(`/v1/kkt/receipt/${id}`), 200, wire.receiptWhole),

    receipts: async (query: ReceiptQuery) =>
      expectBody(await get(withQuery('/v1/kkt/receipts', query)), 200, wire.receiptList),

    status: async () => expectBody(await get('/v1/kkt/buffer/status'), 200, wire.bufferStatus),

    sync: async () =>
      expectBody(await post('/v1/kkt/buffer/sync', undefined, undefined, limits.syncAnswerMs), 202, wire.syncAnswer),

    dlq: async (query: { pos_id?: string; reason?: string; limit?: number; cursor?: string } = {}) =>
      expectBody(await get(withQuery('/v1/kkt/buffer/dlq', query)), 200, wire.dlqList),

    requeue: async (id: string) => expectBody(await post(`/v1/kkt/buffer/dlq/${id}/requeue`), 200, wire.requeuedOne),

    close: async (id: string, reason: string) =>
      expectBody(await post(`/v1/kkt/buffer/dlq/${id}/close`, { reason }), 200, wire.closedOne),

    requeueAll: async (filter: { pos_id?: string; reason?: string; dry_run?: boolean }) =>
      expectBody(await post('/v1/kkt/buffer/dlq/requeue', filter), 200, wire.requeuedMany),

    events: async (query: { receipt_id?: string; kind?: string; limit?: number; cursor?: string } = {}) =>
      expectBody(await get(withQuery('/v1/kkt/buffer/events', query)), 200, wire.eventList),

    health: async () => expectBody(await get('/v1/health'), 200, wire.adapterHealth),

    get,
    post,
  }
}

export const adapter = adapterClient(urls.adapter)

type LookUp = { fd?: number; fpd?: string; total?: number; date?: string; contact?: string }
type ReceiptQuery = LookUp & { pos_id?: string; status?: string; limit?: number; cursor?: string }

/** The control side of the mock KKT, which is part of the adapter. */
export const kktClient = (baseUrl: string, headers = adapterHeaders) => {
  const { get, post } = at(`${baseUrl}/v1/kkt/_test`, limits.answerMs, headers)
  /** The FN's documents of all kinds after that FD number, in FD order. */
  const allDocuments = async (after: number) =>
    expectBody(await get(withQuery('/documents', { after, limit: 1000 })), 200, kktDocuments).documents
  return {
    /** @returns the whole resulting configuration */
    configure: async (change: Partial<KktFaults>) => expectBody(await post('/config', change), 200, kktFaults),
    reset: async () => expectBody(await post('/reset'), 200, wire.mockReset),
    /** Sets these intervals, in seconds, for `ttl` seconds or until a reset. */
    hurry: async (pace: Partial<Pace>, ttl: number) =>
      expectBody(await post('/settings', { ...pace, ttl }), 200, wirePace),
    allDocuments,
    /** The number of the FN's last document: they are numbered from 1 without a gap. */
    lastFd: async () => expectBody(await get(withQuery('/documents', { limit: 1 })), 200, kktDocuments).count,
    /** The documents of an FN that was replaced. */
    documentsOf: async (fn: string) =>
      expectBody(await get(withQuery('/documents', { fn, limit: 1000 })), 200, kktDocuments).documents,
    /** The tasks that it has done, with a higher number. */
    tasks: async (after: number) =>
      expectBody(await get(withQuery('/tasks', { after, limit: 1000 })), 200, kktTasks).tasks,
    replaceFn: async () => expectBody(await post('/replace_fn'), 200, replacedFn),
    /** Those of receipts. */
    documents: async (after: number) => (await allDocuments(after)).filter(isOfReceipt),
    post,
  }
}

export const kkt = kktClient(urls.adapter)

export const ofd = ofdClient(urls.ofd, limits.answerMs)
export const odoo = odooClient(urls.odoo, limits.answerMs)
/** The cash register on the network. Null in a stack without one. */
export const register =
  MOCK_KKT_URL === undefined ? null : { url: MOCK_KKT_URL, ...registerClient(MOCK_KKT_URL, limits.answerMs) }
