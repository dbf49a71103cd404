import { element, find } from './dom.js'
import { mock } from './mock.js'

/** Often enough to look live, seldom enough to cost nothing when much comes. */
const PAUSE_MS = 200

/** Told by the others: a mock of heartbeats is not asked after them, and each submission is a call of the OFD's count. */
const TOLD_BY_OTHERS = document.body.dataset['counted'] === 'heartbeats' ? ['submits', 'lookups'] : ['call_count']

const list = find('#counters dl')
let isAwaited = false

/** Shows them as they are soon. */
export function refreshCounters() {
  if (isAwaited) return
  isAwaited = true
  setTimeout(() => {
    isAwaited = false
    // When the mock is away, the connection says so; they are read again when it is back.
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
