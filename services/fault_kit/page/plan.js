/** Writes and reads a fault's part of a configuration. */

/** @typedef {import('./mock.js').Fault} Fault */

/** @param {Fault} fault */
export const isSwitch = ({ bare_number }) => bare_number === null

/**
 * The plans by which a fault is on; empty when it is off.
 * @param {Fault} fault
 * @param {unknown} value
 * @returns {unknown[]}
 */
export function plansOf(fault, value) {
  if (isSwitch(fault)) return value === fault.example[fault.name] ? [value] : []
  if (Array.isArray(value)) return value
  return value === undefined || value === null || value === false || value === 0 ? [] : [value]
}

/**
 * The value that switches a fault off.
 * @param {Fault} fault
 */
export const off = (fault) => (isSwitch(fault) ? !fault.example[fault.name] : 0)

/**
 * The value that switches a fault on.
 * @param {Fault} fault
 * @param {Record<string, unknown>} values
 */
export function on({ name, bare_number, parameters, example }, values) {
  if (bare_number === null) return example[name]
  const names = Object.keys(parameters.properties ?? {})
  // Some faults take only their number.
  if (names.length === 1 && names[0] === bare_number) return values[bare_number] ?? true
  return Object.keys(values).length > 0 ? values : true
}

/**
 * The initial values of a fault's form.
 * @param {Fault} fault
 * @returns {Record<string, unknown>}
 */
export function initialValues({ name, bare_number, example }) {
  const given = example[name]
  if (typeof given === 'object' && given !== null) return { ...given }
  return typeof given === 'number' && bare_number !== null ? { [bare_number]: given } : {}
}

/**
 * A plan in words: `seconds 0.5 · match.pos_id POS-1`.
 * @param {Fault} fault
 * @param {unknown} plan
 */
export function inWords({ bare_number }, plan) {
  if (typeof plan === 'number') return `${bare_number} ${rounded(plan)}`
  return typeof plan === 'object' && plan !== null ? pairs(plan, '') : ''
}

/**
 * @param {object} fields
 * @param {string} prefix
 * @returns {string}
 */
const pairs = (fields, prefix) =>
  Object.entries(fields)
    .map(([name, value]) =>
      typeof value === 'object' && value !== null
        ? pairs(value, `${prefix}${name}.`)
        : `${prefix}${name} ${rounded(value)}`,
    )
    .join(' · ')

const rounded = (/** @type {unknown} */ value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)
