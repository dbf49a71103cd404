import type { InEach, Language } from '../language.ts'
import { en } from './en.ts'
import { ru } from './ru.ts'

/** The words of the problems that each service answers. Each language has them all, with the same parameters. */
export type PlatformWords = typeof en

export const PLATFORM_WORDS: InEach<PlatformWords> = { en, ru }

/** A problem's text in the language of its answer. @param say chooses it from a language's words */
export const inEach =
  (say: (words: PlatformWords) => string) =>
  (language: Language): string =>
    say(PLATFORM_WORDS[language])
