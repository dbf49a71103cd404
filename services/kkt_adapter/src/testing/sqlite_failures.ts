/** The drivers' errors about a failing disk or file, and proof that reading changes nothing. */
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { all, type Fixture, failsWith, isNoStorageFailure, memory, one } from './sqlite_fixture.ts'

export const reading: Record<string, (fixture: Fixture) => void> = {
  'opened to be read, a database is changed by nothing, its WAL included'({ path, open, openReadOnly }) {
    const writer = open(path)
    writer.exec('CREATE TABLE notes (n INTEGER); INSERT INTO notes VALUES (1)')
    const copy = `${path}.copy`
    const ends = ['', '-wal']
    const isLeftAsItIs = () => {
      for (const end of ends) copyFileSync(path + end, copy + end)
      const db = openReadOnly(copy)
      assert.deepEqual(all(db, 'SELECT n FROM notes'), [{ n: 1 }])
      failsWith('SQLITE_READONLY', () => db.exec('INSERT INTO notes VALUES (2)'))
      db.close()
      for (const end of ends) assert.deepEqual(readFileSync(copy + end), readFileSync(path + end))
    }
    isLeftAsItIs()
    // The WAL file then exists, but is empty.
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    isLeftAsItIs()
  },

  'opened to be read and closed, a database has nothing beside it that it had not before'({
    path,
    open,
    openReadOnly,
  }) {
    const db = open(path)
    db.exec('CREATE TABLE notes (n INTEGER)')
    db.close()
    const bytes = readFileSync(path)
    const reader = openReadOnly(path)
    assert.deepEqual(all(reader, 'SELECT n FROM notes'), [])
    failsWith('SQLITE_READONLY', () => reader.exec('INSERT INTO notes VALUES (2)'))
    reader.close()
    assert.deepEqual(readdirSync(dirname(path)), [basename(path)])
    assert.deepEqual(readFileSync(path), bytes)
  },

  'one that is not there is not made'({ path, openReadOnly }) {
    failsWith('SQLITE_CANTOPEN', () => openReadOnly(path))
    assert.ok(!existsSync(path))
  },

  'a lock is waited for'({ path, open, openReadOnly }) {
    open(path)
    assert.deepEqual(one(openReadOnly(path), 'PRAGMA busy_timeout'), { timeout: 500 })
  },
}

export const failures: Record<string, (fixture: Fixture) => void> = {
  'a full disk is SQLITE_FULL, whatever met it, and what was there stays'({ path, open }) {
    const db = open(path)
    db.exec('CREATE TABLE notes (text); INSERT INTO notes VALUES (1); PRAGMA max_page_count = 3')
    const big = 'x'.repeat(100_000)
    const insert = db.prepare('INSERT INTO notes VALUES (?)')
    const returning = db.prepare('INSERT INTO notes VALUES (?) RETURNING text')
    failsWith('SQLITE_FULL', () => insert.run(big))
    failsWith('SQLITE_FULL', () => returning.get(big))
    failsWith('SQLITE_FULL', () => returning.all(big))
    failsWith('SQLITE_FULL', () => db.exec(`INSERT INTO notes VALUES ('${big}')`))
    assert.equal(db.inTransaction, false)
    assert.deepEqual(all(db, 'SELECT text FROM notes'), [{ text: 1 }])
    db.exec('PRAGMA max_page_count = 1000')
    insert.run(big)
  },

  'a database that may not be written is SQLITE_READONLY'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n); PRAGMA query_only = ON')
    failsWith('SQLITE_READONLY', () => db.exec('INSERT INTO notes VALUES (1)'))
    failsWith('SQLITE_READONLY', () => db.prepare('INSERT INTO notes VALUES (?)').run(1))
  },

  'a more exact code is told as the one it is a kind of'({ path, open }) {
    const db = open(path)
    db.exec('PRAGMA journal_mode = DELETE; CREATE TABLE notes (n)')
    renameSync(path, `${path}.moved`)
    // SQLITE_READONLY_DBMOVED
    failsWith('SQLITE_READONLY', () => db.prepare('INSERT INTO notes VALUES (1)').run())
  },

  'an error that is only worded like a failing disk is none'(fixture) {
    const db = memory(fixture, 'CREATE TABLE notes (n)')
    db.exec("CREATE TRIGGER no BEFORE INSERT ON notes BEGIN SELECT RAISE(ABORT, 'database is locked'); END")
    assert.throws(() => db.prepare('INSERT INTO notes VALUES (1)').run(), isNoStorageFailure)
  },

  'a lock that somebody else holds for too long is SQLITE_BUSY'({ path, open }) {
    const holder = open(path)
    const other = open(path)
    holder.exec('CREATE TABLE notes (n)')
    other.exec('PRAGMA busy_timeout = 0')
    holder.exec('BEGIN IMMEDIATE')
    failsWith('SQLITE_BUSY', () => other.exec('BEGIN IMMEDIATE'))
    failsWith('SQLITE_BUSY', () => other.prepare('INSERT INTO notes VALUES (?)').run(1))
    assert.equal(other.inTransaction, false)
    holder.exec('COMMIT')
    other.exec('BEGIN IMMEDIATE')
  },

  'a file that is no database is SQLITE_NOTADB'({ path, open }) {
    writeFileSync(path, 'no database at all '.repeat(1000))
    failsWith('SQLITE_NOTADB', () => open(path))
  },

  'a damaged file is SQLITE_CORRUPT'({ path, open }) {
    const db = open(path)
    db.exec("CREATE TABLE notes (text); INSERT INTO notes VALUES ('a'); PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    const bytes = readFileSync(path)
    const { page_size = 0 } = one<{ page_size: number }>(open(':memory:'), 'PRAGMA page_size')
    writeFileSync(path, bytes.fill(0xff, page_size))
    const damaged = open(path)
    failsWith('SQLITE_CORRUPT', () => damaged.prepare('SELECT * FROM notes').all())
    failsWith('SQLITE_CORRUPT', () => damaged.exec('SELECT * FROM notes'))
  },

  'a folder in the place of the file is SQLITE_CANTOPEN'({ path, open }) {
    mkdirSync(path)
    failsWith('SQLITE_CANTOPEN', () => open(path))
  },

  'a folder that cannot be made is SQLITE_CANTOPEN'({ path, open }) {
    writeFileSync(path, '')
    failsWith('SQLITE_CANTOPEN', () => open(join(path, 'buffer.db')))
    failsWith('SQLITE_CANTOPEN', () => open(join(path, 'deeper/buffer.db')))
  },
}
