export const LANGUAGES = ['en', 'ru'] as const
export type Language = (typeof LANGUAGES)[number]

/**
 * The first of the reader's languages that the pages have, or English.
 * @param wanted as in `navigator.languages`: `ru-RU`
 */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language)
    if (found) return found
  }
  return 'en'
}

/** The reader's own variety of that language, such as `en-GB`, which says how dates look. */
export const localeIn = (wanted: readonly string[], language: Language): string =>
  wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language

type Forms = { one: string; few?: string; many?: string; other: string }

const RULES = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') }

/** A number with its noun in the right form: 1 receipt, 2 receipts; 1 чек, 2 чека, 5 чеков. */
export function counted(language: Language, count: number, forms: Forms): string {
  const rule = RULES[language].select(count)
  const noun = (rule === 'one' || rule === 'few' || rule === 'many' ? forms[rule] : undefined) ?? forms.other
  return `${numberIn(language, count)} ${noun}`
}

const NUMBERS = { en: new Intl.NumberFormat('en'), ru: new Intl.NumberFormat('ru') }

export const numberIn = (language: Language, value: number): string => NUMBERS[language].format(value)
