import { afterEach, expect, test } from 'bun:test'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { createBench } from './bench.ts'
import { measure } from './measure.ts'
import { NotMeasured, type Row } from './row.ts'

const folder = newFolder('bench-test')
const bench = createBench({ root: folder, folder })
afterEach(bench.clear)
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const row = (how: Row['how'], more: Partial<Row> = {}): Row => ({
  name: 'a row',
  ceiling: 'a loop',
  unit: 'ms',
  target: { atMost: 1 },
  how,
  ...more,
})

async function measured(of: Row, rounds: number, stolen = (_all: number) => 0) {
  const told: string[] = []
  const times = [0, 100].map((all) => ({ all, stolen: stolen(all) }))
  const ticks = () => times.shift() ?? null
  const [result, ...besides] = await measure(of, bench, { rounds, tell: (text) => told.push(text), ticks })
  if (!result) throw new Error('A row has a line at least')
  return { result, besides, told: told.join('') }
}

test('each round is told as it ends, by the figure that is held to the target', async () => {
  const pairs = [1, 3, 6].map((measured) => ({ measured, ceiling: 2 }))
  const contest = { round: async (index: number) => pairs[index] ?? { measured: 0, ceiling: 1 }, notes: () => ['n'] }
  const { result, told } = await measured(
    row(async () => contest),
    3,
  )
  expect(result).toMatchObject({ name: 'a row', kind: 'measured', rounds: pairs, notes: ['n'] })
  expect(told).toMatch(/^a row … 0\.500 1\.50 3\.00 \(\d+ s\)\n$/)
  const alone = row(async () => contest, { judged: 'itself' })
  expect((await measured(alone, 1)).told).toMatch(/^a row … 1\.00 \(/)
})

const line = { name: 'besides', ceiling: 'none', unit: 'µs', target: { atMost: 5 }, horizon: 2 }

test('further lines are of the same rounds', async () => {
  const round = async (index: number) => ({ measured: 1, ceiling: 1, besides: [{ measured: index, ceiling: null }] })
  const { result, besides } = await measured(
    row(async () => ({ round, notes: () => ['n'] }), { besides: [line] }),
    2,
  )
  expect(result).not.toHaveProperty('besides')
  const rounds = [0, 1].map((index) => ({ measured: index, ceiling: null }))
  expect(besides).toEqual([{ ...line, kind: 'measured', rounds, seconds: null, notes: [] }])
})

test('a further line that the system does not tell of is not measured, and the row is', async () => {
  const { result, besides } = await measured(
    row(async () => ({ round: async () => ({ measured: 1, ceiling: 1, besides: [null] }) }), { besides: [line] }),
    2,
  )
  expect(result.kind).toBe('measured')
  expect(besides).toMatchObject([{ name: 'besides', kind: 'not_measured', isFailure: false }])
})

test('what fails fails in all its lines', async () => {
  const { result, besides } = await measured(
    row(() => Promise.reject(new Error('503')), { besides: [line] }),
    2,
  )
  expect([result, ...besides]).toMatchObject([
    { name: 'a row', kind: 'not_measured', why: '503', isFailure: true },
    { name: 'besides', kind: 'not_measured', why: '503', isFailure: true },
  ])
})

test('what the host took meanwhile is noted', async () => {
  const round = async () => ({ measured: 1, ceiling: 1 })
  const of = row(async () => ({ round, notes: () => ['n'] }))
  const { result } = await measured(of, 1, (all) => all / 4)
  expect(result.notes).toEqual(['n', 'the host took 25 % of the processors meanwhile'])
})

test('a row that takes long has its own number of rounds, where fewer are not asked for', async () => {
  const count = async (rounds: number) => {
    const round = async () => ({ measured: 1, ceiling: 1 })
    const { result } = await measured(
      row(async () => ({ round }), { mostRounds: 2 }),
      rounds,
    )
    return result.kind === 'measured' && result.rounds.length
  }
  expect([await count(1), await count(5)]).toEqual([1, 2])
})

test.each([
  ['what the machine lacks is no failure', new NotMeasured('no strace'), false],
  ['anything else is', new Error('503'), true],
])('%s, and ends no other row', async (_what, error, isFailure) => {
  const { result } = await measured(
    row(() => Promise.reject(error)),
    3,
  )
  expect(result).toMatchObject({ kind: 'not_measured', why: error.message, isFailure })
})

test('what a row leaves in its folders is gone after it', async () => {
  let path = ''
  await measured(
    row(async ({ newFolder }) => {
      path = join(newFolder(), 'file')
      writeFileSync(path, 'text')
      throw new NotMeasured('enough')
    }),
    1,
  )
  expect([path !== '', existsSync(path)]).toEqual([true, false])
})
