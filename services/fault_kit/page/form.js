import { element, prose } from './dom.js'

/**
 * @typedef {import('./mock.js').Schema} Schema
 * @typedef {{ path: string[], schema: Schema, isRequired: boolean }} Field
 */

/**
 * The fields of a schema, including those of nested objects.
 * @param {Schema} schema
 * @param {string[]} [path]
 * @returns {Field[]}
 */
export const fieldsOf = ({ properties = {}, required = [] }, path = []) =>
  Object.entries(properties).flatMap(([name, schema]) =>
    schema.properties
      ? fieldsOf(schema, [...path, name])
      : [{ path: [...path, name], schema, isRequired: path.length === 0 && required.includes(name) }],
  )

/**
 * @param {Field} field
 * @param {unknown} value the initial value
 */
export function inputOf({ path, schema, isRequired }, value) {
  const name = path.join('.')
  const input = schema.enum || schema.type === 'boolean' ? choice(name, schema, value) : entry(name, schema, value)
  const note = [schema.description, isRequired ? 'needed' : ''].filter(Boolean).join('; ')
  return element('label', {}, element('span', {}, name), input, element('small', {}, ...prose(note)))
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {unknown} value
 */
function choice(name, schema, value) {
  const choices = schema.enum ?? ['true', 'false']
  const usual = schema.default === undefined ? 'as usual' : `as usual: ${schema.default}`
  return element(
    'select',
    { name },
    element('option', { value: '' }, usual),
    ...choices.map((one) => element('option', { value: one, selected: one === String(value) }, one)),
  )
}

/**
 * @param {string} name
 * @param {Schema} schema
 * @param {unknown} value
 */
function entry(name, { type, minimum, maximum, default: usual }, value) {
  const isNumber = type !== 'string'
  return element('input', {
    name,
    autocomplete: 'off',
    spellcheck: 'false',
    type: isNumber ? 'number' : 'text',
    ...(isNumber && { step: type === 'integer' ? '1' : 'any', min: minimum ?? '', max: maximum ?? '' }),
    ...(usual !== undefined && { placeholder: String(usual) }),
    value: value === undefined ? '' : String(value),
  })
}

/**
 * The form's values as the configuration takes them.
 * @param {HTMLFormElement} form
 * @param {Field[]} fields
 * @returns {Record<string, unknown>}
 */
export function valuesOf(form, fields) {
  /** @type {Record<string, unknown>} */
  const values = {}
  for (const { path, schema } of fields) {
    const input = form.elements.namedItem(path.join('.'))
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement) || input.value === '') continue
    const [name = '', inner] = path
    const value = typed(input.value, schema)
    values[name] = inner === undefined ? value : { ...Object(values[name]), [inner]: value }
  }
  return values
}

/**
 * @param {string} text
 * @param {Schema} schema
 */
function typed(text, { type }) {
  if (type === 'boolean') return text === 'true'
  return type === 'string' ? text : Number(text)
}
