/** The languages in which the services speak to people, the one that holds without a choice first. */
export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/** The same in each language. */
export type InEach<T> = Readonly<Record<Language, T>>

/** A range with its weight: `ru-RU;q=0.8`, `*`. */
const RANGE =
  /^[ \t]*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*[ \t]*(?:;[ \t]*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/

/**
 * The language that a client prefers, by RFC 9110, section 12.5.4, and by the look-up of RFC 4647: `ru-RU` gets `ru`.
 * @param accepted the value of Accept-Language, or null without one
 * @returns English where the client takes none of the languages: an answer in it is better than none
 */
export function languageOf(accepted: string | null): Language {
  if (accepted === null) return LANGUAGES[0]
  const weights = weightsIn(accepted)
  let [preferred, most]: [Language, number] = [LANGUAGES[0], 0]
  for (const language of [...weights.keys(), ...LANGUAGES]) {
    const known = LANGUAGES.find((one) => one === language)
    const weight = weights.get(language) ?? weights.get('*') ?? 0
    // A language that is named first wins where weights are equal.
    if (known !== undefined && weight > most) [preferred, most] = [known, weight]
  }
  return preferred
}

/** The greatest weight of each language that is named, in the order of their names. Members that are malformed count for nothing. */
function weightsIn(accepted: string): Map<string, number> {
  const weights = new Map<string, number>()
  for (const member of accepted.split(',')) {
    const [, range, weight = '1'] = RANGE.exec(member) ?? []
    if (range === undefined) continue
    const language = range.toLowerCase()
    weights.set(language, Math.max(weights.get(language) ?? 0, Number(weight)))
  }
  return weights
}

/** The headers of an answer that is in the client's language. */
export const languageHeaders = (language: Language) => ({ 'content-language': language, vary: 'Accept-Language' })

type Forms = { one: string; few?: string; many?: string; other: string }

const RULES: InEach<Intl.PluralRules> = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') }
const NUMBERS: InEach<Intl.NumberFormat> = { en: new Intl.NumberFormat('en'), ru: new Intl.NumberFormat('ru') }

/** A noun in the form that goes with a number. */
export function nounFor(language: Language, count: number, forms: Forms): string {
  const rule = RULES[language].select(count)
  return (rule === 'one' || rule === 'few' || rule === 'many' ? forms[rule] : undefined) ?? forms.other
}

/** A number with its noun in the right form: 1 receipt, 2 receipts; 1 чек, 2 чека, 5 чеков. */
export const counted = (language: Language, count: number, forms: Forms): string =>
  `${numberIn(language, count)} ${nounFor(language, count, forms)}`

export const numberIn = (language: Language, value: number): string => NUMBERS[language].format(value)
