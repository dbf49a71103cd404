/** Puts an API's OpenAPI document together from its routes and from the words of its book. */
import { toOpenAPISchema } from '@elysiajs/openapi/openapi'
import type { AnyElysia } from 'elysia'
import { z } from 'zod'
import { LANGUAGES } from '../language.ts'
import { LIMITS } from '../listener/limits.ts'
import { problemDocument } from '../problem.ts'
import { type Answer, answersOf } from './answers.ts'
import {
  type Book,
  type BookAccess,
  COMMON_PROBLEMS,
  OF_A_BODY,
  OF_A_CHANGE,
  OF_AN_OWN_BODY,
  OF_ANY_ROUTE,
  type OperationEntry,
  type ProblemEntry,
} from './book.ts'
import { jsonSchemaOf, type Named, ofZod } from './json_schema.ts'

const JSON_TYPE = 'application/json'
/** Paths with a dot, such as that of a picture, are routes, too. */
const WITH_DOTS = { staticFile: false }

const parameterForm = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean(),
  schema: z.looseObject({ description: z.string().optional() }),
})
type Parameter = z.output<typeof parameterForm>

/** The part of the generator's outcome that is used. Bodies are not: it leaves out those with a parser of their own. */
const generated = z.object({
  operationId: z.string(),
  parameters: z.array(parameterForm).default([]),
  responses: z
    .record(
      z.string(),
      z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })).default({}) }),
    )
    .default({}),
})
type Generated = z.output<typeof generated>

export type OpenApi = ReturnType<typeof openApiOf>

/**
 * @param app its routes are described
 * @throws Error that names a route without an entry in the book
 */
export function openApiOf(app: AnyElysia, book: Book, version: string) {
  const named: Named = new Map()
  const problems: Readonly<Record<string, ProblemEntry>> = { ...COMMON_PROBLEMS, ...book.problems }
  const { paths } = toOpenAPISchema(app, WITH_DOTS, undefined, { zod: ofZod }, '3.1.1')
  const described = Object.entries(paths).map(([path, methods]) => {
    const operations = Object.entries(methods ?? {}).map(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`
      const entry = book.operations[name]
      if (!entry) throw new Error(`${name} has no entry in the book of ${book.title}`)
      const body = entry.body && { ...entry.body, schema: entry.body.schema ?? bodySchema(app, method, path) }
      return [
        method,
        describedOperation(generated.parse(operation), { ...entry, method, body, by: book.access }, problems, named),
      ] as const
    })
    return [path, Object.fromEntries(operations)] as const
  })
  named.set('Problem', jsonSchemaOf(problemDocument, named))
  return {
    openapi: '3.1.1',
    info: { title: book.title, description: book.description, version, license: { name: 'MIT', identifier: 'MIT' } },
    // Relative to this document, so that it holds below another path, too.
    servers: [{ url: './' }],
    tags: book.tags,
    paths: Object.fromEntries(described),
    components: {
      schemas: Object.fromEntries([...named].sort(([one], [other]) => (one < other ? -1 : 1))),
      ...(book.access && { securitySchemes: book.access.schemes }),
    },
    'x-problems': problems,
  }
}

/** The schema by which a route checks its body. */
function bodySchema(app: AnyElysia, method: string, path: string): z.ZodType {
  const route = app.routes.find(
    (one) => one.method.toLowerCase() === method && one.path.replaceAll(/:(\w+)/g, '{$1}') === path,
  )
  const schema: unknown = route?.hooks.body
  if (schema instanceof z.ZodType) return schema
  throw new Error(`${method} ${path} does not check its body by a schema: its entry has to have one`)
}

/** Of any route, because any may answer a problem. */
const ACCEPT_LANGUAGE = {
  name: 'Accept-Language',
  in: 'header',
  required: false,
  description: `The language of the texts for people (RFC 9110): ${LANGUAGES.join(' or ')}. English without it`,
  schema: { type: 'string', maxLength: LIMITS.headBytes },
}

type Described = Omit<OperationEntry, 'body'> & {
  method: string
  by: BookAccess | undefined
  body: (NonNullable<OperationEntry['body']> & { schema: NonNullable<unknown> }) | undefined
}

function describedOperation(
  { operationId, parameters, responses }: Generated,
  entry: Described,
  problems: Readonly<Record<string, ProblemEntry>>,
  named: Named,
) {
  const { tag, summary, description, body, headers } = entry
  const all = [...parameters, ...(headers ? headerParameters(headers) : [])]
  const checked = new Map<string, Answer>(
    Object.entries(responses).map(([status, { content }]) => [status, Object.values(content)[0]?.schema]),
  )
  return {
    operationId,
    ...securityOf(entry),
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    parameters: [...all.map((one) => describedParameter(one, entry.parameters, named)), ACCEPT_LANGUAGE],
    ...(body && { requestBody: describedBody(body, named) }),
    responses: answersOf({ answers: entry.answers, checked, codes: codesOf(entry, all), problems, named }),
  }
}

/** The codes that a route may answer: for any request, for the parts that its requests have, and of its own. */
function codesOf({ method, body, by, access, problems = [] }: Described, parameters: readonly Parameter[]): string[] {
  const has = (place: string) => parameters.some((one) => one.in === place)
  return [
    ...OF_ANY_ROUTE,
    ...refusalsOf(by, access),
    ...(method === 'get' ? [] : OF_A_CHANGE),
    ...(body?.hasOwnErrors ? OF_AN_OWN_BODY : body ? OF_A_BODY : []),
    ...(has('path') ? ['invalid_params'] : []),
    ...(has('query') ? ['invalid_query'] : []),
    ...(has('header') ? ['invalid_headers'] : []),
    ...problems,
  ]
}

function refusalsOf(by: BookAccess | undefined, access: Described['access']): readonly string[] {
  if (by === undefined || access === 'open') return []
  if (access === 'optional') return by.wrong
  const codes = access === 'any' ? [by.missing, ...by.wrong] : [by.missing, ...by.wrong, by.notAllowed]
  return codes.filter((code) => code !== undefined)
}

/** An empty requirement among others says that none is needed. */
function securityOf({ by, access }: Described) {
  if (by === undefined) return {}
  const each = Object.keys(by.schemes).map((name) => ({ [name]: [] }))
  if (access === 'open') return { security: [] }
  return { security: access === 'optional' ? [{}, ...each] : each }
}

function headerParameters(headers: z.ZodObject): Parameter[] {
  const { properties, required = [] } = z
    .object({ properties: z.record(z.string(), parameterForm.shape.schema), required: z.array(z.string()).optional() })
    .parse(ofZod(headers))
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'header',
    required: required.includes(name),
    schema,
  }))
}

function describedParameter(parameter: Parameter, examples: OperationEntry['parameters'], named: Named) {
  const { description, ...schema } = parameter.schema
  const example = examples?.[parameter.name]
  return {
    // Names of headers in the form in which documents write them.
    name:
      parameter.in === 'header' ? parameter.name.replaceAll(/\b[a-z]/g, (one) => one.toUpperCase()) : parameter.name,
    in: parameter.in,
    required: parameter.required,
    description,
    schema: jsonSchemaOf(schema, named),
    ...(example !== undefined && { example }),
  }
}

function describedBody(
  { description, limitBytes, mayBeEmpty = false, schema, examples }: NonNullable<Described['body']>,
  named: Named,
) {
  const titled = Object.entries(examples).map(([title, value]) => [title, { value }] as const)
  return {
    description: `${description} At most ${limitBytes / 1024} KiB. It is read as JSON whatever the Content-Type.`,
    required: !mayBeEmpty,
    content: { [JSON_TYPE]: { schema: jsonSchemaOf(schema, named), examples: Object.fromEntries(titled) } },
  }
}
