import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { noOtherField, readInWords } from './wording.ts'

function of(schema: z.ZodType, input: unknown) {
  const result = readInWords(schema, input)
  return result.success ? [] : result.issues.map(({ message }) => message)
}

test.each<[string, z.ZodType, unknown]>([
  ['is missing', z.number(), undefined],
  ['is missing', z.enum(['sale', 'refund']), undefined],
  ['is missing', z.union([z.string(), z.number()]), undefined],
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

test('a field that is missing is told as missing, though its schema has words of its own', () => {
  const takes = 'takes what it takes'
  const fields = { a: z.number(takes), b: z.enum(['sale'], takes), c: z.int(takes).min(1, takes), d: z.string(takes) }
  expect(of(z.strictObject(fields), {})).toEqual(Array(4).fill('is missing'))
  expect(of(z.strictObject(fields), { a: '1', b: 'swap', c: 0, d: null })).toEqual(Array(4).fill(takes))
  expect(of(z.array(z.strictObject(fields).partial()), [{}])).toEqual([])
})

describe('a field that is not known', () => {
  const item = z.strictObject({ vat_rate: z.int().optional(), total: z.int().optional() })
  const unknown = 'that is not known here'

  test.each<[unknown, string]>([
    [{ vat_rat: 1 }, `has a field "vat_rat" ${unknown}: did you mean "vat_rate"?`],
    [{ discount: 1 }, `has a field "discount" ${unknown}`],
    [{ constructor: 1 }, `has a field "constructor" ${unknown}`],
    [{ 'Ivan Petrov': 1, Total: 1 }, `has a field "Total" ${unknown}: did you mean "total"?`],
  ])('%j is named', (input, words) => {
    expect(of(item, input)).toEqual([words])
    expect(of(z.strictObject({ items: z.array(item) }), { items: [input] })).toEqual([words])
    expect(
      of(
        item.refine(() => true),
        input,
      ),
    ).toEqual([words])
  })

  test.each(['Ivan Petrov', 'Иванова', '17', '4276-1234', 'a@b', '', 'x'.repeat(65)])(
    '%j may hold what a customer has said, and is not named',
    (name) => expect(of(item, { [name]: 1 })).toEqual([`has a field ${unknown}`]),
  )

  test('is told where it stands, with all that are known', () => {
    const fields = z
      .object({ hang: z.int(), delay: z.int() })
      .partial()
      .catchall(noOtherField(['hang', 'delay']))
    expect(of(fields, { hangs: 1 })).toEqual(['is not known here: did you mean "hang"? There are hang, delay'])
    expect(of(fields, { sleep: 1 })).toEqual(['is not known here: there are hang, delay'])
  })
})
