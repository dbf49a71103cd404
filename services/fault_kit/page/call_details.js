/** The details of a call: its faults, the request's body and the answer. */
import { element, prose } from './dom.js'
import { mock, Refused } from './mock.js'

/**
 * @typedef {import('./mock.js').Call} Call
 * @typedef {import('./mock.js').CallInFull} CallInFull
 * @typedef {import('./mock.js').Piece} Piece
 */

/**
 * @param {Call} call
 * @param {HTMLElement} into
 */
export async function tellMore(call, into) {
  const [full, taken] = await Promise.all([asked(() => mock.callInFull(call.number)), asked(() => takenOf(call))])
  // The mock may have dropped the details by now.
  const wire = full?.wire
  into.replaceChildren(
    facts(call),
    part('Why', ...why(full ?? call, wire)),
    part('Sent', ...(wire ? written(wire.sent, 'No body.') : [notKept(full)])),
    part('Answered', ...(wire ? written(wire.answered, 'Nothing.') : [notKept(full)])),
    ...(taken === undefined ? [] : [part('In the ledger', json(wire?.sent ? withoutDocument(taken) : taken))]),
  )
}

/**
 * @template Answer
 * @param {() => Promise<Answer>} question
 */
async function asked(question) {
  try {
    return await question()
  } catch (error) {
    if (error instanceof Refused) return undefined
    throw error
  }
}

/** @param {Call} call */
async function takenOf({ receipt_id, kkt_id }) {
  if (receipt_id) return await mock.taken({ receipt_id })
  return kkt_id ? await mock.taken({ kkt_id }) : undefined
}

/** @param {Call} call */
function facts({ number, time, receipt_id }) {
  const receipt = receipt_id === null ? '' : ` · receipt ${receipt_id}`
  return element('p', { class: 'facts' }, `call ${number} · ${time}${receipt}`)
}

/**
 * @param {string} name
 * @param {...Node} children
 */
const part = (name, ...children) => element('section', { 'aria-label': name }, element('h3', {}, name), ...children)

/**
 * @param {Call} call
 * @param {CallInFull['wire']} [wire]
 */
function why(call, wire) {
  const struck = wire?.struck ?? []
  if (struck.length > 0)
    return struck.map(({ fault, summary }) => element('p', {}, struckBy(fault), ...prose(` ${summary}`)))
  if (call.fault !== null) return [element('p', {}, struckBy(call.fault), ' struck it.')]
  return [element('p', {}, `No fault struck.${withoutFault(call)}`)]
}

const struckBy = (/** @type {string} */ fault) => element('strong', { class: 'fault' }, fault)

/** @param {Call} call */
function withoutFault({ operation, status, effect, under_way }) {
  if (under_way) return ' It is under way.'
  if (status === null) return ' Nothing is known of an answer.'
  if (status >= 400) return operation === 'lookup' ? '' : ' It was refused for what it says: see the answer.'
  return operation === 'submit' && !effect ? ' It was known already, and got its first answer again.' : ''
}

/** @param {CallInFull | undefined} full */
const notKept = (full) =>
  element(
    'p',
    {},
    full ? `Not kept: the mock keeps the newest ${full.wire_kept_of} calls that it received.` : 'No longer kept.',
  )

/**
 * @param {Piece | null} piece
 * @param {string} none
 */
function written(piece, none) {
  if (piece === null) return [element('p', {}, none)]
  const { text, length } = piece
  const isWhole = text.length >= length
  const body = element('pre', { tabindex: 0 }, isWhole ? readable(text) : text)
  return isWhole ? [body] : [body, element('p', {}, `The first ${text.length} of ${length} characters.`)]
}

/** @param {string} text */
function readable(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text === '' ? '(empty)' : text
  }
}

const json = (/** @type {unknown} */ value) => element('pre', { tabindex: 0 }, JSON.stringify(value, null, 2))

/** Leaves out the document, which is shown as the request's body. */
function withoutDocument(/** @type {unknown} */ taken) {
  const { document: _, ...entry } = Object(taken)
  return entry
}
