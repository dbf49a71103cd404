/** Any task that JSON can say has an end, and money stays exact. */
import { expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { OPERATOR, POSITION, SALE, setUp } from './testing/tasks.ts'

const options = { seed: SEED, numRuns: LONG ? 20_000 : 100 }
/** Each of these makes three documents. */
const fewer = { seed: SEED, numRuns: LONG ? 3000 : 40 }
const LIMIT_MS = LONG ? 180_000 : 5000

const TYPES = [
  'sell',
  'buyReturn',
  'sellCorrection',
  'openShift',
  'closeShift',
  'cashIn',
  'cashOut',
  'getFnDocument',
  'printFnDocument',
  'setDateTime',
  'nonFiscal',
  'getShiftTotals',
  'continuePrint',
  'constructor',
]

/** A right task with one of its values, at any depth, replaced by any JSON. */
const RIGHT: object[] = [
  SALE,
  { ...SALE, type: 'sellCorrection', correctionType: 'self', correctionBaseDate: '2026.01.02' },
  { type: 'cashIn', cashSum: 10, operator: OPERATOR },
  { type: 'getFnDocument', fiscalDocumentNumber: 1 },
  { type: 'setDateTime', dateTime: '2026.11.22 16:43:06' },
  { ...SALE, items: [{ ...POSITION, agentInfo: { agents: ['another'] }, imcParams: { imc: 'QUJD' } }] },
]

const spoilt = fc
  .record({ task: fc.constantFrom(...RIGHT), at: fc.nat(60), value: fc.jsonValue({ maxDepth: 2 }) })
  .map(({ task, at, value }) => {
    let seen = 0
    return JSON.parse(JSON.stringify(task), (_, old: unknown) => (seen++ === at ? value : old)) as unknown
  })

const anyTask = fc.oneof(
  fc.jsonValue(),
  fc
    .record({ type: fc.constantFrom(...TYPES) })
    .chain((typed) => fc.jsonValue().map((more) => Object.assign({}, more, typed))),
  spoilt,
)

test(
  `any JSON ends as a task, and the check agrees with the run (SEED=${SEED})`,
  () => {
    const { executor, register, run } = setUp()
    const { fnNumber } = register.state()
    const error = { code: 2, description: '' }
    const blocked = { expectedFd: 1, fnNumber, reason: 'connectionError', error, ms: 0 } as const
    fc.assert(
      fc.property(anyTask, (task) => {
        const end = run(task)
        expect(['ready', 'error']).toContain(end.status)
        const refused = executor.check(task)
        if (refused !== null) expect(end).toEqual({ status: 'error', error: refused })
        executor.expects(task)
        expect(executor.takesMs(task, 0.5)).toBeGreaterThan(0)
        expect(executor.settle(task, blocked)).not.toHaveProperty('status', 'blocked')
      }),
      options,
    )
  },
  LIMIT_MS,
)

/** `12.3` of 1230, written and read as JSON has it. */
const roubles = (kopecks: number): number =>
  Number(`${Math.floor(kopecks / 100)}.${String(kopecks % 100).padStart(2, '0')}`)

const line = fc.record({ price: fc.nat(1_000_000), pieces: fc.integer({ min: 1, max: 999 }) })

test(
  `the total, the payments and the counters are exact to the kopeck (SEED=${SEED})`,
  () => {
    const { register, result, run } = setUp()
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.nat(5000),
        fc.boolean(),
        (lines, over, isSaid) => {
          // Each receipt is the first of its shift, so that the counters are its own.
          run({ type: 'closeShift', operator: OPERATOR })
          const before = register.state().drawerKopecks
          const sums = lines.map(({ price, pieces }) => price * pieces)
          const total = sums.reduce((sum, one) => sum + one, 0)
          const card = Math.floor(total / 3)
          const task = {
            ...SALE,
            items: lines.map(({ price, pieces }, i) => ({
              ...POSITION,
              price: roubles(price),
              quantity: pieces,
              amount: roubles(sums[i] ?? 0),
            })),
            payments: [
              { type: 'cash', sum: roubles(total - card + over) },
              { type: 'electronically', sum: roubles(card) },
            ],
            total: isSaid ? roubles(total) : undefined,
          }
          expect(result(task)).toMatchObject({ fiscalParams: { total: roubles(total) } })
          const { sumKopecks, payments } = register.shiftTotals().receipts.sale
          expect({ sumKopecks, payments }).toMatchObject({ sumKopecks: total, payments: { cash: total - card, card } })
          expect(result({ type: 'getShiftTotals' })).toMatchObject({
            shiftTotals: {
              receipts: { sell: { sum: roubles(total) } },
              cashDrawer: { sum: roubles(before + total - card) },
            },
          })
        },
      ),
      fewer,
    )
  },
  LIMIT_MS,
)
