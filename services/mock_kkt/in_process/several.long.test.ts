/** Receipts that are handed over together. */
import { describe, expect, test } from 'bun:test'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import {
  DELAY,
  FIRST_FD,
  nextId,
  opening,
  sale,
  setUp,
  setUpInFile,
  TOKEN,
  token,
} from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { KktFaultsChange } from '../device/faults.ts'
import { openMockKkt } from './mock_kkt.ts'

const someIds = () => [nextId(), nextId(), nextId()]
const sales = (ids: ReturnType<typeof someIds>) => ids.map((id) => sale(id))
const UNKNOWN = { kind: 'unknown' as const, reason: 'the fiscal memory did not answer' }

/** A memory in which a test can strike each statement that has no result. */
function openStruck(strike: (sql: string, carryOut: () => void) => void) {
  const db = openDatabase(':memory:')
  const struck: Database = {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec: (sql) => strike(sql, () => db.exec(sql)),
  }
  const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0 }
  return openMockKkt(struck, options, { clock: new TestClock(), random: () => 0 })
}

test('are all made in order, by one transaction', async () => {
  let commits = 0
  const kkt = openStruck((sql, carryOut) => {
    if (sql === 'COMMIT') commits += 1
    carryOut()
  })
  const ids = someIds()
  commits = 0
  const outcomes = await kkt.fiscalize(sales(ids), TOKEN)
  expect(commits).toBe(1)
  const numbers = outcomes.map(
    (outcome) => outcome.kind === 'done' && [outcome.doc.fdNumber, outcome.doc.receiptNumber],
  )
  expect(numbers).toEqual([
    [3, 1],
    [4, 2],
    [5, 3],
  ])
  expect(kkt.documents(FIRST_FD - 1, 10).map(({ receiptId }) => receiptId)).toEqual(ids)
})

describe('those behind one are not taken', () => {
  test.each<[string, KktFaultsChange, string, number]>([
    ['whose reply gets lost', { reply_lost: 1 }, 'unknown', 1],
    ['whose connection breaks', { connection_lost: 1 }, 'unknown', 0],
    ['that meets a busy KKT', { busy: 1 }, 'refused', 0],
    ['that meets a full FN', { fn_full: true }, 'refused', 0],
    ['that meets an expired shift', { shift_expired: true }, 'refused', 0],
    ['that comes out without paper', { paper_out: true }, 'done', 1],
    ['that a KKT which is gone does not hear of', { gone: true }, 'unknown', 0],
  ])('%s', async (_what, faults, kind, made) => {
    const { kkt, fds, done } = setUp()
    await done(opening())
    kkt().faults.configure(faults)
    expect(await kkt().fiscalize(sales(someIds()), TOKEN)).toMatchObject([{ kind }])
    expect(fds()).toHaveLength(made)
  })

  test('whose printing takes time', async () => {
    const { kkt, fds, clock } = setUp({ delay: DELAY })
    const outcomes = kkt().fiscalize(sales(someIds()), TOKEN)
    await clock.advance(DELAY.printDelayMaxMs)
    expect(await outcomes).toMatchObject([{ kind: 'done', paper: 'printed' }])
    expect(fds()).toEqual([FIRST_FD])
  })

  test('that an older holder hands over', async () => {
    const { kkt, fds } = setUp()
    await kkt().lookup(nextId(), token(2))
    expect(await kkt().fiscalize(sales(someIds()), TOKEN)).toMatchObject([{ kind: 'outdated' }])
    expect(fds()).toEqual([])
  })
})

describe('invariant 3: when the memory fails, each is unknown', () => {
  test('and none is made where it fails before the end of the transaction', async () => {
    const { path, kkt, fds } = setUpInFile()
    const ids = someIds()
    const other = openDatabase(path)
    other.exec(
      `CREATE TRIGGER full BEFORE INSERT ON documents WHEN NEW.receipt_id = '${ids[1]}' BEGIN SELECT RAISE(ABORT, 'full'); END`,
    )
    expect(await kkt().fiscalize(sales(ids), TOKEN)).toEqual([UNKNOWN, UNKNOWN, UNKNOWN])
    expect(fds()).toEqual([])
    other.exec('DROP TRIGGER full')
    other.close()
    expect(await kkt().fiscalize(sales(ids), TOKEN)).toMatchObject([3, 4, 5].map((fdNumber) => ({ doc: { fdNumber } })))
  })

  test('and each is found where it fails behind its end', async () => {
    let isFailing = false
    const kkt = openStruck((sql, carryOut) => {
      carryOut()
      if (isFailing && sql === 'COMMIT') throw new Error('the disk failed behind it')
    })
    const ids = someIds()
    isFailing = true
    expect(await kkt.fiscalize(sales(ids), TOKEN)).toEqual([UNKNOWN, UNKNOWN, UNKNOWN])
    isFailing = false
    for (const id of ids) expect(await kkt.lookup(id, TOKEN)).toMatchObject({ kind: 'found' })
  })
})
