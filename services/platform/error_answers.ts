import { Elysia, NotFoundError, ParseError, ValidationError } from 'elysia'
import { z } from 'zod'
import { errorFields, type Logger } from './logger.ts'
import { type InputError, Problem } from './problem.ts'
import { readInWords } from './wording.ts'

/** Enough to mend a request; few enough that the answer stays small for any input. */
const MAX_INPUT_ERRORS = 20

/**
 * The only place that turns errors into answers. `use` it first in an app.
 * @param routes the app's routes, read when a path is known but its method is not
 * @param translate returns the problem for an error of the app's own
 */
export const errorAnswers = (deps: {
  logger: Logger
  routes: () => { method: string; path: string }[]
  translate?: (error: unknown) => Problem | undefined
  /** Called with every request that is answered with a problem, and with that problem. */
  onProblem?: (request: Request, problem: Problem) => void
}) =>
  new Elysia({ name: 'error_answers' }).onError({ as: 'global' }, ({ error, request, path, route }) => {
    const problem = toProblem(error) ?? methodProblem(error, path, deps.routes()) ?? deps.translate?.(error)
    if (problem) {
      deps.logger.debug('request_refused', {
        method: request.method,
        route,
        status: problem.status,
        code: problem.code,
      })
      deps.onProblem?.(request, problem)
      return problem.toResponse()
    }
    deps.logger.error('request_failed', { method: request.method, route, ...errorFields(error) })
    const failed = new Problem(500, 'internal_error', 'The service failed. The log line request_failed says where.')
    deps.onProblem?.(request, failed)
    return failed.toResponse()
  })

function toProblem(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof ParseError) {
    return error.cause instanceof Problem
      ? error.cause
      : new Problem(400, 'malformed_body', 'The body cannot be read. Send the request again.')
  }
  // A response that fails its own schema is the service's fault, and must not look like the sender's.
  if (error instanceof ValidationError && error.type !== 'response') return inputProblem(error.type, issuesOf(error))
  return undefined
}

/**
 * Checks input in a handler. Its problems are those of a schema of the route.
 * @throws Problem
 */
export function checked<T extends z.ZodType>(on: 'headers' | 'body', schema: T, input: unknown): z.output<T> {
  const result = readInWords(schema, input)
  if (result.success) return result.data
  throw inputProblem(on, result.issues)
}

/** People's words for the parts of a request. */
const PARTS: Record<string, string> = { params: 'path' }

function inputProblem(on: string, issues: z.core.$ZodIssue[]): Problem {
  const status = on === 'headers' ? 400 : 422
  const part = `the ${PARTS[on] ?? on}`
  const errors = eachOnce(issues.map((issue) => inputError(on, issue))).slice(0, MAX_INPUT_ERRORS)
  const where = issues[0]?.path.length ? errors[0]?.pointer : part
  const first = errors[0] ? ` First: ${where} ${asSentence(errors[0].message)}` : ''
  const detail = `Something in ${part} does not fit the contract and nothing was changed.${first} Mend what errors lists and send it again.`
  return new Problem(status, `invalid_${on}`, detail, { errors })
}

const asSentence = (message: string) => (message.endsWith('?') ? message : `${message}.`)

/** Two checks of one field may give the same message. */
const eachOnce = (errors: InputError[]) => [
  ...new Map(errors.map((error) => [`${error.pointer} ${error.message}`, error])).values(),
]

// `error.all` joins paths with dots and drops the codes, so the schema is parsed once more.
function issuesOf(error: ValidationError): z.core.$ZodIssue[] {
  const validator: object = error.validator
  const schema: unknown = 'schema' in validator ? validator.schema : validator
  const result = schema instanceof z.ZodType ? readInWords(schema, error.value) : undefined
  return result?.success === false ? result.issues : []
}

function inputError(on: string, issue: z.core.$ZodIssue): InputError {
  const pointer = `${on === 'body' ? '' : `#${on}`}${issue.path.map((part) => `/${escapePointer(part)}`).join('')}`
  return { pointer, message: issue.message }
}

const escapePointer = (part: PropertyKey) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')

function methodProblem(error: unknown, path: string, routes: { method: string; path: string }[]): Problem | undefined {
  if (!(error instanceof NotFoundError)) return undefined
  const allowed = methodsAt(path, routes)
  if (allowed.length === 0)
    return new Problem(404, 'no_such_route', 'No route has this path. The README lists the routes.')
  const allow = allowed.join(', ')
  return new Problem(405, 'method_not_allowed', `This path takes ${allow}.`, { headers: { allow } })
}

/** The methods of the routes with this path. */
export const methodsAt = (path: string, routes: readonly { method: string; path: string }[]): string[] => [
  ...new Set(routes.filter((route) => matches(route.path, path)).map(({ method }) => method)),
]

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const given = path.split('/')
  const fits = (part: string, i: number) => (part.startsWith(':') ? given[i] !== '' : part === given[i])
  return wanted.length === given.length && wanted.every(fits)
}
