import { curlButton } from './curl.js'
import { element, find } from './dom.js'
import { inWords, off, plansOf } from './plan.js'

/**
 * @typedef {import('./mock.js').Fault} Fault
 * @typedef {import('./mock.js').Configuration} Configuration
 * @typedef {object} Item One plan of a fault, the sequence, or the seed.
 * @property {string} key
 * @property {string} name
 * @property {(elapsedSeconds: number) => string} words
 * @property {number} lifeSeconds
 * @property {unknown} without what ends it, and nothing else of its name
 * @property {unknown} whole all that is on of its name
 * @property {unknown} off what ends all of its name
 * @typedef {{ element: HTMLElement, words: HTMLElement, item: Item }} Row
 */

const TICK_MS = 1000

const section = find('#in-force')
const title = find('#in-force-title')
const list = find('#in-force ul')
const nothing = find('#in-force .nothing')
const endAll = find('#end-all')

/** @param {(change: Configuration, done: string) => void} configure */
export function showsInForce(configure) {
  /** @type {Map<string, Row>} */
  const rows = new Map()
  let receivedMs = 0
  const items = () => [...rows.values()].map(({ item }) => item)
  const elapsedSeconds = () => (performance.now() - receivedMs) / 1000

  endAll.addEventListener('click', () => {
    title.focus()
    configure(Object.fromEntries(items().map(({ name, off }) => [name, off])), 'all is ended')
  })
  setInterval(tick, TICK_MS)

  /** Counts down the plans that have a time to live. */
  function tick() {
    if (items().some(({ lifeSeconds }) => Number.isFinite(lifeSeconds))) tell()
  }

  function tell() {
    for (const { words, item } of rows.values()) words.textContent = item.words(elapsedSeconds())
  }

  /** @param {Item} item */
  function rowOf(item) {
    const words = element('span', { class: 'plan' })
    const button = element('button', { type: 'button', 'aria-label': `End ${item.name}`, click: () => end(row) }, 'End')
    const curl = curlButton(item.name, () => ({ [row.item.name]: row.item.whole }))
    const buttons = element('span', { class: 'buttons' }, curl, button)
    const row = { element: element('li', {}, element('strong', {}, item.name), words, buttons), words, item }
    list.append(row.element)
    return row
  }

  /** @param {Row} row */
  function end({ item: { name, without } }) {
    title.focus()
    configure({ [name]: without }, `${name} is ended`)
  }

  return {
    /**
     * @param {Configuration} configuration
     * @param {Fault[]} catalogue
     */
    show(configuration, catalogue) {
      receivedMs = performance.now()
      const wanted = itemsOf(configuration, catalogue)
      for (const [key, row] of rows) {
        if (wanted.some((item) => item.key === key)) continue
        row.element.remove()
        rows.delete(key)
      }
      for (const item of wanted) {
        // Reuses the row's element, so that it keeps the keyboard's focus.
        const row = rows.get(item.key) ?? rowOf(item)
        row.item = item
        rows.set(item.key, row)
      }
      tell()
      nothing.textContent = 'No fault: the mock works as it should.'
      nothing.hidden = rows.size > 0
      endAll.hidden = rows.size < 2
      section.classList.toggle('on', rows.size > 0)
      document.title = `${rows.size > 0 ? `(${rows.size}) ` : ''}Mock ${document.body.dataset['service']}`
    },
  }
}

/**
 * @param {Configuration} configuration
 * @param {Fault[]} catalogue
 * @returns {Item[]}
 */
function itemsOf(configuration, catalogue) {
  const faults = catalogue.flatMap((fault) => {
    const plans = plansOf(fault, configuration[fault.name])
    return plans.map((plan, i) => ({ ...planned(fault, plans, plan, i), whole: configuration[fault.name] }))
  })
  const { sequence, seed } = configuration
  return [
    ...faults,
    ...(Array.isArray(sequence) ? [lasting('sequence', steps(sequence), sequence, null)] : []),
    ...(seed === undefined ? [] : [lasting('seed', String(seed), seed, 0)]),
  ]
}

/**
 * @param {Fault} fault
 * @param {unknown[]} plans
 * @param {unknown} plan
 * @param {number} i
 * @returns {Omit<Item, 'whole'>}
 */
function planned(fault, plans, plan, i) {
  const others = plans.filter((_, other) => other !== i)
  const ttl = typeof plan === 'object' && plan !== null && 'ttl' in plan ? Number(plan.ttl) : Number.POSITIVE_INFINITY
  const now = (/** @type {number} */ elapsed) =>
    Number.isFinite(ttl) ? { ...Object(plan), ttl: Math.max(0, Math.ceil(ttl - elapsed)) } : plan
  return {
    key: `${fault.name} ${i}`,
    name: fault.name,
    words: (elapsed) => inWords(fault, now(elapsed)),
    lifeSeconds: ttl,
    without: others.length > 0 ? others : off(fault),
    off: off(fault),
  }
}

/**
 * @param {string} name
 * @param {string} words
 * @param {unknown} whole
 * @param {unknown} off
 * @returns {Item}
 */
const lasting = (name, words, whole, off) => ({
  key: name,
  name,
  whole,
  off,
  without: off,
  words: () => words,
  lifeSeconds: Number.POSITIVE_INFINITY,
})

/** @param {unknown[]} sequence */
function steps([now, ...next]) {
  const after = next.length > 0 ? `, then ${next.length} more` : ''
  return `${JSON.stringify(now)}${after}`
}
