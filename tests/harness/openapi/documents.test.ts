/** The OpenAPI documents of all services are documents that any reader takes. */
import { describe, expect, test } from 'bun:test'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { openApiOf } from '@kkt/platform/docs/document.ts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { adapterBook } from '../../../services/kkt_adapter/src/book.ts'
import { OPENAPI_DOCUMENTS } from '../documents/openapi_documents.ts'
import { createChecker, openApi } from './contract.ts'

const made = new Map(
  await Promise.all(
    OPENAPI_DOCUMENTS.map(async ({ path, make }): Promise<[string, object]> => [path, JSON.parse(await make())]),
  ),
)

/** A service's document, by the path of the committed one. */
function read(path: string): object {
  const document = made.get(path)
  if (!document) throw new Error(`no service has ${path}`)
  return document
}

/** One for all documents, because it first compiles the schema of OpenAPI. */
const validator = new Validator()

describe.each(OPENAPI_DOCUMENTS.map(({ path }) => path))('%s', (path) => {
  test('is valid OpenAPI 3.1', async () => {
    expect(await validator.validate({ ...read(path) })).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  test('has each operation once by its name, and each tag', () => {
    const { paths, tags } = z
      .object({
        paths: z.record(
          z.string(),
          z.record(z.string(), z.object({ operationId: z.string(), tags: z.array(z.string()) })),
        ),
        tags: z.array(z.object({ name: z.string() })),
      })
      .parse(read(path))
    const operations = Object.values(paths).flatMap((methods) => Object.values(methods))
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    expect(new Set(operations.flatMap((one) => one.tags))).toEqual(new Set(tags.map(({ name }) => name)))
  })

  test('has a limit for each text and number of a request', () => {
    expect(unlimited(read(path))).toEqual([])
  })
})

const LIMITS = [
  ...['enum', 'const', 'pattern', 'format', 'minLength', 'maxLength'],
  ...['minimum', 'exclusiveMinimum', 'maximum'],
]
const schemaForm = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
})

/** Texts and numbers of requests, in parameters and bodies, without a limit of any kind. */
function unlimited(document: object): string[] {
  const { paths, components } = z
    .object({
      paths: z.record(
        z.string(),
        z.record(
          z.string(),
          z.object({
            parameters: z.array(z.object({ name: z.string(), schema: z.unknown().optional() })).default([]),
            requestBody: z
              .object({ content: z.record(z.string(), z.object({ schema: z.unknown().optional() })) })
              .optional(),
          }),
        ),
      ),
      components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
    })
    .parse(document)
  const seen = new Set<string>()
  const found: string[] = []
  function look(at: string, given: unknown): void {
    if (typeof given !== 'object' || given === null) return
    const { type, $ref, properties = {}, items, anyOf = [], ...rest } = schemaForm.parse(given)
    const isOpen = [type].flat().some((one) => one === 'string' || one === 'number' || one === 'integer')
    if (isOpen && !LIMITS.some((keyword) => keyword in rest)) found.push(at)
    if ($ref !== undefined && !seen.has($ref)) {
      seen.add($ref)
      look($ref, components.schemas[$ref.replace('#/components/schemas/', '')])
    }
    for (const [name, one] of Object.entries(properties)) look(`${at}/${name}`, one)
    for (const one of [items, ...anyOf]) look(at, one)
  }
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { parameters, requestBody }] of Object.entries(methods)) {
      for (const { name, schema } of parameters) look(`${method} ${path} ${name}`, schema)
      for (const { schema } of Object.values(requestBody?.content ?? {})) look(`${method} ${path} body`, schema)
    }
  }
  return found
}

test('the book of the adapter has no route that the adapter does not have', () => {
  const { paths } = openApi.parse(read('services/kkt_adapter/openapi.json'))
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(Object.keys(adapterBook.operations).sort()).toEqual(routes.sort())
})

describe("the limits of a sale's fields in the document", () => {
  const checker = createChecker(openApi.parse(read('services/kkt_adapter/openapi.json')))
  const item = { name: 'Lens', price: 10, quantity: 1, total: 10, vat_rate: 22 }
  const errorsOf = (change: object) => checker.errorsOf({ $ref: '#/components/schemas/Item' }, { ...item, ...change })

  test('take what the adapter takes', () => {
    for (const fine of [
      {},
      { price: 0 },
      { price: 42_949_672.95 },
      { vat_rate: null },
      { name: 'а' },
      { quantity: 0.001 },
    ]) {
      expect(errorsOf(fine)).toEqual([])
    }
  })

  test.each([
    ...[{ price: -0.01 }, { price: 42_949_672.96 }, { price: '1' }, { quantity: 0 }, { quantity: 100_000 }],
    ...[{ vat_rate: 18 }, { name: '' }, { name: ' ' }, { name: 'a\tb' }, { name: 'a'.repeat(129) }, { colour: 'red' }],
  ])('refuse %p, as the adapter does', (change) => expect(errorsOf(change)).toHaveLength(1))
})

describe('the form of a configuration in the document', () => {
  const checker = createChecker(openApi.parse(read('services/mock_ofd/openapi.json')))
  const errorsOf = (given: object) => checker.errorsOf({ $ref: '#/components/schemas/Configuration' }, given)

  test.each(receiptFaults.map(({ name, example }) => [name, example] as const))(
    'takes %s as its example',
    (name, example) => expect(errorsOf({ [name]: example })).toEqual([]),
  )

  test('takes a bare number as the parameter that it sets', () => {
    expect(errorsOf({ clock_skew: -90, rate_quota: 0.5, hang: 0 })).toEqual([])
    expect(errorsOf({ hang: 0.5 })).not.toEqual([])
    expect(errorsOf({ delay: -1 })).not.toEqual([])
  })

  test('takes no fault that there is not', () => expect(errorsOf({ delayed: 1 })).toHaveLength(1))
})

test('a route that the book does not have is named', () => {
  const app = new Elysia().get('/new', () => 'new')
  expect(() => openApiOf(app, adapterBook, '1')).toThrow('GET /new has no entry in the book of KKT adapter')
})
