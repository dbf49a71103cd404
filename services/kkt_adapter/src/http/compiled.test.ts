/** Schemas that are read as one function have to say the same as when they are read part by part. */
import { expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import full from '../../../../tests/fixtures/full_receipt.json' with { type: 'json' }
import plain from '../../../../tests/fixtures/sample_receipt.json' with { type: 'json' }
import { printAnswer } from './receipt_answers.ts'
import { receiptBody, saleBody } from './receipt_schema.ts'

const RUNS = LONG ? 20_000 : 100

const [FIRST_SURROGATE, SURROGATES] = [0xd800, 0x800]

/** Any character. With `unit: 'binary'`, fast-check first lists all of Unicode, which took longer than the tests. */
const character = fc
  .integer({ min: 0, max: 0x10f7ff })
  .map((n) => String.fromCodePoint(n < FIRST_SURROGATE ? n : n + SURROGATES))

const wrong = fc.oneof(
  fc.constantFrom(null, true, '', 'x', 0, -1, 1.005, 1e20),
  fc.constant([]),
  fc.constant({}),
  fc.string({ maxLength: 3, unit: character }),
)

type Change = { path: string[]; value: unknown }

/** A place in a body, by the names that lead there; the last one may be new. */
const change: fc.Arbitrary<Change> = fc.record({
  path: fc.oneof(
    fc.tuple(fc.constantFrom(...Object.keys(full), 'corrects', 'other')),
    fc.tuple(
      fc.constant('items'),
      fc.constantFrom('0', '1'),
      fc.constantFrom(...Object.keys(full.items[0] ?? {}), 'fraction', 'vat', 'agent', 'other'),
    ),
    fc.tuple(fc.constant('payments'), fc.constant('0'), fc.constantFrom('type', 'amount', 'other')),
  ),
  value: fc.oneof(wrong, fc.constant(undefined)),
})

/** The body with one place changed; undefined takes it out. */
function changed(body: unknown, { path: [name = '', ...rest], value }: Change): unknown {
  if (typeof body !== 'object' || body === null) return body
  const copy: Record<string, unknown> | unknown[] = Array.isArray(body) ? [...body] : { ...body }
  const inner = rest.length > 0 ? changed(Reflect.get(copy, name), { path: rest, value }) : value
  if (inner === undefined) Reflect.deleteProperty(copy, name)
  else Reflect.set(copy, name, inner)
  return copy
}

const read = ({ success, data, error }: { success: boolean; data?: unknown; error?: { issues: unknown } }) =>
  success ? JSON.stringify(data) : JSON.stringify(error?.issues)

test(`a sale's body is read as a receipt's (SEED=${SEED})`, () => {
  let [taken, refused] = [0, 0]
  fc.assert(
    fc.property(fc.constantFrom(full, plain), fc.array(change, { maxLength: 2 }), (body, changes) => {
      // The rest was JSON, in which no property is undefined.
      const input: unknown = JSON.parse(JSON.stringify(changes.reduce<unknown>(changed, body)))
      const sale = saleBody.safeParse(input)
      const kept = sale.success ? { ...sale, data: sale.data.content } : sale
      expect(read(kept)).toBe(read(receiptBody.safeParse(input)))
      if (sale.success) taken += 1
      else refused += 1
    }),
    { seed: SEED, numRuns: RUNS },
  )
  expect(Math.min(taken, refused)).toBeGreaterThan(RUNS / 10)
})

const ANSWER = {
  status: 'buffered',
  receipt_id: '01890000-0000-7000-8000-000000000000',
  fiscal_doc: null,
  paper: 'none',
  message: 'It will be printed',
  warnings: [{ code: 'twin', message: 'Sold a moment ago' }],
}

test('an answer leaves out what its form does not name, and has all that it names', () => {
  const warnings = [{ ...ANSWER.warnings[0], secret: 1 }]
  expect(printAnswer.parse({ ...ANSWER, warnings, secret: 1 })).toEqual(printAnswer.parse(ANSWER))
  expect(JSON.stringify(printAnswer.parse(ANSWER))).toBe(JSON.stringify(ANSWER))
  for (const name of Object.keys(ANSWER)) {
    expect([name, printAnswer.safeParse({ ...ANSWER, [name]: undefined }).success]).toEqual([name, false])
  }
})
