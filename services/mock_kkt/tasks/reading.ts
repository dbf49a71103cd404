/** A task as the driver's check reads it: unknown fields are ignored, and a wrong one is named by its path. */
import { z } from 'zod'
import { DriverError } from './errors.ts'
import type { Words } from './names.ts'

/** A field that may be missing, or be null. */
export const maybe = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined)

/** One of the driver's words. */
export const oneOf = <Name>(words: Words<Name>) =>
  z.string().transform((word, context) => {
    const name = words.get(word)
    if (name !== undefined) return name
    context.addIssue({ code: 'custom', message: 'недопустимое значение' })
    return z.NEVER
  })

const YEAR_FIRST = /^(\d{4})\.(\d{2})\.(\d{2})$/

const isDay = (day: string): boolean => {
  const ms = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day)
}

/** `2026.01.02` of the wire, as `2026-01-02`. */
export const day = z.string().transform((text, context) => {
  const said = text.replace(YEAR_FIRST, '$1-$2-$3')
  if (said !== text && isDay(said)) return said
  context.addIssue({ code: 'custom', message: 'ожидается дата вида ГГГГ.ММ.ДД' })
  return z.NEVER
})

/** The path as people write it: `items[0].tax.type`. */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('')

/** @throws DriverError 501, with the path of the first field that is wrong */
export function read<Schema extends z.ZodType>(schema: Schema, task: unknown): z.output<Schema> {
  const parsed = schema.safeParse(task)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = pathOf(issue?.path ?? [])
  const place = path === '' ? 'задача' : `поле "${path}"`
  throw new DriverError(501, `${place}: ${issue === undefined ? 'неверное значение' : complaint(issue)}`)
}

function complaint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message
    case 'invalid_type':
      return `отсутствует или имеет неверный тип, ожидается ${TYPES.get(issue.expected) ?? issue.expected}`
    case 'too_small':
      return 'слишком мало элементов'
    default:
      return 'недопустимое значение'
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['string', 'строка'],
  ['number', 'число'],
  ['int', 'целое число'],
  ['boolean', 'true или false'],
  ['array', 'массив'],
  ['object', 'объект'],
])
