import { expect, test } from 'bun:test'
import { openDatabase } from '#sqlite'
import { temporaryFile } from '../testing/kit.ts'
import type { Database } from './database.ts'
import { migrate, SchemaTooNew } from './migrate.ts'

const FIRST = 'CREATE TABLE a (n INTEGER); INSERT INTO a VALUES (1);'
const SECOND = 'CREATE TABLE b (n INTEGER); UPDATE a SET n = n + 1;'

const version = (db: Database) => db.prepare<{ user_version: number }>('PRAGMA user_version').get()?.user_version
const n = (db: Database) => db.prepare<{ n: number }>('SELECT n FROM a').get()?.n
const tables = (db: Database) =>
  db
    .prepare<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => name)

test('a new database gets every migration, in order', () => {
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

test('a newer one is refused and left as it is', () => {
  const db = openDatabase(':memory:')
  migrate(db, [FIRST, SECOND])
  expect(() => migrate(db, [FIRST])).toThrow(SchemaTooNew)
  expect(() => migrate(db, [FIRST])).toThrow('The buffer has schema 2, and this version knows 1 at most')
  expect({ version: version(db), n: n(db) }).toEqual({ version: 2, n: 2 })
  expect(db.inTransaction).toBe(false)
})

test('a second process that starts meanwhile waits, and finds the work done', () => {
  const path = temporaryFile('buffer.db')
  const [one, other] = [openDatabase(path), openDatabase(path)]
  other.exec('PRAGMA busy_timeout = 0')
  const refusals: unknown[] = []
  const meddled: Database = {
    ...one,
    get inTransaction() {
      return one.inTransaction
    },
    // It comes when the first has begun, and is about to look which version there is.
    prepare(sql) {
      try {
        migrate(other, [FIRST])
      } catch (error) {
        refusals.push(error)
      }
      return one.prepare(sql)
    },
  }
  migrate(meddled, [FIRST])
  expect(refusals).toMatchObject([{ code: 'SQLITE_BUSY' }])
  migrate(other, [FIRST])
  expect({ version: version(other), n: n(other) }).toEqual({ version: 1, n: 1 })
})
