import { describe, expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import type { Database } from '../sqlite/database.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { watchStorage } from '../sqlite/watched_storage.ts'
import { NOTHING_GATHERED } from '../testing/kit.ts'
import { createGroupCommit, type Gathering } from './group_commit.ts'

/** A table to write into, and a database that counts its commits and fails on demand. */
function setUp() {
  const db = openDatabase(':memory:')
  db.exec('CREATE TABLE notes (n INTEGER NOT NULL UNIQUE, text TEXT NOT NULL)')
  const insert = db.prepare('INSERT INTO notes (n, text) VALUES (?, ?)')
  const all = db.prepare<{ n: number }>('SELECT n FROM notes ORDER BY rowid')
  const told = { commits: 0, groups: [] as number[], failCommit: null as unknown }
  const watched: Database = {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec(sql) {
      if (sql === 'COMMIT') {
        told.commits += 1
        if (told.failCommit) throw told.failCommit
      }
      db.exec(sql)
    },
  }
  const flushes: (() => void)[] = []
  let left: number[] = []
  const gathered: Gathering = {
    forget() {
      left = []
    },
    writeOut() {
      for (const n of left) insert.run(n, 'written out')
      left = []
      return []
    },
  }
  const tx = { insert, leave: (n: number) => void left.push(n) }
  const commits = createGroupCommit(watchStorage(watched), tx, gathered, {
    schedule: (flush) => void flushes.push(flush),
  })
  return {
    db,
    told,
    commits,
    flushes,
    note: (n: number) => commits.write((tx) => tx.insert.run(n, '')),
    noted: () => all.all().map(({ n }) => n),
    turn: () => flushes.shift()?.(),
  }
}

const full = () => new StorageFailure('SQLITE_FULL', { cause: new Error('disk') })

test('the works of one turn share one commit, and each gets its own value', async () => {
  const { commits, note, noted, told, turn, flushes } = setUp()
  const values = [commits.write(() => 'first'), note(1), note(2), commits.write(() => ({ kind: 'last' }))]
  expect({ flushes: flushes.length, commits: told.commits, noted: noted() }).toEqual({
    flushes: 1,
    commits: 0,
    noted: [],
  })
  turn()
  expect(await Promise.all(values)).toEqual(['first', 1, 1, { kind: 'last' }])
  expect({ commits: told.commits, noted: noted() }).toEqual({ commits: 1, noted: [1, 2] })
})

test('what takes up sees what the others of its turn have written, and they may come after it', async () => {
  const { commits, note, noted, turn } = setUp()
  const seen = commits.takeUp(noted)
  const notes = [note(1), note(2)]
  turn()
  expect(await seen).toEqual([1, 2])
  await Promise.all(notes)
})

test('works of different turns have commits of their own', async () => {
  const { note, told, turn } = setUp()
  for (const n of [1, 2, 3]) {
    const written = note(n)
    turn()
    await written
  }
  expect(told.commits).toBe(3)
})

test('left to itself it writes in the next turn of the event loop', async () => {
  const db = openDatabase(':memory:')
  const commits = createGroupCommit(watchStorage(db), null, NOTHING_GATHERED)
  let isDone = false
  const written = commits.write(() => {
    isDone = true
  })
  await Promise.resolve()
  expect(isDone).toBe(false)
  await written
  expect(isDone).toBe(true)
})

test('invariant 1: a work is done only when its commit is: one that fails rejects all, and stores nothing', async () => {
  const { note, noted, told, turn } = setUp()
  told.failCommit = full()
  const written = Promise.allSettled([note(1), note(2)])
  turn()
  expect((await written).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(noted()).toEqual([])
})

test('a work that throws does its neighbours no harm, and nothing of it is stored', async () => {
  const { commits, note, noted, told, turn } = setUp()
  const mistake = new Error('a mistake')
  const thrower = commits.write((tx) => {
    tx.insert.run(99, '')
    throw mistake
  })
  const written = Promise.allSettled([note(2), thrower, note(1), note(3), note(3)])
  turn()
  const results = await written
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected'])
  expect(results[1]).toMatchObject({ reason: mistake })
  expect(noted()).toEqual([2, 1, 3])
  expect(told.commits).toBe(1)
})

describe('what works leave to be written', () => {
  test('is written once, at the end of their commit', async () => {
    const { commits, note, noted, told, turn } = setUp()
    const written = [commits.write((tx) => tx.leave(10)), note(1), commits.write((tx) => tx.leave(11))]
    turn()
    await Promise.all(written)
    expect({ noted: noted(), commits: told.commits }).toEqual({ noted: [1, 10, 11], commits: 1 })
  })

  test('goes with a work that is undone, before it is written or after, and what the others leave is written once', async () => {
    const { commits, note, noted, turn } = setUp()
    const undone = commits.write((tx) => {
      tx.leave(20)
      throw new Error('a mistake')
    })
    const written = Promise.allSettled([
      commits.write((tx) => tx.leave(10)),
      undone,
      commits.write((tx) => tx.leave(10)),
      commits.write((tx) => tx.leave(11)),
      note(1),
    ])
    turn()
    const results = await written
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled', 'fulfilled'])
    expect(noted()).toEqual([10, 11, 1])
  })

  test('goes with a commit that fails, and nothing of it comes into the next', async () => {
    const { commits, note, noted, told, turn } = setUp()
    told.failCommit = full()
    const failed = Promise.allSettled([commits.write((tx) => tx.leave(10))])
    turn()
    expect((await failed)[0]?.status).toBe('rejected')
    told.failCommit = null
    const mistaken = commits.write((tx) => {
      tx.leave(20)
      throw new Error('a mistake')
    })
    const rejected = Promise.allSettled([mistaken])
    turn()
    expect((await rejected)[0]?.status).toBe('rejected')
    const next = note(1)
    turn()
    await next
    expect(noted()).toEqual([1])
  })
})

test('what is written from within a work comes in a turn of its own', async () => {
  const { commits, note, noted, turn, flushes } = setUp()
  let inner: Promise<number> | undefined
  const outer = commits.write(() => {
    inner ??= note(1)
  })
  turn()
  await outer
  expect({ noted: noted(), flushes: flushes.length }).toEqual({ noted: [], flushes: 1 })
  turn()
  await inner
  expect(noted()).toEqual([1])
})

test('more than a group holds is written in several, in order, a turn of the event loop for each', async () => {
  const { note, noted, told, turn, flushes } = setUp()
  const numbers = Array.from({ length: 600 }, (_, n) => n)
  const written = numbers.map((n) => note(n))
  const sizes: number[] = []
  while (flushes.length > 0) {
    expect(flushes).toHaveLength(1)
    const before = noted().length
    turn()
    sizes.push(noted().length - before)
    if (sizes.length === 1) written.push(note(600))
  }
  await Promise.all(written)
  expect({ sizes, commits: told.commits }).toEqual({ sizes: [256, 256, 89], commits: 3 })
  expect(noted()).toEqual([...numbers, 600])
})
