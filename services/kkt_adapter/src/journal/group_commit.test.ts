import { describe, expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import { temporaryFile } from '../testing/kit.ts'
import { type Database, StorageFailure } from './database.ts'
import { createGroupCommit } from './group_commit.ts'

/** A table to write into, and a database that counts its commits and fails when it is told to. */
function setUp(path = ':memory:') {
  const db = openDatabase(path)
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
  const commits = createGroupCommit(watched, (flush) => void flushes.push(flush))
  return {
    ...{ db, told, commits, flushes, insert },
    /** Notes a number. */
    note: (n: number, text = '') => commits.write(() => insert.run(n, text)),
    noted: () => all.all().map(({ n }) => n),
    /** Lets the next turn of the event loop come. */
    turn: () => flushes.shift()?.(),
  }
}

const full = () => new StorageFailure('SQLITE_FULL', { cause: new Error('disk') })

test('the works of one turn share one commit, and each gets its own value', async () => {
  const { commits, note, noted, told, turn, flushes } = setUp()
  const values = [commits.write(() => 'first'), note(1), note(2), commits.write(() => ({ kind: 'last' }))]
  expect({ flushes: flushes.length, commits: told.commits, noted: noted() }).toEqual({
    ...{ flushes: 1, commits: 0, noted: [] },
  })
  turn()
  expect(await Promise.all(values)).toEqual(['first', undefined, undefined, { kind: 'last' }])
  expect({ commits: told.commits, noted: noted() }).toEqual({ commits: 1, noted: [1, 2] })
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
  const commits = createGroupCommit(db)
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
  const { commits, insert, note, noted, told, turn } = setUp()
  const mistake = new Error('a mistake')
  const thrower = commits.write(() => {
    insert.run(99, '')
    throw mistake
  })
  const written = Promise.allSettled([note(2), thrower, note(1), note(3), note(3)])
  turn()
  const results = await written
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'rejected'])
  expect(results[1]).toMatchObject({ reason: mistake })
  expect(noted()).toEqual([2, 1, 3])
  expect(commits.lastFailure).toBeNull()
  expect(told.commits).toBe(1)
})

test('what is written from within a work comes in a turn of its own', async () => {
  const { commits, note, noted, turn, flushes } = setUp()
  let inner: Promise<void> | undefined
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

describe('a failing disk', () => {
  test('fails all alike, each tried once, and is remembered until a commit succeeds', async () => {
    const { commits, note, noted, told, turn } = setUp()
    let runs = 0
    const failure = full()
    const written = Promise.allSettled([
      note(1),
      commits.write(() => {
        runs += 1
        throw failure
      }),
      note(2),
    ])
    turn()
    for (const result of await written) expect(result).toEqual({ status: 'rejected', reason: failure })
    expect({ runs, noted: noted(), commits: told.commits }).toEqual({ runs: 1, noted: [], commits: 0 })
    expect(commits.lastFailure).toBe('SQLITE_FULL')

    const again = note(1)
    turn()
    await again
    expect(commits.lastFailure).toBeNull()
  })

  test('a mistake of one work is no failure of the disk', async () => {
    const { commits, turn } = setUp()
    const written = commits.write(() => {
      throw new Error('a mistake')
    })
    turn()
    await expect(written).rejects.toThrow('a mistake')
    expect(commits.lastFailure).toBeNull()
  })

  test('another process that holds the write lock too long fails the commit, not the one after', async () => {
    const path = temporaryFile('buffer.db')
    const { db, note, noted, commits, turn } = setUp(path)
    db.exec('PRAGMA busy_timeout = 0')
    const other = openDatabase(path)
    other.exec('BEGIN IMMEDIATE')
    const blocked = note(1)
    turn()
    await expect(blocked).rejects.toMatchObject({ name: 'StorageFailure', code: 'SQLITE_BUSY' })
    expect(commits.lastFailure).toBe('SQLITE_BUSY')
    other.exec('ROLLBACK')
    const free = note(2)
    turn()
    await free
    expect({ noted: noted(), failure: commits.lastFailure }).toEqual({ noted: [2], failure: null })
  })

  test('a full one is told as SQLITE_FULL, keeps what it had, and works again once there is room', async () => {
    const { db, note, noted, commits, turn } = setUp(temporaryFile('buffer.db'))
    const fits = note(1)
    turn()
    await fits
    const pages = db.prepare<{ page_count: number }>('PRAGMA page_count').get()?.page_count ?? 0
    db.exec(`PRAGMA max_page_count = ${pages}`)
    const large = 'x'.repeat(100_000)
    const written = Promise.allSettled([note(2), note(3, large)])
    turn()
    for (const result of await written) {
      expect(result).toMatchObject({ status: 'rejected', reason: { name: 'StorageFailure', code: 'SQLITE_FULL' } })
    }
    expect({ noted: noted(), failure: commits.lastFailure }).toEqual({ noted: [1], failure: 'SQLITE_FULL' })

    db.exec('PRAGMA max_page_count = 1000')
    const again = [note(2), note(3, large)]
    turn()
    await Promise.all(again)
    expect({ noted: noted(), failure: commits.lastFailure }).toEqual({ noted: [1, 2, 3], failure: null })
  })
})
