/**
 * Clients of the two mocks, for any test that needs an OFD or an Odoo that fails on demand. With http.ts and the schemas
 * that they name, these files are all there is to copy into another project.
 */
import type { z } from 'zod'
import { at, call, expectBody, withQuery } from './http.ts'
import * as mockWire from './mock_wire.ts'
import * as wire from './wire.ts'

/** The longest that a mock lets a long poll last. */
const MAX_POLL_SECONDS = 60
const ANSWER_MS = 15_000

/** Which calls are meant: all that is given must fit. */
type CallFilter = {
  operation?: 'submit' | 'lookup'
  receipt_id?: string
  pos_id?: string
  kkt_id?: string
  fault?: string
}
/** A counter and how many of it, or which call: `{receipts: 5}`, `{calls: 2, fault: 'hang'}`, `{receipt_id: '…'}`. */
type Goal = CallFilter & Partial<Record<string, string | number>>

/** What both mocks offer, under their own prefix. What is not as the contract says is thrown. */
function mockClient(baseUrl: string, prefix: string, withinMs: number) {
  const root = baseUrl + prefix
  const { get, post } = at(root, withinMs)

  return {
    /** Any answer is given back. */
    ...{ get, post },

    /**
     * Puts faults on and ends them, `{ delay: 0.5, hang: { times: 2, match: { pos_id: 'POS-1' } }, permanent_failure: false }`;
     * what is not named stays as it is.
     * @returns the whole resulting configuration
     */
    configure: async (change: Record<string, unknown>) =>
      expectBody(await post('/_test/config', change), 200, wire.mockConfig),

    /** All that is set. */
    configuration: async () => expectBody(await get('/_test/config'), 200, wire.mockConfig),

    /** Ends all faults, and forgets all calls and all that was taken. */
    reset: async () => expectBody(await post('/_test/reset'), 200, wire.mockReset),

    /** The faults that there are, with their parameters as JSON Schema and an example. */
    faults: async () => expectBody(await get('/_test/faults'), 200, mockWire.faults).faults,

    /** What came, and what became of it, oldest first. */
    calls: async (query: CallFilter & { limit?: number } = {}) =>
      expectBody(await get(withQuery('/_test/calls', query)), 200, wire.mockCalls).calls,

    /** One of them by its number, with what it was sent and answered, and the faults that struck it. */
    callInFull: async (number: number) => expectBody(await get(`/_test/calls/${number}`), 200, wire.mockCallInFull),

    counters: async () => expectBody(await get('/_test/counters'), 200, mockWire.counters),

    /** Waits until so much has come. @throws Error when it has not in the time, with what came instead */
    async wait(goal: Goal, waitMs: number) {
      const timeout = Math.min(Math.ceil(waitMs / 1000), MAX_POLL_SECONDS)
      const answer = await call(root + withQuery('/_test/wait', { ...goal, timeout }), {
        withinMs: withinMs + 1000 * timeout,
      })
      return expectBody(answer, 200, mockWire.waited)
    },

    /** What happens from now on, first of all the configuration, until the signal is aborted. */
    stream: (signal: AbortSignal) => eventsOf(`${root}/_test/stream`, signal),

    /** The whole state: configuration, calls, and what was taken. */
    exportState: async () => expectBody(await get('/_test/export'), 200, mockWire.state),

    /** Goes on from a state that was exported, in place of its own. */
    importState: async (state: z.infer<typeof mockWire.state>) =>
      expectBody(await post('/_test/import', state), 200, mockWire.imported),
  }
}

export function ofdClient(baseUrl: string, withinMs = ANSWER_MS) {
  const mock = mockClient(baseUrl, '/ofd/v1', withinMs)
  return {
    ...mock,
    health: async () => expectBody(await mock.get('/health'), 200, wire.ofdHealth),
    /** What the OFD has accepted, in the order in which it came. */
    ledger: async (query: { pos_id?: string } = {}) =>
      expectBody(await mock.get(withQuery('/_test/receipts', query)), 200, wire.ofdLedger).receipts,
  }
}

export function odooClient(baseUrl: string, withinMs = ANSWER_MS) {
  const mock = mockClient(baseUrl, '/api/v1', withinMs)
  return {
    ...mock,
    health: async () => expectBody(await mock.get('/health'), 200, wire.odooHealth),
    /** The heartbeats that were accepted, in the order in which they came. */
    ledger: async () => expectBody(await mock.get('/_test/heartbeats'), 200, wire.odooLedger).heartbeats,
  }
}

/** Server-sent events, one after another. */
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
