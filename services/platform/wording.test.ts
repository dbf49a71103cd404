import { expect, test } from 'bun:test'
import { z } from 'zod'
import { inWords } from './wording.ts'

const of = (schema: z.ZodType, input: unknown) =>
  schema.safeParse(input, { error: inWords }).error?.issues.map(({ message }) => message)

test.each<[string, z.ZodType, unknown]>([
  ['must be given', z.number(), undefined],
  ['must be given', z.enum(['sale', 'refund']), undefined],
  ['must be text', z.string(), 7],
  ['must be a number', z.number(), '7'],
  ['must be a number', z.coerce.number(), 'many'],
  ['must be a finite number', z.number(), JSON.parse('1e400')],
  ['must be a finite number', z.number(), JSON.parse('-1e400')],
  ['must be a whole number', z.int(), 0.5],
  ['must be true or false', z.boolean(), null],
  ['must be an object', z.strictObject({}), []],
  ['must be an object', z.record(z.string(), z.int()), []],
  ['must be a list', z.array(z.int()), {}],
  ['must be of the type date', z.date(), 'today'],
  ['must be one of sale, refund', z.enum(['sale', 'refund']), 'swap'],
  ['must be 1', z.literal(1), 2],
  ['must be of the form /^\\d+$/', z.string().regex(/^\d+$/), 'x'],
  ['must be a UUID', z.uuid(), 'x'],
  ['must be a UUID', z.guid(), 'x'],
  ['must be a date and time as 2026-01-31T12:00:00Z', z.iso.datetime(), 'today'],
  ['must be more than 0', z.number().positive(), 0],
  ['must be at least 1', z.number().min(1), 0],
  ['must be less than 0', z.number().negative(), 0],
  ['must be at most 1', z.number().max(1), 2],
  ['must be at least 1 character long', z.string().min(1), ''],
  ['must be at most 3 characters long', z.string().max(3), 'long'],
  ['must have at least 1 entry', z.array(z.int()).min(1), []],
  ['must have at most 2 entries', z.array(z.int()).max(2), [1, 2, 3]],
  ['takes what it takes', z.number('takes what it takes'), 'x'],
])('%s', (words, schema, input) => expect(of(schema, input)).toEqual([words]))
