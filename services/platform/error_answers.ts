import { Elysia, NotFoundError, ParseError, ValidationError } from 'elysia'
import { z } from 'zod'
import { type Language, languageOf } from './language.ts'
import { errorFields, type Logger } from './logger.ts'
import { type InputError, Problem } from './problem.ts'
import { readInWords } from './wording.ts'
import { inEach, PLATFORM_WORDS } from './words/words.ts'

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
  /** The name of a place of the input in people's words; null where the pointer to it serves. */
  placeInWords?: PlaceInWords
}) =>
  new Elysia({ name: 'error_answers' }).onError({ as: 'global' }, ({ error, request, path, route }) => {
    const language = languageOf(request.headers.get('accept-language'))
    const problem =
      toProblem(error, deps.placeInWords) ?? methodProblem(error, path, deps.routes()) ?? deps.translate?.(error)
    if (problem) {
      deps.logger.debug('request_refused', {
        method: request.method,
        route,
        status: problem.status,
        code: problem.code,
      })
      deps.onProblem?.(request, problem)
      return problem.toAnswer(language)
    }
    deps.logger.error('request_failed', { method: request.method, route, ...errorFields(error) })
    const failed = new Problem(
      500,
      'internal_error',
      inEach((words) => words.internalError()),
    )
    deps.onProblem?.(request, failed)
    return failed.toAnswer(language)
  })

function toProblem(error: unknown, placeInWords?: PlaceInWords): Problem | undefined {
  if (error instanceof Problem) return error
  if (error instanceof ParseError) {
    return error.cause instanceof Problem
      ? error.cause
      : new Problem(
          400,
          'malformed_body',
          inEach((words) => words.malformedBody()),
        )
  }
  // A response that fails its own schema is the service's fault, and must not look like the sender's.
  if (!(error instanceof ValidationError) || error.type === 'response') return undefined
  return inputProblem(error.type, (language) => issuesOf(error, language), placeInWords)
}

/**
 * Checks input in a handler. Its problems are those of a schema of the route.
 * @throws Problem
 */
export function checked<T extends z.ZodType>(on: 'headers' | 'body', schema: T, input: unknown): z.output<T> {
  const result = readInWords(schema, input)
  if (result.success) return result.data
  throw inputProblem(on, (language) => issuesIn(language, schema, input))
}

/** @param pointer a JSON Pointer into the body */
export type PlaceInWords = (pointer: string, language: Language) => string | null

/** @param issuesIn reads the input again, in a language */
function inputProblem(
  on: string,
  issuesIn: (language: Language) => z.core.$ZodIssue[],
  placeInWords: PlaceInWords = () => null,
): Problem {
  return new Problem(on === 'headers' ? 400 : 422, `invalid_${on}`, (language) => {
    const issues = issuesIn(language)
    const errors = eachOnce(issues.map((issue) => inputError(on, issue)))
    const [first] = errors
    const detail = PLATFORM_WORDS[language].invalidInput(
      on,
      first
        ? {
            place: placeInWords(first.pointer, language) ?? first.pointer,
            isWhole: issues[0]?.path.length === 0,
            message: first.message,
          }
        : null,
    )
    return { detail, errors }
  })
}

/** Two checks of one field may give the same message. */
const eachOnce = (errors: InputError[]) => [
  ...new Map(errors.map((error) => [`${error.pointer} ${error.message}`, error])).values(),
]

// `error.all` joins paths with dots and drops the codes, so the schema is parsed once more.
function issuesOf(error: ValidationError, language: Language): z.core.$ZodIssue[] {
  const validator: object = error.validator
  const schema: unknown = 'schema' in validator ? validator.schema : validator
  return schema instanceof z.ZodType ? issuesIn(language, schema, error.value) : []
}

function issuesIn(language: Language, schema: z.ZodType, input: unknown): z.core.$ZodIssue[] {
  const result = readInWords(schema, input, undefined, language)
  return result.success ? [] : result.issues
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
    return new Problem(
      404,
      'no_such_route',
      inEach((words) => words.noSuchRoute()),
    )
  const allow = allowed.join(', ')
  return new Problem(
    405,
    'method_not_allowed',
    inEach((words) => words.methodNotAllowed(allow)),
    { allow },
  )
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
