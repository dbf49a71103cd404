/** Helpers of this mock's unit tests. */

import { asking, createKeptLog } from '@kkt/fault-kit/testing.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { createMockOfd } from './app.ts'

export const START_MS = 1_769_860_800_500

/** A receipt of one till and one FN. Its id's second group is the FD number, so that each number has its own id. */
export function receipt(fd: number, change: Record<string, unknown> = {}) {
  return {
    receipt_id: idOf(fd),
    pos_id: 'POS-001',
    kkt_id: 'KKT-001',
    type: 'sale',
    items: [{ name: 'Ivan’s glasses', price: 100.5, quantity: 2, total: 201, vat_rate: 22 }],
    payments: [{ type: 'card', amount: 201 }],
    total: 201,
    fiscal_doc: {
      fiscal_doc_number: fd,
      fiscal_sign: '0123456789',
      fiscal_datetime: '2026-01-31T12:00:00.000Z',
      fn_number: '9999078900001234',
      kkt_number: '0000000001000001',
      shift_number: 1,
      receipt_number: fd,
      total: 201,
      qr_code_data: 't=20260131T1200&s=201.00&fn=9999078900001234&i=1&fp=0123456789&n=1',
    },
    ...change,
  }
}

export const idOf = (fd: number) => `01900000-${String(fd).padStart(4, '0')}-7000-8000-000000000000`

/** The operations of a test on a mock. */
export function using(mock: ReturnType<typeof createMockOfd>, clock: TestClock, log: { text(): string }) {
  const { app, callsUnderWay } = mock
  const ask = asking(app)
  return {
    app,
    callsUnderWay,
    ask,
    advance: (ms: number) => clock.advance(ms),
    now: clock.monotonicMs,
    sleepers: () => clock.waiting,
    log,
    send: (body: unknown, fence?: string) =>
      ask('POST', '/ofd/v1/receipt', body, fence === undefined ? {} : { headers: { 'fencing-token': fence } }),
    sendDocument: (body: unknown) => ask('POST', '/ofd/v1/document', body),
    findDocument: (fn: string, fd: number | string) => ask('GET', `/ofd/v1/document/${fn}/${fd}`),
    find: (id: string, headers: Record<string, string> = {}) =>
      ask('GET', `/ofd/v1/receipt/${id}`, undefined, { headers }),
    config: (change: unknown) => ask('POST', '/ofd/v1/_test/config', change),
    reset: () => ask('POST', '/ofd/v1/_test/reset'),
    health: async () => (await ask('GET', '/ofd/v1/health')).body,
    documents: async (query = '') => (await ask('GET', `/ofd/v1/_test/documents${query}`)).body,
    ledger: async (query = '') => (await ask('GET', `/ofd/v1/_test/receipts${query}`)).body,
  }
}

/** A mock of the test's own, which may listen on a port. Without a port, `build` of testing/lent.ts is cheaper. */
export function buildNew() {
  const clock = new TestClock(START_MS)
  const log = createKeptLog()
  return using(createMockOfd({ clock, logger: log.logger }), clock, log)
}

/** The health of a mock without any call. */
export const untouched = {
  status: 'healthy',
  call_count: 0,
  receipts_received: 0,
  other_documents: 0,
  permanent_failure: false,
  failure_count: 0,
  duplicates: 0,
  out_of_order: 0,
  stale_fence: 0,
  judged_wrong: 0,
}
/** The answer to the first receipt at the start of the clock. */
export const first = {
  status: 'accepted',
  ofd_id: 'OFD-000001',
  timestamp: 1_769_860_800,
  receipt_id: idOf(1),
}

/** Sends a receipt and resolves to the response. */
export const posted = (app: ReturnType<typeof createMockOfd>['app'], fd: number) =>
  app.handle(new Request('http://localhost/ofd/v1/receipt', { method: 'POST', body: JSON.stringify(receipt(fd)) }))
