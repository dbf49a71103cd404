import { element, find } from './dom.js'
import { mock } from './mock.js'

/** @typedef {import('./mock.js').Call} Call */

/** As many as one looks through, and as stay fast. */
export const SHOWN_CALLS = 200
const LONG_ID = 20
const ID_END = 12
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }

const list = find('#calls ol')
const nothing = find('#calls .nothing')

/** @type {Map<number, HTMLElement>} By the calls' numbers, the newest last. */
const shown = new Map()
/** @type {Call[]} What has come since the last frame. */
let waiting = []

/** @param {Call} call */
export function addCall(call) {
  if (waiting.length === 0) requestAnimationFrame(show)
  waiting.push(call)
  if (waiting.length > SHOWN_CALLS) waiting.shift()
}

/** @param {Call[]} calls oldest first */
export function replaceCalls(calls) {
  waiting = []
  shown.clear()
  list.replaceChildren()
  for (const call of calls) place(call, false)
  nothing.textContent = 'None yet. What comes is listed here as soon as its outcome is known.'
  nothing.hidden = shown.size > 0
}

function show() {
  const isAtTop = list.scrollTop === 0
  const heightBefore = list.scrollHeight
  for (const call of waiting) place(call, true)
  waiting = []
  nothing.hidden = shown.size > 0
  // What is being read stays where it is.
  if (!isAtTop) list.scrollTop += list.scrollHeight - heightBefore
}

/**
 * @param {Call} call
 * @param {boolean} isNew
 */
function place(call, isNew) {
  const row = rowOf(call, isNew)
  // One that was listed while it was under way has ended.
  const before = shown.get(call.number)
  if (before) before.replaceWith(row)
  else list.prepend(row)
  shown.set(call.number, row)
  if (shown.size <= SHOWN_CALLS) return
  const [oldest = call.number] = shown.keys()
  shown.get(oldest)?.remove()
  shown.delete(oldest)
}

/**
 * @param {Call} call
 * @param {boolean} isNew
 */
function rowOf(call, isNew) {
  const { time, operation, receipt_id, pos_id, kkt_id, attempt, fault } = call
  const more = element('pre', { tabindex: 0 }, 'reading')
  const details = element(
    'details',
    { toggle: () => details.open && void tellMore(call, more) },
    element(
      'summary',
      {},
      element('time', { datetime: time }, clockTime(time)),
      element('span', { class: 'operation' }, operation === 'lookup' ? 'look-up' : operation),
      element('span', { class: 'who' }, pos_id ?? kkt_id ?? ''),
      element('span', { class: 'id', title: receipt_id ?? '' }, shortId(receipt_id)),
      element('span', { class: 'attempt' }, attempt > 1 ? `attempt ${attempt}` : ''),
      element('span', { class: fault ? 'fault' : '' }, fault ?? ''),
      element('span', { class: 'effect' }, operation === 'submit' ? (call.effect ? 'taken' : 'not taken') : ''),
      element('span', { class: `answer ${kindOf(call)}` }, answerOf(call)),
    ),
    more,
  )
  return element('li', { class: isNew ? 'new' : '' }, details)
}

/**
 * @param {Call} call
 * @param {HTMLElement} into
 */
async function tellMore(call, into) {
  /** @type {Record<string, string>} */
  const filter = call.receipt_id ? { receipt_id: call.receipt_id } : call.kkt_id ? { kkt_id: call.kkt_id } : {}
  const taken = Object.keys(filter).length > 0 ? await mock.taken(filter).catch(() => undefined) : undefined
  const parts = [`the call ${pretty(call)}`]
  if (taken !== undefined) parts.push(`in the ledger ${pretty(taken)}`)
  into.textContent = parts.join('\n\n')
}

const pretty = (/** @type {unknown} */ value) => JSON.stringify(value, null, 2)

const clockTime = (/** @type {string} */ iso) => new Date(iso).toLocaleTimeString('en-GB', CLOCK)

/** @param {string | null} id */
function shortId(id) {
  if (id === null) return ''
  return id.length > LONG_ID ? `…${id.slice(-ID_END)}` : id
}

/** @param {Call} call */
function answerOf({ status, reply_sent, under_way }) {
  if (under_way) return 'under way'
  if (status === null) return 'no answer'
  return reply_sent ? String(status) : `${status}, cut off`
}

/** @param {Call} call */
function kindOf({ status, reply_sent, under_way }) {
  if (under_way) return ''
  if (status === null || !reply_sent || status >= 500) return 'bad'
  return status >= 400 ? 'refused' : 'good'
}
