import { Problem } from '@kkt/platform/problem.ts'
import { readInWords } from '@kkt/platform/wording.ts'
import { z } from 'zod'
import { badRequest, ServiceError } from './errors.ts'

/** A request holds a few tasks of at most 100 positions each. */
export const MAX_REQUEST_BYTES = 1024 * 1024
/** Settings and devices have a few fields. */
export const MAX_FORM_BYTES = 64 * 1024

/**
 * Reads a body as this service answers for it.
 * @throws ServiceError 400 and 413 for a body that cannot be read
 */
export async function bodyBy<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (problem) {
    // A fault that struck is a Problem, too, with an answer of its own.
    const isUnreadable = problem instanceof Problem && UNREADABLE.includes(problem.code)
    if (!isUnreadable) throw problem
    const { detail } = problem.toDocument('ru')
    throw new ServiceError(problem.status, { code: badRequest('').error.code, description: detail })
  }
}

const UNREADABLE = ['malformed_json', 'malformed_body', 'not_utf8', 'body_too_large']

/** @throws ServiceError 400 that names the field */
export function formed<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const read = readInWords(schema, value, undefined, 'ru')
  if (read.success) return read.data
  const [issue] = read.issues
  const path = issue?.path.map(String).join('.') ?? ''
  throw badRequest(`Неверный формат: ${path === '' ? 'тело' : path} ${issue?.message ?? ''}`)
}

/** Reads a change, whose other fields stay as they are. @throws ServiceError 400 that names the field */
export const formedChange = <T extends z.ZodType>(schema: T, before: object, value: unknown): z.output<T> =>
  formed(schema, { ...before, ...formed(anObject, value) })

const anObject = z.looseObject({})
