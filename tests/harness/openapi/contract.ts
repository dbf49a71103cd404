/** An OpenAPI document as its readers take it: the outcomes that it names, the requests of its examples, its schemas. */
import Ajv2020 from 'ajv/dist/2020.js'
import { z } from 'zod'

const media = z.object({
  schema: z.looseObject({}),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
})
const problemSchema = z.object({ properties: z.object({ code: z.object({ enum: z.array(z.string()) }) }) })
const operation = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean(),
        example: z.union([z.string(), z.number()]).optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ description: z.string(), content: z.object({ 'application/json': media }) }).optional(),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), media) })),
})
export const openApi = z.looseObject({
  info: z.object({ title: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
})
export type OpenApi = z.output<typeof openApi>

const PROBLEM_TYPE = 'application/problem+json'

/** `outcome` is a problem's code, or the status of another answer, with its media type where it is not the usual one. */
export type Outcome = { route: string; status: number; mediaType: string; outcome: string }

/** A request of an example, to be sent as it is. `path` still has its parameters in braces. */
export type ExampleRequest = {
  method: string
  path: string
  parameters: Record<string, string>
  query: string
  headers: Record<string, string>
  body: string | undefined
}

/** The outcomes that the document names, by route. */
export const outcomesOf = ({ paths }: OpenApi): Outcome[] =>
  routesOf(paths).flatMap(({ route, operation: { responses } }) =>
    Object.entries(responses).flatMap(([status, { content }]) =>
      Object.entries(content).flatMap(([mediaType, { schema }], i) =>
        codesOf(mediaType, i === 0 ? status : `${status} ${mediaType}`, schema).map((outcome) => ({
          route,
          status: Number(status),
          mediaType,
          outcome,
        })),
      ),
    ),
  )

function codesOf(mediaType: string, otherwise: string, schema: object): string[] {
  return mediaType === PROBLEM_TYPE ? problemSchema.parse(schema).properties.code.enum : [otherwise]
}

const routesOf = (paths: OpenApi['paths']) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, found]) => ({
      route: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      operation: found,
    })),
  )

/** The requests of a route's examples: one for each body, or one without a body. */
export function examplesOf({ paths }: OpenApi, route: string): [ExampleRequest, ...ExampleRequest[]] {
  const found = routesOf(paths).find((one) => one.route === route)
  if (!found) throw new Error(`the document has no ${route}`)
  const { method, path, operation } = found
  const given = (place: string) =>
    Object.fromEntries(
      operation.parameters
        .filter((one) => one.in === place && one.example !== undefined)
        .map(({ name, example }) => [name, String(example)]),
    )
  const bodies = Object.values(operation.requestBody?.content['application/json'].examples ?? {})
  const request = (body: string | undefined): ExampleRequest => ({
    method,
    path,
    parameters: given('path'),
    query: new URLSearchParams(given('query')).toString(),
    headers: given('header'),
    body,
  })
  const [first, ...others] = bodies.map(({ value }) => request(JSON.stringify(value)))
  return [first ?? request(undefined), ...others]
}

/** The most bytes that a route's body may have, as its description says. */
export function bodyLimitOf({ paths }: OpenApi, route: string): number {
  const found = routesOf(paths).find((one) => one.route === route)
  const kib = /At most (\d+) KiB/.exec(found?.operation.requestBody?.description ?? '')?.[1]
  if (kib === undefined) throw new Error(`${route} does not say how large its body may be`)
  return Number(kib) * 1024
}

/** Checks values by the schemas of a document. It knows nothing of the schemas that the services check by. */
export function createChecker(api: OpenApi) {
  const ajv = new Ajv2020({
    strict: false,
    formats: {
      uuid: true,
      date: /^\d{4}-\d{2}-\d{2}$/,
      'date-time': (text) => !Number.isNaN(Date.parse(text)),
    },
  })
  ajv.addSchema({ $id: 'api', components: api.components })
  // By their text, because most routes share the schemas of their problems.
  const compiled = new Map<string, ReturnType<typeof ajv.compile>>()

  function errorsOf(schema: object, value: unknown): string[] {
    const text = inDocument(schema)
    const check = compiled.get(text) ?? ajv.compile(JSON.parse(text))
    compiled.set(text, check)
    return check(value) ? [] : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }

  const mediaOf = ({ route, status, mediaType }: Outcome) => {
    const found = routesOf(api.paths).find((one) => one.route === route)?.operation.responses[status]?.content[
      mediaType
    ]
    if (!found) throw new Error(`${route} names no ${status} ${mediaType}`)
    return found
  }

  return {
    errorsOf,

    /** The ways in which an answer's body does not fit. */
    misfits: (outcome: Outcome, body: unknown): string[] => errorsOf(mediaOf(outcome).schema, body),

    /** The examples of the whole document that do not fit the schemas beside them. */
    wrongExamples(): string[] {
      const all = routesOf(api.paths).flatMap(({ route, operation: { requestBody, responses } }) => [
        ...Object.values(requestBody?.content ?? {}).map((found) => ({ at: `${route}, body`, found })),
        ...Object.entries(responses).flatMap(([status, { content }]) =>
          Object.values(content).map((found) => ({ at: `${route}, ${status}`, found })),
        ),
      ])
      return all.flatMap(({ at, found: { schema, example, examples } }) => {
        const values = [
          ...(example === undefined ? [] : [example]),
          ...Object.values(examples).map(({ value }) => value),
        ]
        if (values.length === 0) return [`${at}: there is none`]
        return values.flatMap((value) => errorsOf(schema, value).map((error) => `${at}: ${error}`))
      })
    },
  }
}

/** References of a schema point into the document, which the checker knows as `api`. */
const inDocument = (schema: object): string => JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"api#/')

type Place = { at: string; schema: Record<string, unknown> }

/** Each field of each schema of requests and answers, and each parameter, that has no description. */
export function undescribed(api: OpenApi): string[] {
  const found: string[] = []
  walk({ at: '', schema: { paths: api.paths, components: api.components } }, ({ at, schema }) => {
    const { properties, allOf } = schema
    // The properties beside `allOf` only narrow those of the schema that it names.
    if (!isObject(properties) || Array.isArray(allOf)) return
    for (const [name, field] of Object.entries(properties)) {
      if (isObject(field) && typeof field['description'] !== 'string') found.push(`${at}/${name}`)
    }
  })
  return found
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function walk(place: Place, visit: (place: Place) => void): void {
  visit(place)
  for (const [name, value] of Object.entries(place.schema)) {
    if (name === 'example' || name === 'examples') continue
    for (const one of Array.isArray(value) ? value : [value]) {
      if (isObject(one)) walk({ at: `${place.at}/${name}`, schema: one }, visit)
    }
  }
}
