import { afterEach, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBench } from './bench.ts'
import { measure } from './measure.ts'
import { inTurns, NotMeasured, type Row } from './row.ts'

const folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
const bench = createBench(folder, folder)
afterEach(bench.clear)
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const row = (how: Row['how'], more: Partial<Row> = {}): Row => ({
  ...{ name: 'a row', ceiling: 'a loop', unit: 'ms', target: { atMost: 1 }, how },
  ...more,
})

async function measured(of: Row, rounds: number, stolen = (_all: number) => 0) {
  const told: string[] = []
  const times = [0, 100].map((all) => ({ all, stolen: stolen(all) }))
  const ticks = () => times.shift() ?? null
  const result = await measure(of, bench, { rounds, tell: (text) => told.push(text), ticks })
  return { result, told: told.join('') }
}

test('the two of a round follow each other, each time in the other order', async () => {
  const order: string[] = []
  const note = (who: string) => async () => order.push(who)
  const { result, told } = await measured(
    row(async () => ({ round: inTurns({ measured: note('measured'), ceiling: note('ceiling') }), notes: () => ['n'] })),
    3,
  )
  expect(order).toEqual(['ceiling', 'measured', 'measured', 'ceiling', 'ceiling', 'measured'])
  expect(result).toMatchObject({ name: 'a row', kind: 'measured', notes: ['n'] })
  expect(told).toMatch(/^a row … 2\.00 0\.750 1\.20 \(\d+ s\)\n$/)
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
