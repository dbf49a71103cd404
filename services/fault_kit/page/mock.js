/**
 * @typedef {{ type: string, description?: string, enum?: string[], minimum?: number, maximum?: number, default?: unknown,
 *   properties?: Record<string, Schema>, required?: string[] }} Schema
 * @typedef {{ name: string, summary: string, operation: string, parameters: Schema, bare_number: string | null,
 *   example: Record<string, unknown> }} Fault
 * @typedef {{ number: number, time: string, operation: 'submit' | 'lookup', receipt_id: string | null, pos_id: string | null,
 *   kkt_id: string | null, attempt: number, fault: string | null, effect: boolean, reply_sent: boolean,
 *   status: number | null, under_way: boolean }} Call
 * @typedef {{ text: string, length: number }} Piece The beginning of a text, and how long the whole is.
 * @typedef {{ sent: Piece | null, answered: Piece | null, struck: { fault: string, summary: string }[] }} Wire
 * @typedef {Call & { wire: Wire | null, wire_kept_of: number }} CallInFull
 * @typedef {Record<string, unknown>} Configuration
 * @typedef {{ pointer: string, message: string }} InputError
 */

const { control = '', counted = '' } = document.body.dataset

/** @param {string} path of the test control, relative to the page, so that a proxy's prefix is kept */
export const controlUrl = (path) => new URL(`${control}/${path}`, document.baseURI).href

/** Long enough to put no load on a mock that is away, short enough to notice soon that it is back. */
const AGAIN_MS = 1000

/** A refusal by the mock, with its reasons. */
export class Refused extends Error {
  /**
   * @param {string} detail
   * @param {InputError[]} errors
   */
  constructor(detail, errors) {
    super(detail)
    this.errors = errors
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function ask(path, init) {
  const response = await fetch(`${control}/${path}`, init).catch(() => {
    throw new Refused('The mock cannot be reached.', [])
  })
  const answer = await response.json()
  if (response.ok) return answer
  throw new Refused(answer.detail ?? `Answered with ${response.status}.`, answer.errors ?? [])
}

/**
 * @param {string} path
 * @param {BodyInit} [body]
 */
const post = (path, body) => ask(path, { method: 'POST', body: body ?? null })

export const mock = {
  /**
   * @param {Configuration} change
   * @returns {Promise<Configuration>} the whole configuration
   */
  configure: (change) => post('config', JSON.stringify(change)),

  reset: () => post('reset'),

  /** @param {File} file an exported state */
  import: (file) => post('import', file),

  /** @returns {Promise<Fault[]>} */
  faults: async () => (await ask('faults')).faults,

  /**
   * @param {number} limit
   * @returns {Promise<Call[]>} oldest first
   */
  calls: async (limit) => (await ask(`calls?limit=${limit}`)).calls,

  /**
   * @param {number} number
   * @returns {Promise<CallInFull>}
   */
  callInFull: (number) => ask(`calls/${number}`),

  /** @returns {Promise<Record<string, unknown>>} */
  counters: () => ask('counters'),

  /**
   * The newest document that the mock took from one sender or for one receipt.
   * @param {Record<string, string>} filter
   * @returns {Promise<unknown>}
   */
  taken: async (filter) => (await ask(`${counted}?${new URLSearchParams({ ...filter, limit: '1' })}`))[counted][0],
}

/**
 * Listens to the mock's events, and reconnects after the mock was away.
 * @param {{ opened: () => void, lost: () => void, config: (shown: Configuration) => void, call: (call: Call) => void,
 * reset: () => void }} on
 */
export function listen(on) {
  const source = new EventSource(`${control}/stream`)
  source.addEventListener('open', on.opened)
  source.addEventListener('config', ({ data }) => on.config(JSON.parse(data)))
  source.addEventListener('call', ({ data }) => on.call(JSON.parse(data)))
  source.addEventListener('reset', on.reset)
  // Browsers differ in how long they reconnect by themselves, and some give up.
  source.addEventListener('error', () => {
    source.close()
    on.lost()
    setTimeout(() => listen(on), AGAIN_MS)
  })
}
