import { LANGUAGES, type Language } from '@kkt/platform/language.ts'

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
