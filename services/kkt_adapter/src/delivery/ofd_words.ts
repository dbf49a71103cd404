/** As many of an OFD's own words as a person needs to see the reason. */
const MAX_CHARACTERS = 200

/** The part of a text page that is looked at. */
const MAX_READ = 4096
/** The limit for a JSON body. */
const MAX_FRAGMENTS = 200
const MAX_DEPTH = 8

/** Shorter words occur in any text. */
const LEAST_WORD = 3

/** Fields that every answer has, or that only repeat its status. */
const OF_THE_FORM: ReadonlySet<string> = new Set(['status', 'type', 'receipt_id', 'ofd_id', 'timestamp'])

/** Names of the shop and its devices, the receipt's type and the time: none of them is the customer's data. */
const OF_THE_SHOP: ReadonlySet<string> = new Set(
  'receipt_id pos_id kkt_id kkt_number fn_number fiscal_datetime type'.split(' '),
)

/** Encoded text, whose content cannot be compared with the secrets. */
const ENCODED = /\\[ux]|&#?\w+;|%[0-9a-f]{2}|[a-z0-9+/]{32}/i

/**
 * The printable beginning of an OFD's answer, for an operator, without anything that repeats the submission. A refusal
 * may echo the receipt, and no log may hold a receipt's content.
 * @param sent the document that the answer is about
 * @returns '' when no word may be shown
 */
export function ofdWords(text: string, sent: object): string {
  const secrets = secretsOf(sent)
  const shown = fragmentsOf(text, secrets.fields)
    .map(printable)
    .filter((fragment) => fragment !== '' && !mayReveal(fragment, secrets))
  return [...[...new Set(shown)].join('; ')].slice(0, MAX_CHARACTERS).join('').trim()
}

/** @param ours the names of the submission's fields, whose values in an answer are repetitions */
function fragmentsOf(text: string, ours: ReadonlySet<string>): string[] {
  const json = parseJson(text)
  if (json === undefined) return linesOf(text)
  const leaves = leavesOf(json, OF_THE_FORM).filter(({ field }) => !ours.has(field))
  return leaves.slice(0, MAX_FRAGMENTS).map(({ field, value }) => (field === '' ? value : `${field}: ${value}`))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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

const printable = (text: string): string =>
  text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]+/gu, ' ')
    .trim()

const normalised = (text: string): string => printable(text.normalize('NFKC')).toLowerCase()

const wordsOf = (text: string): string[] =>
  text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word.length >= LEAST_WORD)

type Secrets = { fields: ReadonlySet<string>; texts: string[]; words: ReadonlySet<string> }

function secretsOf(sent: object): Secrets {
  const leaves = leavesOf(sent, OF_THE_SHOP)
  const values = leaves.map(({ value }) => normalised(value))
  return {
    fields: new Set(leaves.map(({ field }) => field)),
    texts: values.filter((value) => value !== '' && !/^\d{1,2}$/.test(value)),
    words: new Set(values.flatMap(wordsOf)),
  }
}

/** Whether a text repeats a secret value or one of its words, or may do so in disguise. */
function mayReveal(fragment: string, { texts, words }: Secrets): boolean {
  const said = normalised(fragment)
  const saidWords = wordsOf(said)
  // The last word may be incomplete: cut off by the OFD or by the limit here.
  const last = saidWords.at(-1)
  const isCutOff = last !== undefined && [...words].some((word) => word.startsWith(last))
  return (
    ENCODED.test(fragment) ||
    isCutOff ||
    saidWords.some((word) => words.has(word)) ||
    texts.some((text) => said.includes(text))
  )
}
