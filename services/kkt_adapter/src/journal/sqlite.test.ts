import { expect, test } from 'bun:test'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openDatabase } from '#sqlite'
import { temporaryFile } from '../testing/kit.ts'
import { type Database, StorageFailure } from './database.ts'

const FULL = 2

function codeOf(work: () => unknown): string | null {
  try {
    work()
  } catch (error) {
    if (error instanceof StorageFailure) return error.code
    throw error
  }
  return null
}

function durability(db: Database) {
  return {
    ...db.prepare<{ synchronous: number }>('PRAGMA synchronous').get(),
    ...db.prepare<{ journal_mode: string }>('PRAGMA journal_mode').get(),
  }
}

test('invariant 1: a file is written with WAL and synchronous=FULL, also when it is opened again', () => {
  const path = temporaryFile('buffer.db')
  for (const _time of ['first', 'second']) {
    const db = openDatabase(path)
    expect(durability(db)).toEqual({ synchronous: FULL, journal_mode: 'wal' })
    db.exec('CREATE TABLE IF NOT EXISTS notes (n INTEGER)')
    db.close()
  }
})

test('invariant 1: a file that another program left without WAL gets it', () => {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  db.exec('PRAGMA journal_mode = DELETE')
  db.close()
  expect(durability(openDatabase(path))).toEqual({ synchronous: FULL, journal_mode: 'wal' })
})

test('foreign keys are looked at, and a lock is waited for', () => {
  const db = openDatabase(':memory:')
  expect(db.prepare<{ foreign_keys: number }>('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 })
  expect(db.prepare<{ timeout: number }>('PRAGMA busy_timeout').get()).toEqual({ timeout: 2000 })
})

test('values come back as they went in, and no row is undefined', () => {
  const db = openDatabase(':memory:')
  db.exec('CREATE TABLE notes (a, b, c)')
  const row = { a: 'Очки 👓', b: Number.MAX_SAFE_INTEGER, c: null }
  db.prepare('INSERT INTO notes VALUES (?, ?, ?)').run(row.a, row.b, row.c)
  const of = db.prepare<typeof row>('SELECT * FROM notes WHERE b = ?')
  expect(of.get(row.b)).toEqual(row)
  expect(of.all(row.b)).toEqual([row])
  expect(of.get(1)).toBeUndefined()
  expect(of.all(1)).toEqual([])
})

test('a text of several statements is run to its end, and ends at the first that fails', () => {
  const db = openDatabase(':memory:')
  db.exec('CREATE TABLE a (n); CREATE TABLE b (n); INSERT INTO b VALUES (1)')
  expect(db.prepare<{ n: number }>('SELECT n FROM b').get()).toEqual({ n: 1 })
  expect(() => db.exec('INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1); INSERT INTO a VALUES (2)')).toThrow(
    'no such table: nowhere',
  )
  expect(db.prepare<{ n: number }>('SELECT n FROM a').all()).toEqual([{ n: 1 }])
})

test('it tells whether a transaction is open', () => {
  const db = openDatabase(':memory:')
  const seen = [db.inTransaction]
  for (const sql of ['BEGIN', 'COMMIT', 'BEGIN', 'ROLLBACK']) {
    db.exec(sql)
    seen.push(db.inTransaction)
  }
  expect(seen).toEqual([false, true, false, true, false])
})

test('the folder is made where it is missing', () => {
  const path = join(dirname(temporaryFile('x')), 'a/b/buffer.db')
  openDatabase(path).close()
  expect(existsSync(path)).toBe(true)
})

test('what cannot be opened is a StorageFailure with its code', () => {
  const path = temporaryFile('buffer.db')
  mkdirSync(path)
  expect(codeOf(() => openDatabase(path))).toBe('SQLITE_CANTOPEN')
  const damaged = temporaryFile('buffer.db')
  writeFileSync(damaged, 'no database at all '.repeat(1000))
  expect(codeOf(() => openDatabase(damaged))).toBe('SQLITE_NOTADB')
})

test('a folder that cannot be made is a StorageFailure too', () => {
  const file = temporaryFile('file')
  writeFileSync(file, '')
  expect(codeOf(() => openDatabase(join(file, 'buffer.db')))).toBe('SQLITE_CANTOPEN')
  expect(codeOf(() => openDatabase(join(file, 'deeper/buffer.db')))).toBe('SQLITE_CANTOPEN')
})

test('a failing disk is a StorageFailure that keeps its cause; a faulty statement is not', () => {
  const db = openDatabase(':memory:')
  db.exec('CREATE TABLE notes (text UNIQUE)')
  db.exec('PRAGMA query_only = ON')
  const write = () => db.exec("INSERT INTO notes VALUES ('a')")
  expect(codeOf(write)).toBe('SQLITE_READONLY')
  expect(write).toThrow(expect.objectContaining({ cause: expect.objectContaining({ code: 'SQLITE_READONLY' }) }))
  db.exec('PRAGMA query_only = OFF')
  write()
  expect(write).toThrow(expect.objectContaining({ name: 'SQLiteError', code: 'SQLITE_CONSTRAINT_UNIQUE' }))
  expect(() => db.prepare('SELECT * FROM nowhere')).toThrow(expect.objectContaining({ name: 'SQLiteError' }))
})
