/** The form of a fault's parameters, and what is filled in. */
import { isRecord } from './plan.ts'
import type { Fault, Schema } from './wire.ts'

/** `name`: its path with points, as `match.pos_id`. */
export type Field = { name: string; path: readonly string[]; schema: Schema; isRequired: boolean }

/** Texts by the fields' names, as they stand in the form. An empty one is not given. */
export type Texts = Readonly<Record<string, string>>

/** The parameters that every plan has for when it strikes. All others are the fault's own. */
const WHEN = ['after', 'probability', 'operation', 'match', 'down', 'up', 'ttl']

export const isAboutWhen = ({ path }: Field): boolean => WHEN.includes(path[0] ?? '')

/** The fields of a schema, those of nested objects too. */
export const fieldsOf = (
  { properties = {}, required = [] }: Schema,
  within: readonly string[] = [],
): readonly Field[] =>
  Object.entries(properties).flatMap(([name, schema]) => {
    const path = [...within, name]
    if (schema.properties) return fieldsOf(schema, path)
    return [{ name: path.join('.'), path, schema, isRequired: within.length === 0 && required.includes(name) }]
  })

/** A form begins with the fault's example. */
export function initialTexts({ name, bare_number, example }: Fault): Texts {
  const given = example[name]
  if (typeof given === 'number' && bare_number !== null) return { [bare_number]: String(given) }
  if (!isRecord(given)) return {}
  return Object.fromEntries(Object.entries(given).map(([field, value]) => [field, String(value)]))
}

/** The form's values as the configuration takes them. */
export function valuesOf(fields: readonly Field[], texts: Texts): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const { name: field, path, schema } of fields) {
    const text = texts[field] ?? ''
    if (text === '') continue
    const [name = '', inner] = path
    const value = typed(text, schema)
    const others = values[name]
    values[name] = inner === undefined ? value : { ...(isRecord(others) ? others : {}), [inner]: value }
  }
  return values
}

function typed(text: string, { type }: Schema): unknown {
  if (type === 'boolean') return text === 'true'
  return type === 'string' ? text : Number(text)
}

/** Turns a pointer `/delay/match/pos_id` into the field's name `match.pos_id`. */
export const fieldAt = (pointer: string): string => pointer.split('/').slice(2).join('.')
