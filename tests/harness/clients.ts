import { type Answer, call, expectBody } from './http.ts'
import { limits } from './limits.ts'
import { newKey, type Receipt } from './receipts.ts'
import * as wire from './wire.ts'

const {
  KKT_ADAPTER_URL = 'http://127.0.0.1:8001',
  MOCK_OFD_URL = 'http://127.0.0.1:9000',
  MOCK_ODOO_URL = 'http://127.0.0.1:8070',
} = process.env

export const urls = Object.freeze({ adapter: KKT_ADAPTER_URL, ofd: MOCK_OFD_URL, odoo: MOCK_ODOO_URL })

/** The longest that a mock lets a long poll last. */
const MAX_POLL_SECONDS = 60

type Query = Record<string, string | number | undefined>

const withQuery = (path: string, query: Query): string => {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value))
  return given.size === 0 ? path : `${path}?${given}`
}

const at = (baseUrl: string) => ({
  get: (path: string, withinMs = limits.answerMs) => call(baseUrl + path, { withinMs }),
  post: (path: string, body?: unknown, headers?: Record<string, string>, withinMs = limits.answerMs) =>
    call(baseUrl + path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(headers ? { headers } : {}),
      withinMs,
    }),
})

/** The KKT adapter as a till and an operator see it. What is not as the contract says is thrown. */
export const adapterClient = (baseUrl: string) => {
  const { get, post } = at(baseUrl)
  const postReceipt = (receipt: Receipt, key: string): Promise<Answer> =>
    post('/v1/kkt/receipt', receipt, { 'idempotency-key': key })
  return {
    /** Any answer is given back: for what may be refused. */
    postReceipt,

    /** A receipt that must be taken and printed in time. */
    async print(receipt: Receipt, key = newKey()) {
      const answer = expectBody(await postReceipt(receipt, key), 200, wire.receiptAnswer)
      if (answer.status !== 'printed') throw new Error(`the receipt was not printed in time: ${answer.message}`)
      return answer
    },

    /** A receipt that must be taken, printed by now or not. */
    async take(receipt: Receipt, key = newKey()) {
      return expectBody(await postReceipt(receipt, key), 200, wire.receiptAnswer)
    },

    receipt: async (id: string) => expectBody(await get(`/v1/kkt/receipt/${id}`), 200, wire.receiptView),

    receipts: async (query: { pos_id?: string; status?: string; limit?: number; cursor?: string }) =>
      expectBody(await get(withQuery('/v1/kkt/receipts', query)), 200, wire.receiptList),

    status: async () => expectBody(await get('/v1/kkt/buffer/status'), 200, wire.bufferStatus),

    sync: async () =>
      expectBody(await post('/v1/kkt/buffer/sync', undefined, undefined, limits.syncAnswerMs), 202, wire.syncAnswer),

    dlq: async (query: { pos_id?: string; reason?: string; limit?: number; cursor?: string } = {}) =>
      expectBody(await get(withQuery('/v1/kkt/buffer/dlq', query)), 200, wire.dlqList),

    requeue: async (id: string) => expectBody(await post(`/v1/kkt/buffer/dlq/${id}/requeue`), 200, wire.requeuedOne),

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

/** The tests' side of the mock KKT, which is inside the adapter. */
export const kktClient = (baseUrl: string) => {
  const { get, post } = at(`${baseUrl}/v1/kkt/_test`)
  return {
    /** @returns the whole resulting configuration */
    configure: async (change: Partial<wire.KktFaults>) =>
      expectBody(await post('/config', change), 200, wire.kktFaults),
    reset: async () => expectBody(await post('/reset'), 200, wire.mockReset),
    /** What its FN holds after that FD number, in FD order. */
    documents: async (after: number) =>
      expectBody(await get(withQuery('/documents', { after, limit: 1000 })), 200, wire.kktDocuments).documents,
    post,
  }
}

export const kkt = kktClient(urls.adapter)

/** What both mocks offer the tests, under their own prefix. */
const controlOf = (baseUrl: string, prefix: string) => {
  const { get, post } = at(baseUrl)
  return {
    /** @returns the whole resulting configuration */
    configure: async (change: Record<string, unknown>) =>
      expectBody(await post(`${prefix}/_test/config`, change), 200, wire.mockConfig),
    reset: async () => expectBody(await post(`${prefix}/_test/reset`), 200, wire.mockReset),
    /** What came, and what became of it, oldest first. */
    calls: async (query: { limit?: number; operation?: string; receipt_id?: string; fault?: string } = {}) =>
      expectBody(await get(withQuery(`${prefix}/_test/calls`, query)), 200, wire.mockCalls).calls,
    get: (path: string) => get(prefix + path),
    post: (path: string, body?: unknown, headers?: Record<string, string>) => post(prefix + path, body, headers),
  }
}

export const ofdClient = (baseUrl: string) => {
  const control = controlOf(baseUrl, '/ofd/v1')
  return {
    ...control,
    health: async () => expectBody(await control.get('/health'), 200, wire.ofdHealth),
    /** What the OFD has accepted, in the order in which it came. */
    ledger: async (query: { pos_id?: string } = {}) =>
      expectBody(await control.get(withQuery('/_test/receipts', query)), 200, wire.ofdLedger).receipts,
  }
}

export const odooClient = (baseUrl: string) => {
  const control = controlOf(baseUrl, '/api/v1')
  return {
    ...control,
    health: async () => expectBody(await control.get('/health'), 200, wire.odooHealth),
    /** The heartbeats that were accepted, in the order in which they came. */
    ledger: async () => expectBody(await control.get('/_test/heartbeats'), 200, wire.odooLedger).heartbeats,
    /** Waits for so many heartbeats since the reset. @throws Error when fewer came in the time */
    wait: async (heartbeats: number, withinMs: number) => {
      const query = { heartbeats, timeout: Math.min(Math.ceil(withinMs / 1000), MAX_POLL_SECONDS) }
      const path = `${baseUrl}/api/v1${withQuery('/_test/wait', query)}`
      const answer = await call(path, { withinMs: limits.answerMs + 1000 * query.timeout })
      return expectBody(answer, 200, wire.odooWaited)
    },
  }
}

export const ofd = ofdClient(urls.ofd)
export const odoo = odooClient(urls.odoo)
