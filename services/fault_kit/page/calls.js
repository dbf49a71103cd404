import { tellMore } from './call_details.js'
import { element, find } from './dom.js'

/** @typedef {import('./mock.js').Call} Call */

/** As many as a person looks through, and as a browser draws fast. */
export const SHOWN_CALLS = 200
const LONG_ID = 20
const ID_END = 12
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }

const list = find('#calls ol')
const nothing = find('#calls .nothing')
const columns = find('#calls .columns')

/** The columns of the list, in order. Some belong to one mock only. */
const COLUMNS = {
  time: 'time',
  operation: 'call',
  pos: 'POS',
  kkt: 'KKT',
  id: 'receipt',
  attempt: 'attempt',
  fault: 'fault',
  effect: 'effect',
  answer: 'answer',
}

columns.append(...Object.entries(COLUMNS).map(([name, title]) => element('span', { class: name }, title)))

/** @type {Map<number, HTMLElement>} Keyed by the calls' numbers, the newest last. */
const shown = new Map()
/** @type {Call[]} The calls that arrived since the last frame. */
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
  nothing.textContent = 'None yet. Calls are listed here once their outcome is known.'
  tellWhetherAny()
}

function tellWhetherAny() {
  nothing.hidden = shown.size > 0
  columns.hidden = shown.size === 0
}

function show() {
  const isAtTop = list.scrollTop === 0
  const heightBefore = list.scrollHeight
  for (const call of waiting) place(call, true)
  waiting = []
  tellWhetherAny()
  // Keeps the lines that a person reads in place.
  if (!isAtTop) list.scrollTop += list.scrollHeight - heightBefore
}

/**
 * @param {Call} call
 * @param {boolean} isNew
 */
function place(call, isNew) {
  const row = rowOf(call, isNew)
  // A call that was listed under way has ended.
  const before = shown.get(call.number)
  if (before) replace(before, row)
  else list.prepend(row)
  shown.set(call.number, row)
  if (shown.size <= SHOWN_CALLS) return
  const [oldest = call.number] = shown.keys()
  shown.get(oldest)?.remove()
  shown.delete(oldest)
}

/**
 * An open row stays open and keeps the keyboard's focus.
 * @param {HTMLElement} before
 * @param {HTMLElement} row
 */
function replace(before, row) {
  const isFocused = before.contains(document.activeElement)
  const isOpen = before.querySelector('details')?.open ?? false
  before.replaceWith(row)
  row.querySelector('details')?.toggleAttribute('open', isOpen)
  if (isFocused) row.querySelector('summary')?.focus()
}

/**
 * @param {Call} call
 * @param {boolean} isNew
 */
function rowOf(call, isNew) {
  const { time, operation, receipt_id, pos_id, kkt_id, attempt, fault, effect } = call
  const more = element('div', { class: 'more' }, 'reading')
  const details = element(
    'details',
    { toggle: () => details.open && void tellMore(call, more) },
    element(
      'summary',
      {},
      element('time', { class: 'time', datetime: time }, clockTime(time)),
      element('span', { class: 'operation' }, operation === 'lookup' ? 'look-up' : operation),
      cell('pos', pos_id),
      cell('kkt', kkt_id),
      cell('id', receipt_id && shortId(receipt_id)),
      // Heartbeats have no receipt, so their attempt number means nothing.
      cell('attempt', receipt_id !== null && attempt > 1 ? String(attempt) : null),
      element('span', { class: 'fault' }, fault ?? ''),
      element('span', { class: 'effect' }, operation === 'submit' ? (effect ? 'taken' : 'not taken') : ''),
      element('span', { class: `answer ${kindOf(call)}` }, answerOf(call)),
    ),
    more,
  )
  return element('li', { class: isNew ? 'new' : '' }, details)
}

/**
 * A value that needs its column's name beside it when the layout has no columns.
 * @param {'pos' | 'kkt' | 'id' | 'attempt'} name
 * @param {string | null} value
 */
const cell = (name, value) =>
  element('span', { class: name }, ...(value ? [element('span', { class: 'label' }, COLUMNS[name]), ` ${value}`] : []))

const clockTime = (/** @type {string} */ iso) => new Date(iso).toLocaleTimeString('en-GB', CLOCK)

/** @param {string} id */
function shortId(id) {
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
