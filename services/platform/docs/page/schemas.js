/** JSON Schemas as lists of fields with their limits. */
import { element, prose } from './dom.js'

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string | string[]} [type]
 * @property {string} [description]
 * @property {string} [format]
 * @property {string} [pattern]
 * @property {unknown[]} [enum]
 * @property {unknown} [const]
 * @property {unknown} [default]
 * @property {number} [minimum]
 * @property {number} [exclusiveMinimum]
 * @property {number} [maximum]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 * @property {number} [minItems]
 * @property {number} [maxItems]
 * @property {Schema[]} [anyOf]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {boolean | Schema} [additionalProperties]
 */

/** @typedef {Record<string, Schema>} Schemas */

const FORMATS = new Map([
  ['uuid', 'UUID'],
  ['date-time', 'date and time, ISO 8601'],
])

/**
 * Follows a reference, and takes the one schema that is not null out of a choice.
 * @param {Schema} schema
 * @param {Schemas} named
 * @returns {{ schema: Schema, isNullable: boolean }}
 */
function opened(schema, named) {
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema
    return opened({ ...(named[$ref.split('/').at(-1) ?? ''] ?? {}), ...beside }, named)
  }
  const { anyOf, ...beside } = schema
  const [only, ...others] = (anyOf ?? []).filter(({ type }) => type !== 'null')
  if (!anyOf || !only || others.length > 0) return { schema, isNullable: typesOf(schema).includes('null') }
  const { schema: inner } = opened(only, named)
  return { schema: { ...inner, ...beside }, isNullable: true }
}

/** @param {Schema} schema */
const typesOf = ({ type }) => [type ?? []].flat()

/**
 * The type in words: `text`, `list of objects`.
 * @param {Schema} given
 * @param {Schemas} named
 * @returns {string}
 */
export function typeOf(given, named) {
  const { schema, isNullable } = opened(given, named)
  if (schema.type === 'null') return 'null'
  const types = typesOf(schema).filter((type) => type !== 'null')
  const word = schema.anyOf ? eachOnce(schema.anyOf.map((one) => typeOf(one, named))) : wordOf(schema, types, named)
  return isNullable ? `${word} or null` : word
}

/** @param {string} word */
const plural = (word) => (word === 'text' || word.includes(' ') ? word : `${word}s`)

/** @param {string[]} words */
const eachOnce = (words) => [...new Set(words)].join(' or ')

/**
 * @param {Schema} schema
 * @param {string[]} types
 * @param {Schemas} named
 */
function wordOf({ format = '', items, enum: choices }, types, named) {
  const [type = choices ? typeof choices[0] : 'anything'] = types
  if (type === 'array') return items ? `list of ${plural(typeOf(items, named))}` : 'list'
  if (type === 'string') return FORMATS.get(format) ?? 'text'
  const words = /** @type {Record<string, string>} */ ({ integer: 'whole number', boolean: 'true or false' })
  return words[type] ?? type
}

/**
 * @param {number | undefined} least
 * @param {number | undefined} most
 * @param {string} unit
 */
function between(least, most, unit) {
  if (least === undefined && most === undefined) return undefined
  if (least === undefined) return `at most ${most} ${unit}`
  return most === undefined ? `at least ${least} ${unit}` : `${least} to ${most} ${unit}`
}

/** @param {Schema} schema */
function numberLimits({ minimum, exclusiveMinimum, maximum }) {
  if (exclusiveMinimum === undefined) return between(minimum, maximum, '')?.trim()
  return `above ${exclusiveMinimum}${maximum === undefined ? '' : `, at most ${maximum}`}`
}

/**
 * The limits of a value, in words. Code stands between backticks.
 * @param {Schema} given
 * @param {Schemas} named
 */
function limitsOf(given, named) {
  const { schema } = opened(given, named)
  const { minLength, maxLength, minItems, maxItems, pattern, enum: choices } = schema
  const hasFixed = schema.const !== undefined
  const written = [
    hasFixed && `always ${code(schema.const)}`,
    choices && choices.length > 1 && `one of ${choices.map((one) => code(one)).join(', ')}`,
    choices?.length === 1 && `always ${code(choices[0])}`,
    numberLimits(schema),
    between(minLength, maxLength, 'characters'),
    between(minItems, maxItems, 'entries'),
    pattern !== undefined && `of the form ${code(new RegExp(pattern, 'u').source, false)}`,
    schema.default !== undefined && `${code(schema.default)} unless it is said`,
  ]
  return written.filter((one) => typeof one === 'string').join('; ')
}

/**
 * @param {unknown} value
 * @param {boolean} isJson
 */
const code = (value, isJson = true) => `\`${isJson ? JSON.stringify(value) : value}\``

/**
 * One field, and those within it.
 * @param {string} name
 * @param {Schema} schema
 * @param {boolean} isRequired
 * @param {Schemas} named
 * @returns {HTMLLIElement}
 */
export function field(name, schema, isRequired, named) {
  const limits = limitsOf(schema, named)
  const { description } = opened(schema, named).schema
  return element(
    'li',
    { class: 'field' },
    element('code', { class: 'name' }, name),
    element('span', { class: 'type' }, typeOf(schema, named)),
    !isRequired && element('span', { class: 'optional' }, 'optional'),
    description !== undefined && element('p', {}, ...prose(sentence(description))),
    limits !== '' && element('p', { class: 'limits' }, ...prose(sentence(limits))),
    within(schema, named),
  )
}

/** More fields than this are shown on demand. */
const FEW_FIELDS = 6

/**
 * @param {Schema} schema
 * @param {Schemas} named
 */
function within(schema, named) {
  const list = fields(schema, named)
  if (!list || list.children.length <= FEW_FIELDS) return list
  return element('details', {}, element('summary', {}, `Its ${list.children.length} fields`), list)
}

/**
 * Begins with a capital letter and ends with a full stop.
 * @param {string} text
 */
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.?…]$/.test(text) ? '' : '.')

/**
 * The fields of an object, of each object in a list, or of each object of a choice.
 * @param {Schema} given
 * @param {Schemas} named
 * @returns {HTMLElement | null}
 */
export function fields(given, named) {
  const { schema } = opened(given, named)
  if (schema.items) return fields(schema.items, named)
  if (!schema.properties) {
    const object = schema.anyOf?.find((one) => opened(one, named).schema.properties)
    return object ? fields(object, named) : null
  }
  const required = schema.required ?? []
  const all = Object.entries(schema.properties)
  return element(
    'ul',
    { class: 'fields' },
    ...all.map(([name, one]) => field(name, one, required.includes(name), named)),
  )
}
