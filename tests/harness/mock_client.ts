/**
 * Clients of the mocks, for tests that need an OFD, an Odoo or a cash register that fails on demand. To use them in another project, copy
 * this file, http.ts and the schemas that they import.
 */
import type { z } from 'zod'
import { at, call, expectBody, withQuery } from './http.ts'
import * as mockWire from './mock_wire.ts'
import * as wire from './wire.ts'
import { replacedFn } from './wire_kkt.ts'
import { type RegistersDocument, registerDocuments, registerRequests } from './wire_mock_kkt.ts'
import { ofdDocuments } from './wire_ofd.ts'

/** The longest wait that a mock allows for one request. */
const MAX_POLL_SECONDS = 60
const ANSWER_MS = 15_000
/** All that the mock OFD keeps. */
const MAX_DOCUMENTS = 20_000
/** The most that a register lists at once. */
const MAX_LISTED = 1000

/** Selects calls. A call must match every given field. */
type CallFilter = {
  operation?: 'submit' | 'lookup'
  receipt_id?: string
  pos_id?: string
  kkt_id?: string
  fault?: string
}
/** A counter and its goal, or a call: `{receipts: 5}`, `{calls: 2, fault: 'hang'}`, `{receipt_id: '…'}`. */
type Goal = CallFilter & Partial<Record<string, string | number>>

/** The control side that all mocks have, under a prefix of their own. An answer that breaks the contract is thrown. */
function mockClient(baseUrl: string, prefix: string, withinMs: number) {
  const root = baseUrl + prefix
  const { get, post } = at(root, withinMs)

  return {
    /** These two give back any answer. */
    get,
    post,

    /**
     * Puts faults on and ends them: `{ delay: 0.5, hang: { times: 2, match: { pos_id: 'POS-1' } }, permanent_failure: false }`.
     * Faults that are not named stay as they are.
     * @returns the whole resulting configuration
     */
    configure: async (change: Record<string, unknown>) =>
      expectBody(await post('/_test/config', change), 200, wire.mockConfig),

    /** The whole configuration. */
    configuration: async () => expectBody(await get('/_test/config'), 200, wire.mockConfig),

    /** Ends all faults, and forgets all calls and the ledger. */
    reset: async () => expectBody(await post('/_test/reset'), 200, wire.mockReset),

    /** The catalogue of faults, with their parameters as JSON Schema and an example. */
    faults: async () => expectBody(await get('/_test/faults'), 200, mockWire.faults).faults,

    /** The calls and their outcomes, oldest first. */
    calls: async (query: CallFilter & { limit?: number } = {}) =>
      expectBody(await get(withQuery('/_test/calls', query)), 200, wire.mockCalls).calls,

    /** One call by its number, with its request, its answer and the faults that struck it. */
    callInFull: async (number: number) => expectBody(await get(`/_test/calls/${number}`), 200, wire.mockCallInFull),

    counters: async () => expectBody(await get('/_test/counters'), 200, mockWire.counters),

    /** Waits for the goal. @throws Error quoting what came instead where the time is up */
    async wait(goal: Goal, waitMs: number) {
      const timeout = Math.min(Math.ceil(waitMs / 1000), MAX_POLL_SECONDS)
      const answer = await call(root + withQuery('/_test/wait', { ...goal, timeout }), {
        withinMs: withinMs + 1000 * timeout,
      })
      return expectBody(answer, 200, mockWire.waited)
    },

    /** The events from now on, the configuration first, until the signal is aborted. */
    stream: (signal: AbortSignal) => eventsOf(`${root}/_test/stream`, signal),

    /** The whole state: configuration, calls and ledger. */
    exportState: async () => expectBody(await get('/_test/export'), 200, mockWire.state),

    /** Replaces the mock's state with an exported one. */
    importState: async (state: z.infer<typeof mockWire.state>) =>
      expectBody(await post('/_test/import', state), 200, mockWire.imported),
  }
}

export function ofdClient(baseUrl: string, withinMs = ANSWER_MS) {
  const mock = mockClient(baseUrl, '/ofd/v1', withinMs)
  return {
    ...mock,
    health: async () => expectBody(await mock.get('/health'), 200, wire.ofdHealth),
    /** The receipts that the OFD has accepted, in order of arrival. */
    ledger: async (query: { pos_id?: string } = {}) =>
      expectBody(await mock.get(withQuery('/_test/receipts', query)), 200, wire.ofdLedger).receipts,
    /** The receipts' documents that cash registers have handed over by themselves, in order of arrival. */
    documents: async () =>
      expectBody(
        await mock.get(withQuery('/_test/documents', { kind: 'receipt', limit: MAX_DOCUMENTS })),
        200,
        ofdDocuments,
      ).documents,
  }
}

export function odooClient(baseUrl: string, withinMs = ANSWER_MS) {
  const mock = mockClient(baseUrl, '/api/v1', withinMs)
  return {
    ...mock,
    health: async () => expectBody(await mock.get('/health'), 200, wire.odooHealth),
    /** The heartbeats that Odoo has accepted, in order of arrival. */
    ledger: async () => expectBody(await mock.get('/_test/heartbeats'), 200, wire.odooLedger).heartbeats,
  }
}

/** The control side of a cash register on the network. Its tasks go by its own protocol. */
export function registerClient(baseUrl: string, withinMs = ANSWER_MS) {
  const mock = mockClient(baseUrl, '', withinMs)
  async function documents(after: number): Promise<RegistersDocument[]> {
    const query = { after, limit: MAX_LISTED }
    const page = expectBody(await mock.get(withQuery('/_test/documents', query)), 200, registerDocuments).documents
    const last = page.at(-1)
    return last === undefined || page.length < MAX_LISTED ? page : [...page, ...(await documents(last.fd_number))]
  }
  return {
    ...mock,
    /** The newest requests for tasks, in order. */
    requests: async (limit = MAX_LISTED) =>
      expectBody(await mock.get(withQuery('/_test/requests', { limit })), 200, registerRequests).requests,
    /** The documents of all kinds in its FN after that FD number, in FD order. */
    documents,
    /** Puts another FN in. */
    replaceFn: async () => expectBody(await mock.post('/_test/fn'), 200, replacedFn),
  }
}

/** Server-sent events in order. */
async function* eventsOf(url: string, signal: AbortSignal): AsyncGenerator<z.infer<typeof mockWire.event>> {
  const { body } = await fetch(url, { signal })
  if (!body) throw new Error(`${url} gave no stream`)
  let received = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    received += text
    const whole = received.split('\n\n')
    received = whole.pop() ?? ''
    for (const one of whole) {
      const [event, data] = one.split('\n').map((line) => line.slice(line.indexOf(':') + 2))
      yield mockWire.event.parse({ event, data: JSON.parse(data ?? '') })
    }
  }
}
