import { z } from 'zod'

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
export type ProblemDocument = z.infer<typeof problemDocument>
export type InputError = { pointer: string; message: string }

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Out of time',
  409: 'Conflict',
  413: 'Body too large',
  421: 'Misdirected request',
  422: 'Input refused',
  429: 'Too many requests',
  431: 'Head too large',
  500: 'Internal error',
  502: 'Refused by the device',
  503: 'Service unavailable',
}

/** Thrown anywhere below a route; becomes an `application/problem+json` answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly status: number,
    /** Stable, for programs: `snake_case`. */
    readonly code: string,
    /** For people: what happened and what to do next. Never a customer's data. */
    readonly detail: string,
    readonly more: {
      errors?: InputError[]
      headers?: Record<string, string>
      /** Members beside those of every problem, as RFC 9457 allows. */
      members?: Readonly<Record<string, unknown>>
    } = {},
  ) {
    super(code)
  }

  toDocument(): ProblemDocument {
    const document: ProblemDocument = {
      type: 'about:blank',
      title: TITLES[this.status] ?? 'Error',
      status: this.status,
      detail: this.detail,
      code: this.code,
    }
    if (this.more.errors) document.errors = this.more.errors
    return Object.assign(document, this.more.members)
  }

  toResponse(): Response {
    return new Response(JSON.stringify(this.toDocument()), {
      status: this.status,
      headers: { ...this.more.headers, 'content-type': 'application/problem+json' },
    })
  }
}
