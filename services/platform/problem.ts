import { z } from 'zod'

/** RFC 9457: every route's form of an error answer. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
})
export type ProblemDocument = z.infer<typeof problemDocument>
export type InputError = { pointer: string; message: string }

const TITLES: Record<number, string> = {
  400: 'Bad request',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Out of time',
  409: 'Conflict',
  413: 'Body too large',
  422: 'Input refused',
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
