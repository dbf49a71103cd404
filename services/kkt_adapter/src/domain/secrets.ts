import { printable } from './printable.ts'

/** Shorter words occur in any text. */
const LEAST_WORD = 3

/** Encoded text, whose content cannot be compared with the secrets. */
const ENCODED = /\\[ux]|&#?\w+;|%[0-9a-f]{2}|[a-z0-9+/]{32}/i

/** Texts that no error and no log may repeat, in the form in which they are compared. */
export type Secrets = { texts: readonly string[]; words: ReadonlySet<string> }

/** Where nothing secret was sent. */
export const NO_SECRETS: Secrets = { texts: [], words: new Set() }

/** A KKT repeats a text in its own code page. */
export function secretsAmong(values: readonly string[]): Secrets {
  const texts = values.flatMap((value) => [...new Set([normalised(value), normalised(printable(value))])])
  return {
    texts: texts.filter((text) => text !== '' && !/^\d{1,2}$/.test(text)),
    words: new Set(texts.flatMap(wordsOf)),
  }
}

/** Whether a text repeats a secret or one of its words, or may do so in disguise. */
export function mayReveal(text: string, { texts, words }: Secrets): boolean {
  const said = normalised(text)
  const saidWords = wordsOf(said)
  // The last word may be incomplete: cut off by the other side or by a limit here.
  const last = saidWords.at(-1)
  const isCutOff = last !== undefined && [...words].some((word) => word.startsWith(last))
  return (
    ENCODED.test(text) ||
    isCutOff ||
    saidWords.some((word) => words.has(word)) ||
    texts.some((secret) => said.includes(secret))
  )
}

/** A text without invisible characters, its gaps as one space each. */
export const visible = (text: string): string =>
  text
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]+/gu, ' ')
    .trim()

const normalised = (text: string): string => visible(text.normalize('NFKC')).toLowerCase()

const wordsOf = (text: string): string[] =>
  text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word.length >= LEAST_WORD)
