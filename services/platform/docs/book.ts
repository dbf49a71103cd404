/** The words of an API's description. Shapes come from the routes' own schemas. */
import type { z } from 'zod'
import { MAX_NESTING } from '../json_body.ts'
import { LIMITS } from '../listener/limits.ts'
import type { Problem } from '../problem.ts'

export type JsonSchema = { readonly [keyword: string]: unknown }

/** A problem that a route may answer: its status, and a sentence that says what happened and what to do next. */
export type ProblemEntry = {
  status: number
  meaning: string
  /** The value of Retry-After, in seconds. */
  retryAfterSeconds?: number
}

export type AnswerEntry = {
  description: string
  /** Only for a route that does not check its answers. */
  schema?: z.ZodType | JsonSchema
  /** @default application/json */
  mediaType?: string
  /** Headers of this answer by their names, each with its description. */
  headers?: Readonly<Record<string, string>>
  example: unknown
  /** Examples in the other media types that a request may ask for. */
  otherTypes?: Readonly<Record<string, unknown>>
}

export type OperationEntry = {
  tag: string
  summary: string
  description?: string
  /** Only for a route that reads its headers itself. */
  headers?: z.ZodObject
  /** A value that the route accepts for each parameter that has an example, by the parameter's name. */
  parameters?: Readonly<Record<string, string | number>>
  body?: {
    description: string
    limitBytes: number
    /** The route requires nothing of it. */
    mayBeEmpty?: boolean
    /** The service answers a wrong body in a form of its own, which `answers` has, and not with problems. */
    hasOwnErrors?: boolean
    /** Only for a route that reads its body itself, or whose schema says too little. */
    schema?: z.ZodType | JsonSchema
    /** Bodies that the route accepts, by a short title. */
    examples: Readonly<Record<string, unknown>>
  }
  answers: Readonly<Record<number, AnswerEntry>>
  /**
   * Where the service asks clients who they are. `open`: it does not here. `optional`: a client may say it. `any`: each
   * that says it is let in.
   * @default only those who may use this route are let in
   */
  access?: 'open' | 'optional' | 'any'
  /** The codes of problems besides those that `document.ts` adds for every route, for a body and for parameters. */
  problems?: readonly string[]
}

/**
 * `schemes`: OpenAPI's security schemes by their names; any one of them does. The rest are the codes of refusals, where the
 * service refuses with problems.
 */
export type BookAccess = {
  schemes: Readonly<Record<string, JsonSchema>>
  missing?: string
  wrong: readonly string[]
  notAllowed?: string
}

export type Book = {
  title: string
  description: string
  /** In the order in which people read them. */
  tags: readonly { name: string; description: string }[]
  /** By their codes, besides `COMMON_PROBLEMS`. */
  problems: Readonly<Record<string, ProblemEntry>>
  /** How clients say who they are. Without it the service does not ask. */
  access?: BookAccess
  /** By method and path, with parameters in braces: `GET /v1/kkt/receipt/{receipt_id}`. */
  operations: Readonly<Record<string, OperationEntry>>
}

/** The problems that each service answers. */
export const COMMON_PROBLEMS = {
  malformed_request: {
    status: 400,
    meaning: 'The bytes are not a valid HTTP/1.1 request. Nothing was changed. Mend the client.',
  },
  invalid_headers: { status: 400, meaning: 'A header is missing or wrong. Mend what errors lists and send it again.' },
  malformed_json: {
    status: 400,
    meaning: `The body is not one JSON document, or is nested deeper than ${MAX_NESTING} levels.`,
  },
  not_utf8: { status: 400, meaning: 'The body is not UTF-8.' },
  malformed_body: { status: 400, meaning: 'The body could not be read. Send the request again.' },
  foreign_origin: {
    status: 403,
    meaning: 'A page of another origin asked for a change. Nothing was changed. The adapter takes CORS_ORIGINS.',
  },
  no_such_route: { status: 404, meaning: 'No route has this path.' },
  method_not_allowed: { status: 405, meaning: 'The path has other methods. Allow names them.' },
  too_slow: {
    status: 408,
    meaning: `The head or the body took longer than ${LIMITS.headMs / 1000} s. Send the request again with the same key.`,
  },
  body_too_large: { status: 413, meaning: 'The body is larger than this route takes. Send a smaller one.' },
  unknown_host: {
    status: 421,
    meaning: 'The Host is none of the names of this service. Nothing was changed. ALLOWED_HOSTS adds a name.',
  },
  invalid_body: { status: 422, meaning: 'Something in the body is wrong. Mend the fields that errors lists.' },
  invalid_query: { status: 422, meaning: 'A parameter of the query is wrong. Mend what errors lists.' },
  invalid_params: { status: 422, meaning: 'A parameter of the path is wrong. Mend what errors lists.' },
  head_too_large: {
    status: 431,
    meaning: `The request's head is larger than ${LIMITS.headBytes / 1024} KiB. Send fewer or shorter headers.`,
  },
  internal_error: {
    status: 500,
    meaning: 'The service failed, and nothing is known of the request. Send it again with the same key.',
  },
  too_many_connections: {
    status: 503,
    meaning: 'Too many clients are connected. Send the request again with the same key.',
    retryAfterSeconds: 1,
  },
  too_many_bodies: {
    status: 503,
    meaning: 'Too many bytes of bodies are on their way at once. Send the request again with the same key.',
    retryAfterSeconds: 1,
  },
} as const satisfies Record<string, ProblemEntry>

export type CommonCode = keyof typeof COMMON_PROBLEMS

/** Any route may answer these. */
export const OF_ANY_ROUTE: readonly CommonCode[] = [
  'malformed_request',
  'too_slow',
  'unknown_host',
  'head_too_large',
  'internal_error',
  'too_many_connections',
]
/** A route that changes something may answer this, too. */
export const OF_A_CHANGE: readonly CommonCode[] = ['foreign_origin']
/** A route with a body may answer these, too. */
export const OF_A_BODY: readonly CommonCode[] = [
  'malformed_json',
  'not_utf8',
  'malformed_body',
  'body_too_large',
  'invalid_body',
  'too_many_bodies',
]
/** A route that answers a wrong body in a form of its own may answer this: the listener does, before the route is known. */
export const OF_AN_OWN_BODY: readonly CommonCode[] = ['too_many_bodies']

/** The entries of an API's own problems, each by its code, with the words that it is answered in. */
export const entriesOf = (problems: readonly Problem[]): Record<string, ProblemEntry> =>
  Object.fromEntries(
    problems.map((problem) => {
      const { status, code, detail } = problem.toDocument()
      const retryAfter = problem.headers['retry-after']
      const entry: ProblemEntry = { status, meaning: detail }
      return [code, retryAfter === undefined ? entry : { ...entry, retryAfterSeconds: Number(retryAfter) }]
    }),
  )
