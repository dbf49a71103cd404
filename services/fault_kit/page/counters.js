import { element, find } from './dom.js'
import { mock } from './mock.js'

/** Frequent enough to look live, rare enough to cost nothing under load. */
const PAUSE_MS = 200

/** Counters shown elsewhere: heartbeats are never looked up, and OFD submissions are in the OFD's call count. */
const TOLD_BY_OTHERS = document.body.dataset['counted'] === 'heartbeats' ? ['submits', 'lookups'] : ['call_count']

const list = find('#counters dl')
let isAwaited = false

export function refreshCounters() {
  if (isAwaited) return
  isAwaited = true
  setTimeout(() => {
    isAwaited = false
    // A mock that is away is shown by the connection's state. The counters are read again when it is back.
    mock.counters().then(showCounters, () => undefined)
  }, PAUSE_MS)
}

/** @param {Record<string, unknown>} counters */
function showCounters(counters) {
  const shown = Object.entries(counters).filter(([name]) => !TOLD_BY_OTHERS.includes(name))
  list.replaceChildren(...shown.map(([name, value]) => tile(name, value)))
}

/**
 * @param {string} name
 * @param {unknown} value
 */
function tile(name, value) {
  const isMany = typeof value === 'object' && value !== null
  const parts = isMany ? Object.entries(value).map(([what, count]) => `${what} ${count}`) : []
  return element(
    'div',
    { class: isMany ? 'many' : '', hidden: isMany && parts.length === 0 },
    element('dt', {}, words(name)),
    element('dd', {}, ...(isMany ? parts.map((part) => element('span', {}, part)) : [text(value)])),
  )
}

const words = (/** @type {string} */ name) => name.replaceAll('_', ' ')

/** @param {unknown} value */
function text(value) {
  if (value === null) return '–'
  const isTime = typeof value === 'string' && !Number.isNaN(Date.parse(value))
  return isTime ? new Date(value).toLocaleTimeString('en-GB') : String(value)
}
