import { z } from 'zod'
import { LANGUAGES, type Language, languageHeaders } from './language.ts'
import { PLATFORM_WORDS } from './words/words.ts'

/** RFC 9457: every route's form of an error answer. */
export const problemDocument = z.object({
  type: z.string().meta({ description: 'Always about:blank: `code` says which problem it is' }),
  title: z.string().meta({ description: 'The status in words' }),
  status: z.int().meta({ description: 'The HTTP status' }),
  detail: z.string().meta({ description: 'For people: what happened, and what to do next' }),
  code: z.string().meta({ description: 'For programs' }),
  errors: z
    .array(
      z.object({
        pointer: z.string().meta({
          description: 'The place: a JSON Pointer into the body, or one behind `#query`, `#params` or `#headers`',
        }),
        message: z
          .string()
          .meta({ description: 'Continues a sentence that begins with the name of the place: `must be a number`' }),
      }),
    )
    .optional()
    .meta({ description: 'What is wrong with the input, 20 places at most' }),
})

/** Enough to mend a request; few enough that the answer stays small for any input. */
export const MAX_INPUT_ERRORS = 20

export type ProblemDocument = z.infer<typeof problemDocument>
export type InputError = { pointer: string; message: string }

/** The parts of a problem that people read, in one language. Never a customer's data. */
export type Told = {
  /** Says what happened, and what to do next. */
  detail: string
  errors?: InputError[]
  /** Members beside those of every problem, as RFC 9457 allows. */
  members?: Readonly<Record<string, unknown>>
}

/** Thrown anywhere below a route; becomes an `application/problem+json` answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  /**
   * @param code stable, for programs: `snake_case`
   * @param told in English only, or in each language that is asked for. It is called when the answer is made
   */
  constructor(
    readonly status: number,
    readonly code: string,
    private readonly told: string | ((language: Language) => string | Told),
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code)
  }

  /** @param language of the client, where the problem is told in it */
  toDocument(language: Language = LANGUAGES[0]): ProblemDocument {
    const { status, code, told } = this
    const given = typeof told === 'string' ? told : told(language)
    const { detail, errors, members } = typeof given === 'string' ? { detail: given } : given
    const { titles, unknownTitle } = PLATFORM_WORDS[typeof told === 'string' ? LANGUAGES[0] : language]
    const title = titles[status] ?? unknownTitle
    const document: ProblemDocument = { type: 'about:blank', title, status, detail, code }
    if (errors) document.errors = errors.slice(0, MAX_INPUT_ERRORS)
    return Object.assign(document, members)
  }

  /**
   * Not `toResponse`: Elysia would call that by itself, without the language of the client.
   * @param language as in `toDocument`
   */
  toAnswer(language: Language = LANGUAGES[0]): Response {
    const ofLanguage = typeof this.told === 'string' ? {} : languageHeaders(language)
    return new Response(JSON.stringify(this.toDocument(language)), {
      status: this.status,
      headers: { ...this.headers, ...ofLanguage, 'content-type': 'application/problem+json' },
    })
  }
}
