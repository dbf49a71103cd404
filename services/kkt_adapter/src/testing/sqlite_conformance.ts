/** The contract of every SQLite driver. Runs under `bun test` and `deno test`. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { newFolder } from '@kkt/platform/testing.ts'
import type { Database } from '../sqlite/database.ts'
import { LostDatabase } from '../sqlite/files.ts'
import { PAGE_BYTES } from '../sqlite/pragmas.ts'
import { failures, reading } from './sqlite_failures.ts'
import { files } from './sqlite_files.ts'
import { all, type Fixture, isNoStorageFailure, memory, one } from './sqlite_fixture.ts'

/** `PRAGMA synchronous` returns this for FULL, and `PRAGMA temp_store` for MEMORY. */
const FULL = 2
const MEMORY = 2

export function sqliteConformance(driver: Pick<Fixture, 'open' | 'openReadOnly'>): void {
  const checks = { ...durability, ...statements, ...transactions, ...files, ...failures, ...reading }
  for (const [name, check] of Object.entries(checks)) {
    test(name, () => {
      const folder = newFolder('sqlite')
      const opened: Database[] = []
      const tracked = (open: (path: string) => Database) => (path: string) => {
        const db = open(path)
        opened.push(db)
        return db
      }
      try {
        const { open, openReadOnly } = driver
        check({ path: join(folder, 'buffer.db'), open: tracked(open), openReadOnly: tracked(openReadOnly) })
      } finally {
        for (const db of opened) closeOnce(db)
        rmSync(folder, { recursive: true })
      }
    })
  }
}

/** A check may have closed it already. */
function closeOnce(db: Database): void {
  try {
    db.close()
  } catch {}
}

const durabilityOf = (db: Database) => ({ ...one(db, 'PRAGMA synchronous'), ...one(db, 'PRAGMA journal_mode') })

/** An empty database with one page of this size, made by hand: not every SQLite has VACUUM. */
function inOnePageOf(bytes: number, database: Buffer): Buffer {
  const page = Buffer.concat([database, Buffer.alloc(bytes - database.length)])
  page.writeUInt16BE(bytes, 16)
  // The start of the page's content: at its end, because the page is empty.
  page.writeUInt16BE(bytes, 105)
  return page
}

const durability: Record<string, (fixture: Fixture) => void> = {
  'invariant 1: a file is written with WAL and synchronous=FULL, also when it is opened again'({ path, open }) {
    for (const _time of ['first', 'second']) {
      const db = open(path)
      assert.deepEqual(durabilityOf(db), { synchronous: FULL, journal_mode: 'wal' })
      db.exec('CREATE TABLE IF NOT EXISTS notes (n INTEGER)')
      db.close()
    }
  },

  'invariant 1: a file that another program left without WAL gets it'({ path, open }) {
    const db = open(path)
    db.exec('PRAGMA journal_mode = DELETE')
    db.close()
    assert.deepEqual(durabilityOf(open(path)), { synchronous: FULL, journal_mode: 'wal' })
  },

  'a file of pages of another size is read and written, and keeps it'({ path, open }) {
    open(path).close()
    writeFileSync(path, inOnePageOf(4096, readFileSync(path)))
    const db = open(path)
    db.exec('CREATE TABLE notes (n INTEGER)')
    db.exec('INSERT INTO notes VALUES (7)')
    db.close()
    const again = open(path)
    assert.deepEqual(all(again, 'SELECT n FROM notes'), [{ n: 7 }])
    assert.deepEqual(one(again, 'PRAGMA page_size'), { page_size: 4096 })
    assert.deepEqual(durabilityOf(again), { synchronous: FULL, journal_mode: 'wal' })
  },

  'pages are small, foreign keys are looked at, a lock is waited for, the WAL is bounded, and undoing takes no file'(
    fixture,
  ) {
    const db = memory(fixture)
    assert.deepEqual(one(db, 'PRAGMA page_size'), { page_size: PAGE_BYTES })
    assert.deepEqual(one(db, 'PRAGMA wal_autocheckpoint'), { wal_autocheckpoint: 2048 })
    assert.deepEqual(one(db, 'PRAGMA foreign_keys'), { foreign_keys: 1 })
    assert.deepEqual(one(db, 'PRAGMA busy_timeout'), { timeout: 500 })
    assert.deepEqual(one(db, 'PRAGMA journal_size_limit'), { journal_size_limit: 16_777_216 })
    assert.deepEqual(one(db, 'PRAGMA temp_store'), { temp_store: MEMORY })
  },

  'what is committed is seen by another connection, and is in the file alone after closing'({ path, open }) {
    const db = open(path)
    db.exec('CREATE TABLE notes (n INTEGER); INSERT INTO notes VALUES (1)')
    assert.deepEqual(all(open(path), 'SELECT n FROM notes'), [{ n: 1 }])
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    assert.equal(readFileSync(`${path}-wal`).length, 0)
    db.close()
    assert.throws(() => db.exec('SELECT 1'), isNoStorageFailure)
  },

  'a database that was closed is closed, whatever was made of it: the last one takes the WAL away'({ path, open }) {
    const db = open(path)
    db.exec('CREATE TABLE notes (n INTEGER)')
    const statements = ['SELECT n FROM notes', 'INSERT INTO notes VALUES (1)'].map((sql) => db.prepare(sql))
    for (const statement of statements) statement.run()
    db.close()
    assert.ok(!existsSync(`${path}-wal`))
    for (const statement of statements) assert.throws(() => statement.run())
  },

  'a database without its file, or with an empty one, is not made again beside a WAL'({ path, open }) {
    open(path).exec('CREATE TABLE notes (n INTEGER)')
    const wal = readFileSync(`${path}-wal`)
    for (const lose of [() => writeFileSync(path, ''), () => rmSync(path)]) {
      lose()
      assert.throws(() => open(path), LostDatabase)
      assert.deepEqual(readFileSync(`${path}-wal`), wal)
    }
  },

  'the folder is made where it is missing'({ path, open }) {
    const deep = join(path, 'a/b/buffer.db')
    open(deep)
    assert.ok(existsSync(deep))
  },
}

const statements: Record<string, (fixture: Fixture) => void> = {
  'values come back as they went in, and no row is undefined'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (a, b, c, d)')
    const row = { a: 'Очки 👓', b: Number.MAX_SAFE_INTEGER, c: null, d: 0.1 }
    db.prepare('INSERT INTO notes VALUES (?, ?, ?, ?)').run(row.a, row.b, row.c, row.d)
    assert.deepEqual(one(db, 'SELECT * FROM notes WHERE b = ?', row.b), row)
    assert.deepEqual(all(db, 'SELECT * FROM notes'), [row])
    assert.equal(db.prepare('SELECT * FROM notes WHERE b = ?').get(1), undefined)
    assert.deepEqual(db.prepare('SELECT * FROM notes WHERE b = ?').all(1), [])
  },

  'what a statement has changed is told, without what its triggers have'(fixture) {
    const db = memory(
      fixture,
      `CREATE TABLE notes (n); INSERT INTO notes VALUES (1), (2), (3); CREATE TABLE log (n);
       CREATE TRIGGER noted AFTER UPDATE ON notes BEGIN INSERT INTO log VALUES (1), (2); END`,
    )
    const update = db.prepare('UPDATE notes SET n = n WHERE n < ?')
    assert.deepEqual([update.run(3), update.run(2), update.run(1)], [2, 1, 0])
    assert.equal(db.prepare('DELETE FROM notes').run(), 3)
  },

  'a whole number is an INTEGER to SQLite, another one a REAL, null is NULL'(fixture) {
    const sql = 'SELECT typeof(?) AS whole, typeof(?) AS fraction, typeof(?) AS none, typeof(?) AS text'
    const types = { whole: 'integer', fraction: 'real', none: 'null', text: 'text' }
    assert.deepEqual(one(memory(fixture), sql, -7, 0.5, null, '7'), types)
    assert.deepEqual(one(memory(fixture), "SELECT ? || '' AS text, ? / 2 AS half", 7, 7), { text: '7', half: 3 })
  },

  'integers are whole to the last that a number can hold'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n INTEGER) STRICT')
    const numbers = [Number.MIN_SAFE_INTEGER, -1, 0, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]
    for (const n of numbers) db.prepare('INSERT INTO notes VALUES (?)').run(n)
    assert.deepEqual(
      all<{ n: number }>(db, 'SELECT n FROM notes ORDER BY rowid').map(({ n }) => n),
      numbers,
    )
  },

  'an integer beyond that is read rounded, and no error'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n INTEGER) STRICT; INSERT INTO notes VALUES (9223372036854775807)')
    const row = { n: 2 ** 63, text: '9223372036854775807', none: null }
    assert.deepEqual(one(db, 'SELECT n, CAST(n AS TEXT) AS text, NULL AS none FROM notes'), row)
    assert.deepEqual(all(db, 'UPDATE notes SET n = n - 1 RETURNING n'), [{ n: 2 ** 63 }])
  },

  'a numbered parameter stands wherever its number does'(fixture) {
    const sql = 'SELECT ?2 AS second, ?1 AS first, ?2 AS again'
    assert.deepEqual(one(memory(fixture), sql, 'a', 'b'), { second: 'b', first: 'a', again: 'b' })
    assert.throws(() => one(memory(fixture), 'SELECT ?1', 'a', 'b'), isNoStorageFailure)
  },

  'RETURNING gives the rows that were written, and a statement can be used again'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n INTEGER PRIMARY KEY, text TEXT)')
    const insert = db.prepare<{ n: number }>('INSERT INTO notes (text) VALUES (?) RETURNING n')
    assert.deepEqual([insert.get('a')?.n, insert.get('b')?.n], [1, 2])
    const update = db.prepare<{ text: string }>("UPDATE notes SET text = text || '!' WHERE n >= ? RETURNING text")
    assert.deepEqual(
      update.all(1).map(({ text }) => text),
      ['a!', 'b!'],
    )
    assert.equal(update.get(9), undefined)
    db.exec('BEGIN')
    update.get(1)
    db.exec('COMMIT')
    assert.deepEqual(all(db, 'SELECT text FROM notes'), [{ text: 'a!!' }, { text: 'b!!' }])
  },

  'a text of several statements is run to its end, and ends at the first that fails'(fixture) {
    const db = memory(fixture, 'CREATE TABLE a (n); CREATE TABLE b (n); INSERT INTO b VALUES (1)')
    assert.deepEqual(all(db, 'SELECT n FROM b'), [{ n: 1 }])
    const text = 'INSERT INTO a VALUES (1); INSERT INTO nowhere VALUES (1); INSERT INTO a VALUES (2)'
    assert.throws(() => db.exec(text), /no such table: nowhere/)
    assert.deepEqual(all(db, 'SELECT n FROM a'), [{ n: 1 }])
  },

  'a faulty statement is no StorageFailure'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n UNIQUE); INSERT INTO notes VALUES (1)')
    for (const work of [
      () => db.exec('SELCT'),
      () => db.prepare('SELECT * FROM nowhere'),
      () => db.exec('INSERT INTO notes VALUES (1)'),
      () => db.prepare('INSERT INTO notes VALUES (?)').run(1),
    ]) {
      assert.throws(work, isNoStorageFailure)
    }
  },
}

const transactions: Record<string, (fixture: Fixture) => void> = {
  'it tells whether a transaction is open'(fixture) {
    const db = memory(fixture)
    const seen = [db.inTransaction]
    for (const sql of ['BEGIN', 'COMMIT', 'BEGIN IMMEDIATE', 'ROLLBACK']) {
      db.exec(sql)
      seen.push(db.inTransaction)
    }
    assert.deepEqual(seen, [false, true, false, true, false])
  },

  'a broken constraint leaves the transaction open, to be rolled back whole'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n UNIQUE)')
    const insert = db.prepare('INSERT INTO notes VALUES (?)')
    db.exec('BEGIN IMMEDIATE')
    insert.run(1)
    assert.throws(() => insert.run(1), /UNIQUE constraint failed: notes\.n/)
    assert.equal(db.inTransaction, true)
    db.exec('ROLLBACK')
    assert.deepEqual(all(db, 'SELECT n FROM notes'), [])
    insert.run(1)
    assert.deepEqual(all(db, 'SELECT n FROM notes'), [{ n: 1 }])
  },
}
