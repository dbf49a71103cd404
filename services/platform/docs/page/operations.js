/** One route: its parameters, its body, an example for the shell, and its answers. */
import { copy, quoted } from './copy.js'
import { element, prose } from './dom.js'
import { field, fields, sentence } from './schemas.js'

/**
 * @typedef {import('./schemas.js').Schema} Schema
 * @typedef {import('./schemas.js').Schemas} Schemas
 * @typedef {{ schema: Schema, example?: unknown, examples?: Record<string, { value: unknown }> }} Media
 * @typedef {{ name: string, in: string, required: boolean, description?: string, schema: Schema, example?: unknown }} Parameter
 * @typedef {{ description: string, headers?: Record<string, { description: string }>, content: Record<string, Media> }} Answer
 * @typedef {object} Operation
 * @property {string[]} tags
 * @property {string} summary
 * @property {string} [description]
 * @property {Parameter[]} [parameters]
 * @property {{ description: string, content: Record<string, Media> }} [requestBody]
 * @property {Record<string, Answer>} responses
 * @typedef {{ method: string, path: string, operation: Operation }} Route
 */

const PLACES = new Map([
  ['path', 'in the path'],
  ['query', 'in the query'],
  ['header', 'as a header'],
])

/** @param {Route} route */
export const idOf = ({ method, path }) => `${method}${path}`.replaceAll(/[^A-Za-z0-9_]+/g, '-').replace(/-$/, '')

/**
 * @param {Route} route
 * @param {Schemas} named
 */
export function routeCard(route, named) {
  const { method, path, operation } = route
  const id = idOf(route)
  const details = element(
    'details',
    { id, class: 'route' },
    element(
      'summary',
      {},
      element('span', { class: `method ${method}` }, method.toUpperCase()),
      element('h3', {}, ...breakable(path)),
      element('span', { class: 'said' }, operation.summary),
    ),
  )
  // Filled when it is opened first: a whole API has thousands of fields.
  details.addEventListener('toggle', () => details.open && details.append(...contentOf(route, named)), { once: true })
  return details
}

/**
 * A path that may break behind each slash.
 * @param {string} path
 */
const breakable = (path) => path.split(/(?<=\/)/).flatMap((part) => [part, element('wbr')])

/**
 * @param {Route} route
 * @param {Schemas} named
 */
function contentOf(route, named) {
  const { parameters = [], requestBody, description, responses } = route.operation
  return [
    description !== undefined && element('p', {}, ...prose(description)),
    parameters.length > 0 && part('Parameters', element('ul', { class: 'fields' }, ...parameters.map(shown(named)))),
    requestBody && part('Body', element('p', {}, ...prose(requestBody.description)), ...bodyFields(requestBody, named)),
    part('Try it', ...curlLines(route)),
    part('Answers', ...Object.entries(responses).map(([status, answer]) => answerCard(status, answer, named))),
  ].filter((one) => one !== false && one !== undefined)
}

/**
 * @param {string} title
 * @param {...(Node | null)} children
 */
const part = (title, ...children) => element('section', {}, element('h4', {}, title), ...children)

/**
 * @param {Schemas} named
 * @returns {(parameter: Parameter) => HTMLElement}
 */
const shown =
  (named) =>
  ({ name, in: place, required, description, schema }) => {
    const made = field(name, description === undefined ? schema : { ...schema, description }, required, named)
    made.querySelector('.type')?.append(`, ${PLACES.get(place) ?? place}`)
    return made
  }

/**
 * @param {NonNullable<Operation['requestBody']>} body
 * @param {Schemas} named
 */
function bodyFields({ content }, named) {
  const schema = content['application/json']?.schema
  if (!schema) return []
  const isClosed = schema.additionalProperties === false
  return [fields(schema, named), isClosed ? element('p', { class: 'limits' }, 'No other field.') : null]
}

/** @param {Route} route */
function curlLines(route) {
  const examples = Object.entries(route.operation.requestBody?.content['application/json']?.examples ?? {})
  if (examples.length === 0) return [curlLine(route, `${route.method.toUpperCase()} ${route.path}`, undefined)]
  return examples.map(([title, { value }]) => curlLine(route, title, value))
}

/**
 * @param {Route} route
 * @param {string} title
 * @param {unknown} body
 */
function curlLine(route, title, body) {
  const line = curlOf(route, body)
  return element(
    'div',
    { class: 'line' },
    body !== undefined && element('p', {}, sentence(title)),
    element('pre', { tabindex: 0, 'aria-label': `${title} as curl` }, line),
    element(
      'button',
      { type: 'button', class: 'curl', 'aria-label': `Copy ${title}`, click: () => void copy(line, title) },
      'copy',
    ),
  )
}

/**
 * @param {Route} route
 * @param {unknown} body
 */
function curlOf({ method, path, operation }, body) {
  const parameters = operation.parameters ?? []
  const filled = parameters
    .filter((one) => one.in === 'path')
    .reduce((text, { name, example }) => text.replace(`{${name}}`, String(example ?? name)), path)
  const query = parameters.filter((one) => one.in === 'query' && one.example !== undefined)
  const asked = query.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&')
  const url = new URL(filled.slice(1) + (asked && `?${asked}`), new URL('.', document.baseURI))
  const headers = parameters.filter((one) => one.in === 'header' && one.example !== undefined)
  return [
    'curl -sS',
    body === undefined && method !== 'get' ? `-X ${method.toUpperCase()}` : '',
    quoted(url.href),
    ...headers.map((header) => `-H ${quoted(`${header.name}: ${sentValue(header)}`)}`),
    body === undefined ? '' : `-d ${quoted(JSON.stringify(body))}`,
  ]
    .filter((word) => word !== '')
    .join(' ')
}

/** Of this visit to the page, and of the lines that it shows. */
const visit = Date.now().toString(36)
let lines = 0

/**
 * Each line has an idempotency key of its own, so that one sale is not refused because of the key of another.
 * @param {Parameter} header
 */
function sentValue({ name, example }) {
  if (name !== 'Idempotency-Key') return example
  lines += 1
  return `docs-${visit}-${lines}`
}

/**
 * @param {string} status
 * @param {Answer} answer
 * @param {Schemas} named
 */
function answerCard(status, { description, headers = {}, content }, named) {
  const media = Object.entries(content).find(([type]) => !type.includes('problem'))
  return element(
    'div',
    { class: `answer s${status[0]}` },
    element('strong', {}, status),
    element('ul', { class: 'meanings' }, ...description.split('\n').map((line) => element('li', {}, ...prose(line)))),
    ...Object.entries(headers).map(([name, header]) =>
      element('p', { class: 'limits' }, element('code', {}, name), ' ', ...prose(header.description)),
    ),
    media && answerBody(media[0], media[1], named),
  )
}

/**
 * @param {string} type
 * @param {Media} media
 * @param {Schemas} named
 */
const answerBody = (type, { schema, example }, named) =>
  element(
    'details',
    {},
    element('summary', {}, `Fields and an example, ${type}`),
    fields(schema, named),
    element(
      'pre',
      { tabindex: 0, 'aria-label': 'An example' },
      typeof example === 'string' ? example : JSON.stringify(example, null, 2),
    ),
  )
