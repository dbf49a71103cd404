import { curlButton } from './curl.js'
import { element, find, findAs, prose } from './dom.js'
import { fieldsOf, inputOf, valuesOf } from './form.js'
import { Refused } from './mock.js'
import { initialValues, isSwitch, off, on, plansOf } from './plan.js'

/**
 * @typedef {import('./mock.js').Fault} Fault
 * @typedef {import('./mock.js').Configuration} Configuration
 * @typedef {(change: Configuration, done: string) => Promise<void>} Configure
 */

/** The parameters that every plan has for when it strikes. All others are the fault's own. */
const WHEN = ['after', 'probability', 'operation', 'match', 'down', 'up', 'ttl']

const list = find('#faults ul')
const finder = findAs('#find', HTMLInputElement)

/** @type {{ fault: Fault, row: HTMLElement, state: HTMLElement, end: HTMLElement }[]} */
let cards = []

finder.addEventListener('input', () => {
  const wanted = finder.value.trim().toLowerCase().replaceAll(' ', '_')
  for (const { fault, row } of cards) {
    row.hidden = !`${fault.name} ${fault.summary.replaceAll(' ', '_')}`.toLowerCase().includes(wanted)
  }
})

/**
 * @param {Fault[]} catalogue
 * @param {Configure} configure
 */
export function listFaults(catalogue, configure) {
  cards = catalogue.map((fault) => card(fault, configure))
  list.replaceChildren(...cards.map(({ row }) => row))
}

/** @param {Configuration} configuration */
export function markFaults(configuration) {
  for (const { fault, row, state, end } of cards) {
    const isOn = plansOf(fault, configuration[fault.name]).length > 0
    row.classList.toggle('on', isOn)
    state.textContent = isOn ? 'on' : ''
    end.hidden = !isOn
  }
}

/**
 * @param {Fault} fault
 * @param {Configure} configure
 */
function card(fault, configure) {
  const { name, summary, operation } = fault
  const fields = fieldsOf(fault.parameters)
  const begun = initialValues(fault)
  const wrong = element('p', { class: 'wrong', role: 'alert' })
  const written = element('code', { class: 'written' })
  const state = element('span', { class: 'state' })
  const put = element('button', { 'aria-label': `Put ${name} on` }, 'Put on')
  const end = element('button', { type: 'button', 'aria-label': `End ${name}`, hidden: true, click: endIt }, 'End')
  const inputs = fields.map((field) => inputOf(field, valueAt(begun, field.path)))
  const isWhen = (/** @type {number} */ i) => WHEN.includes(fields[i]?.path[0] ?? '')
  const own = inputs.filter((_, i) => !isWhen(i))
  const when = inputs.filter((_, i) => isWhen(i))
  const details = element(
    'details',
    { hidden: isSwitch(fault) },
    element('summary', {}, 'Parameters'),
    own.length > 0 && element('fieldset', {}, ...own),
    when.length > 0 && element('fieldset', {}, element('legend', {}, `When (usually ${strikes(operation)})`), ...when),
    element('p', { class: 'as-json' }, 'As JSON ', written),
  )
  const form = element(
    'form',
    { novalidate: true, submit: putOn, input: write },
    element('div', { class: 'heading' }, element('h3', {}, name), state, curlButton(name, plan), end, put),
    element('p', {}, ...prose(summary)),
    wrong,
    details,
  )
  write()
  return { fault, row: element('li', { class: 'card' }, form), state, end }

  function endIt() {
    put.focus()
    configure({ [name]: off(fault) }, `${name} is ended`).catch(tellWrong)
  }

  /** @returns {Configuration} */
  function plan() {
    return { [name]: on(fault, valuesOf(form, fields)) }
  }

  function write() {
    written.textContent = JSON.stringify(plan())
  }

  /** @param {Event} event */
  function putOn(event) {
    event.preventDefault()
    wrong.textContent = ''
    for (const input of form.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid')
    configure(plan(), `${name} is on`).catch(tellWrong)
  }

  /** @param {unknown} error */
  function tellWrong(error) {
    if (!(error instanceof Refused)) throw error
    details.open = true
    wrong.textContent = error.errors.length === 0 ? error.message : error.errors.map(inWords).join('; ')
    for (const { pointer } of error.errors) {
      const input = form.elements.namedItem(pathOf(pointer))
      if (input instanceof Element) input.setAttribute('aria-invalid', 'true')
    }
  }
}

/** @param {import('./mock.js').InputError} error */
const inWords = ({ pointer, message }) => `${pathOf(pointer)} ${message}`.trim()

/** Turns a pointer `/delay/match/pos_id` into the input's name `match.pos_id`. */
const pathOf = (/** @type {string} */ pointer) => pointer.split('/').slice(2).join('.')

/**
 * @param {Record<string, unknown>} values
 * @param {string[]} path
 */
const valueAt = (values, [name = '', ...rest]) => (rest.length === 0 ? values[name] : undefined)

/** @param {string} operation */
const strikes = (operation) => (operation === 'any' ? 'any call' : operation === 'lookup' ? 'look-ups' : 'submissions')
