import { jsonOrUndefined } from '@kkt/platform/json_text.ts'
import { mayReveal, secretsAmong, visible } from '../domain/secrets.ts'

/** As many of an OFD's own words as a person needs to see the reason. */
const MAX_CHARACTERS = 200

/** The part of a text page that is looked at. */
const MAX_READ = 4096
/** The limit for a JSON body. */
const MAX_FRAGMENTS = 200
const MAX_DEPTH = 8

/** Fields that every answer has, or that only repeat its status. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['status', 'type', 'receipt_id', 'ofd_id', 'timestamp'])

/** Names of the shop and its devices, the receipt's type and the time: none of them is the customer's data. */
const OF_THE_SHOP: ReadonlySet<string> = new Set(
  'receipt_id pos_id kkt_id kkt_number fn_number fiscal_datetime type'.split(' '),
)

/**
 * The printable beginning of an OFD's answer, for an operator, without anything that repeats the submission. A refusal
 * may echo the receipt, and no log may hold a receipt's content.
 * @param sent the document that the answer is about
 * @returns '' when no word may be shown
 */
export function ofdWords(text: string, sent: object): string {
  const leaves = leavesOf(sent, OF_THE_SHOP)
  const secrets = secretsAmong(leaves.map(({ value }) => value))
  const shown = fragmentsOf(text, new Set(leaves.map(({ field }) => field)))
    .map(visible)
    .filter((fragment) => fragment !== '' && !mayReveal(fragment, secrets))
  return [...[...new Set(shown)].join('; ')].slice(0, MAX_CHARACTERS).join('').trim()
}

/** @param ours the names of the submission's fields, whose values in an answer are repetitions */
function fragmentsOf(text: string, ours: ReadonlySet<string>): string[] {
  const json = jsonOrUndefined(text)
  if (json === undefined) return linesOf(text)
  const leaves = leavesOf(json, OF_THE_FORM).filter(({ field }) => !ours.has(field))
  return leaves.slice(0, MAX_FRAGMENTS).map(({ field, value }) => (field === '' ? value : `${field}: ${value}`))
}

/** A page's text without its tags. */
function linesOf(text: string): string[] {
  return text
    .slice(0, MAX_READ)
    .replaceAll(/<(script|style)\b.*?<\/\1/gis, '<')
    .replaceAll(/<[^>]*>?/g, '\n')
    .split(/[\r\n]+/)
}

type Leaf = { field: string; value: string }

/** Every text and number in a JSON value, with the name of its field; those in a list get the list's name. */
function leavesOf(value: unknown, skipped: ReadonlySet<string>, field = '', depth = 0): Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ field, value: String(value) }]
  if (typeof value !== 'object' || value === null || depth === MAX_DEPTH) return []
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([name, inner]) =>
    !isList && skipped.has(name) ? [] : leavesOf(inner, skipped, isList ? field : name, depth + 1),
  )
}
