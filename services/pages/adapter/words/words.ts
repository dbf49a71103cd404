import type { Language } from '@kkt/platform/language.ts'
import { en, type Words } from './en.ts'
import { ru } from './ru.ts'

export const WORDS: Readonly<Record<Language, Words>> = { en, ru }
