import { type Language, languageHeaders, languageOf } from '@kkt/platform/language.ts'

/** The language in which a client wants its answer. The headers of the answer say it. */
export function answerLanguage(request: Request, set: { headers: Record<string, unknown> }): Language {
  const language = languageOf(request.headers.get('accept-language'))
  Object.assign(set.headers, languageHeaders(language))
  return language
}
