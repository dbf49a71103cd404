import { z } from 'zod'
import { type InEach, LANGUAGES, type Language } from './language.ts'
import { didYouMean } from './nearest.ts'
import type { Bound } from './words/en.ts'
import { PLATFORM_WORDS } from './words/words.ts'

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

const FORMATS: Record<string, string> = {
  uuid: 'a UUID',
  guid: 'a UUID',
  datetime: 'a date and time as 2026-01-31T12:00:00Z',
}

/** A name that cannot hold a customer's data. A text with spaces or in Cyrillic may. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/** The issue codes that a schema gives for an absent value. */
const KIND_CODES: readonly string[] = ['invalid_type', 'invalid_value', 'invalid_union'] satisfies Issue['code'][]
type Issue = z.core.$ZodIssue

/** The language of the messages while input is read. Reading is synchronous, so nothing else runs meanwhile. */
let reading: Language = LANGUAGES[0]

/**
 * The message of a schema, in the language in which input is being read: `z.string({ error: spoken(WORDS, …) })`.
 * @param say chooses it from a language's words
 */
export const spoken =
  <Words>(words: InEach<Words>, say: (words: Words) => string) =>
  (): string =>
    say(words[reading])

/**
 * Reads input by a schema. Each issue's message continues a sentence that begins with the name of the wrong part: `must
 * be a number`. It says which values are valid, and repeats nothing of the input but a plain field name.
 * @param words messages for issues without one in the schema; they take precedence over the general ones
 * @param language that of messages which have words in it; the others are in English
 */
export function readInWords<T extends z.ZodType>(
  schema: T,
  input: unknown,
  words: z.core.$ZodErrorMap = () => undefined,
  language: Language = LANGUAGES[0],
): { success: true; data: z.output<T> } | { success: false; issues: Issue[] } {
  const { faults } = PLATFORM_WORDS[language]
  const outer = reading
  reading = language
  try {
    const result = schema.safeParse(input, {
      error: (issue) => words(issue) ?? inWords(issue, faults),
      reportInput: true,
    })
    if (result.success) return { success: true, data: result.data }
    return { success: false, issues: result.error.issues.map((issue) => told(issue, faults)) }
  } finally {
    reading = outer
  }
}

type Faults = (typeof PLATFORM_WORDS)[Language]['faults']

/** A schema's own message hides whether a value is missing or wrong, so missing ones are found here. */
const told = (issue: Issue, faults: Faults): Issue =>
  isMissing(issue) ? { ...issue, message: faults.missing() } : issue

const isMissing = (issue: Issue) => issue.input === undefined && KIND_CODES.includes(issue.code)

/** @returns undefined when zod's own message serves */
function inWords(issue: z.core.$ZodRawIssue, faults: Faults): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      // JSON.parse reads 1e400 as Infinity.
      if (typeof issue.input === 'number' && Math.abs(issue.input) === Infinity) return faults.notFinite()
      return `must be ${KINDS[issue.expected] ?? `of the type ${issue.expected}`}`
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'invalid_format':
      return `must be ${FORMATS[issue.format] ?? `of the form ${issue.pattern ?? issue.format}`}`
    case 'too_small':
      return measured(faults, issue.origin, issue.inclusive ? 'at_least' : 'more_than', issue.minimum)
    case 'too_big':
      return measured(faults, issue.origin, issue.inclusive ? 'at_most' : 'less_than', issue.maximum)
    case 'unrecognized_keys':
      return unknownField(issue.keys, issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [])
    default:
      return undefined
  }
}

/** @param names the unknown fields */
function unknownField(names: readonly string[], known: readonly string[]): string {
  const name = names.find((one) => PLAIN_NAME.test(one))
  if (name === undefined) return 'has a field that is not known here'
  return `has a field "${name}" that is not known here${didYouMean(name, known)}`
}

/** The catch-all of an object's schema: refuses other fields and lists the known ones. */
export const noOtherField = (known: readonly string[]) =>
  z.custom<unknown>(() => false, { error: ({ path }) => notKnown(String(path?.at(-1)), known) })

/** The message of `noOtherField` for a field of this name. */
export function notKnown(name: string, known: readonly string[]): string {
  const question = didYouMean(name, known)
  return `is not known here${question}${question === '' ? ': there' : ' There'} are ${known.join(', ')}`
}

function measured(faults: Faults, origin: string, than: Bound, bound: number | bigint): string {
  if (origin === 'string') return faults.length(than, bound)
  return origin === 'array' ? faults.entries(than, bound) : faults.value(than, bound)
}
