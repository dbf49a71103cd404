/** JSON Schema of zod schemas, as OpenAPI 3.1 and its readers want it. */
import { z } from 'zod'
import type { JsonSchema } from './book.ts'

/** Named schemas, by the ids that `.meta({ id })` gives them. */
export type Named = Map<string, unknown>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The form that a service takes: transforms and refinements count by the limits that their `.meta` says. */
export const ofZod = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

/** @param named gets the named parts, to which the outcome refers */
export const jsonSchemaOf = (schema: z.ZodType | JsonSchema, named: Named): JsonSchema =>
  tidied(schema instanceof z.ZodType ? ofZod(schema) : schema, named)

/**
 * Leaves out keywords that say nothing to a reader, and moves named parts out.
 * @param named gets the named parts
 */
export function tidied(schema: JsonSchema, named: Named): JsonSchema {
  const { $defs, $schema: _, ...own } = schema
  if (isObject($defs)) {
    for (const [id, part] of Object.entries($defs)) {
      if (!isObject(part)) continue
      const { id: _ofPart, ...rest } = part
      named.set(id, tidied(rest, named))
    }
  }
  return Object.fromEntries(
    Object.entries(own)
      .filter(([keyword, value]) => !saysNothing(keyword, value, own))
      .map(([keyword, value]) => [keyword, tidiedValue(keyword, value, own, named)]),
  )
}

/** A format says more than its pattern. zod gives each whole number the limits of exact numbers. */
const saysNothing = (keyword: string, value: unknown, { format }: JsonSchema) =>
  value === undefined ||
  (keyword === 'pattern' && typeof format === 'string') ||
  (['minimum', 'maximum'].includes(keyword) && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER)

/** Keywords whose value holds no schema. */
const LITERAL: readonly string[] = ['enum', 'const', 'required', 'examples', 'default']

function tidiedValue(keyword: string, value: unknown, { type }: JsonSchema, named: Named): unknown {
  // A query's numbers are texts in their defaults.
  if (keyword === 'default' && (type === 'integer' || type === 'number')) return Number(value)
  if (keyword === '$ref') return String(value).replace('#/$defs/', '#/components/schemas/')
  // The generator writes null into the type of a choice and forgets it among the values.
  if (keyword === 'enum' && Array.isArray(value) && Array.isArray(type) && type.includes('null')) {
    return [...new Set([...value, null])]
  }
  if (LITERAL.includes(keyword)) return value
  if (Array.isArray(value)) return value.map((one) => (isObject(one) ? tidied(one, named) : one))
  if (!isObject(value)) return value
  if (keyword === 'properties') {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, isObject(part) ? tidied(part, named) : part]),
    )
  }
  return tidied(value, named)
}
