import { describe, expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import { temporaryFile } from '../testing/kit.ts'
import type { Database } from './database.ts'
import { migrate, SchemaTooNew, SchemaTooOld } from './migrate.ts'

const FIRST = 'CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1);'
const SECOND = 'CREATE TABLE b (n INTEGER); UPDATE a SET n = n + 1;'

const version = (db: Database) => db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version
const n = (db: Database) => db.prepare<{ n: number }>('SELECT n FROM a').get()?.n
const tables = (db: Database) =>
  db
    .prepare<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name)

test('a new database gets every step, in order', () => {
  const db = openDatabase(':memory:')
  migrate(db, [FIRST, SECOND])
  expect({ version: version(db), tables: tables(db), n: n(db) }).toEqual({ version: 2, tables: ['a', 'b'], n: 2 })
})

test('an older one gets what it lacks, once', () => {
  const db = openDatabase(':memory:')
  migrate(db, [FIRST])
  expect({ version: version(db), n: n(db) }).toEqual({ version: 1, n: 1 })
  for (let i = 0; i < 3; i++) migrate(db, [FIRST, SECOND])
  expect({ version: version(db), n: n(db) }).toEqual({ version: 2, n: 2 })
})

test('one that fails changes nothing at all', () => {
  const db = openDatabase(':memory:')
  migrate(db, [FIRST])
  expect(() => migrate(db, [FIRST, SECOND, 'CREATE TABLE c (n); CREATE TABLE a (n);'])).toThrow('already exists')
  expect({ version: version(db), tables: tables(db), n: n(db) }).toEqual({ version: 1, tables: ['a'], n: 1 })
  expect(db.inTransaction).toBe(false)
})

test('one that has them all is opened though another process holds the write lock', () => {
  const path = temporaryFile('buffer.db')
  const [one, other] = [openDatabase(path), openDatabase(path)]
  other.exec('PRAGMA busy_timeout = 0')
  migrate(one, [FIRST])
  one.exec('BEGIN IMMEDIATE')
  expect(migrate(other, [FIRST])).toBe(1)
  expect(() => migrate(other, [FIRST, SECOND])).toThrow(expect.objectContaining({ code: 'SQLITE_BUSY' }))
})

test('a newer one is refused and left as it is', () => {
  const db = openDatabase(':memory:')
  migrate(db, [FIRST, SECOND])
  expect(() => migrate(db, [FIRST])).toThrow(SchemaTooNew)
  expect(() => migrate(db, [FIRST])).toThrow('The schema is 2, and 1 is the newest known')
  expect({ version: version(db), n: n(db) }).toEqual({ version: 2, n: 2 })
  expect(db.inTransaction).toBe(false)
})

test('it says which version there was', () => {
  const db = openDatabase(':memory:')
  expect([migrate(db, [FIRST]), migrate(db, [FIRST]), migrate(db, [FIRST, SECOND])]).toEqual([0, 1, 1])
})

describe('steps that are numbered from 100 on', () => {
  test('are all done to a new database, and what it lacks to one of theirs', () => {
    const db = openDatabase(':memory:')
    expect(migrate(db, [FIRST], 100)).toBe(0)
    expect({ version: version(db), n: n(db) }).toEqual({ version: 100, n: 1 })
    expect(migrate(db, [FIRST, SECOND], 100)).toBe(100)
    expect({ version: version(db), n: n(db) }).toEqual({ version: 101, n: 2 })
    expect(migrate(db, [FIRST, SECOND], 100)).toBe(101)
    expect(() => migrate(db, [FIRST], 100)).toThrow(new SchemaTooNew(101, 100))
  })

  test.each([1, 2, 99])('refuse a database of version %p, and leave it as it is', (older) => {
    const db = openDatabase(':memory:')
    migrate(db, [FIRST], older)
    expect(() => migrate(db, [SECOND], 100)).toThrow(SchemaTooOld)
    expect(() => migrate(db, [SECOND], 100)).toThrow(`The schema is ${older}, and 100 is the oldest known`)
    expect({ version: version(db), tables: tables(db), n: n(db) }).toEqual({ version: older, tables: ['a'], n: 1 })
    expect(db.inTransaction).toBe(false)
  })
})

describe('a second process that starts meanwhile', () => {
  /** The first process's database; `before` runs before each use of it. */
  function meddled(db: Database, before: (sql: string) => void): Database {
    return {
      ...db,
      get inTransaction() {
        return db.inTransaction
      },
      exec(sql) {
        before(sql)
        db.exec(sql)
      },
      prepare<Row>(sql: string) {
        const statement = db.prepare<Row>(sql)
        const get: typeof statement.get = (...values) => {
          before(sql)
          return statement.get(...values)
        }
        return { ...statement, get }
      },
    }
  }

  test('waits, and finds the work done', () => {
    const path = temporaryFile('buffer.db')
    const [one, other] = [openDatabase(path), openDatabase(path)]
    other.exec('PRAGMA busy_timeout = 0')
    const refusals: unknown[] = []
    const first = meddled(one, (sql) => {
      if (!one.inTransaction || sql !== 'PRAGMA user_version') return
      try {
        migrate(other, [FIRST])
      } catch (error) {
        refusals.push(error)
      }
    })
    migrate(first, [FIRST])
    expect(refusals).toMatchObject([{ code: 'SQLITE_BUSY' }])
    migrate(other, [FIRST])
    expect({ version: version(other), n: n(other) }).toEqual({ version: 1, n: 1 })
  })

  test.each([
    ['does the work first', [FIRST], 10, null, { version: 10, n: 1 }],
    ['is of a newer version', [FIRST, SECOND], 10, SchemaTooNew, { version: 11, n: 2 }],
    ['is of an older version', [FIRST], 9, SchemaTooOld, { version: 9, n: 1 }],
  ])('and %s', (_what, steps, oldest, refusal, expected) => {
    const path = temporaryFile('buffer.db')
    const [one, other] = [openDatabase(path), openDatabase(path)]
    const first = meddled(one, (sql) => {
      if (sql === 'BEGIN IMMEDIATE') migrate(other, steps, oldest)
    })
    const start = () => migrate(first, [FIRST], 10)
    if (refusal) expect(start).toThrow(refusal)
    else start()
    expect({ version: version(one), n: n(one) }).toEqual(expected)
  })
})
