import { describe, expect, test } from 'bun:test'
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FISCAL_MEMORY, openFiscalMemory } from '@kkt/mock-kkt/device/fiscal_memory.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { createJournal, JOURNAL } from '../journal/journal.ts'
import { temporaryFile } from '../testing/kit.ts'
import type { Database } from './database.ts'
import { ForeignDatabase, type Kind, refuseUnfit } from './fitness.ts'
import { type KnownSchemas, migrate, SchemaTooNew, SchemaTooOld } from './migrate.ts'
import { PAGE_BYTES } from './pragmas.ts'
import { StorageFailure } from './storage_failure.ts'

const SCHEMA = ['CREATE TABLE notes (text TEXT)', 'CREATE TABLE others (text TEXT)']
const NOTES: Kind = { schemas: { oldest: 1, newest: 2 }, tables: ['notes'], ownersOf: () => [] }
const OLDER: Kind = { ...NOTES, schemas: { oldest: 1, newest: 1 } }
const LATER: Kind = { ...NOTES, schemas: { oldest: 3, newest: 3 } }

/** A database after a crash, with the last changes only in its WAL. */
function crashed() {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  migrate(db, SCHEMA)
  const insert = db.prepare('INSERT INTO notes VALUES (?)')
  for (let i = 0; i < 100; i++) insert.run('x'.repeat(1000))
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  insert.run('the last')
  const files = [path, `${path}-wal`].map((file) => ({ file, bytes: readFileSync(file) }))
  db.close()
  for (const { file, bytes } of files) writeFileSync(file, bytes)
  return {
    path,
    isAsItWas: () => files.every(({ file, bytes }) => readFileSync(file).equals(bytes)),
    bytes: files[0]?.bytes,
  }
}

/** The crashed database with garbage in a later page. */
function damaged() {
  const { path, isAsItWas, bytes } = crashed()
  bytes?.fill(0xff, 15 * PAGE_BYTES, 16 * PAGE_BYTES)
  writeFileSync(path, bytes ?? '')
  return { path, isAsItWas }
}

test('a sound one passes, and nothing of it is changed', () => {
  const { path, isAsItWas } = crashed()
  refuseUnfit(path, NOTES)
  expect(isAsItWas()).toBe(true)
})

test('one with garbage in the middle is refused, and nothing of it is changed', () => {
  const { path, isAsItWas } = damaged()
  expect(() => refuseUnfit(path, NOTES)).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }))
  expect(isAsItWas()).toBe(true)
})

test('one that ends within a page is refused, unless it has a WAL, which a power cut may leave so', () => {
  const { path } = crashed()
  appendFileSync(path, 'half a page')
  expect(() => refuseUnfit(path, NOTES)).not.toThrow()
  openDatabase(path).close()
  appendFileSync(path, 'half a page')
  expect(() => refuseUnfit(path, NOTES)).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }))
})

test('a newer one is refused as such, though it looks damaged, and nothing of it is changed', () => {
  const { path, isAsItWas } = damaged()
  expect(() => refuseUnfit(path, OLDER)).toThrow(new SchemaTooNew(2, 1))
  expect(isAsItWas()).toBe(true)
})

test('an older one is refused as such, though it looks damaged, and nothing of it is changed', () => {
  const { path, isAsItWas } = damaged()
  expect(() => refuseUnfit(path, LATER)).toThrow(new SchemaTooOld(2, 3))
  expect(isAsItWas()).toBe(true)
})

test('invariant 2: one whose index has lost a key is refused', () => {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  migrate(db, ['CREATE TABLE notes (key TEXT UNIQUE); CREATE TABLE emptied (key TEXT UNIQUE)'])
  db.exec("INSERT INTO notes VALUES ('a'), ('b')")
  const rootOf = (table: string) =>
    db
      .prepare<{ rootpage: number }>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
      .get(`sqlite_autoindex_${table}_1`)?.rootpage ?? 0
  const [lost, empty] = [rootOf('notes'), rootOf('emptied')]
  db.close()
  const bytes = readFileSync(path)
  bytes.copy(bytes, (lost - 1) * PAGE_BYTES, (empty - 1) * PAGE_BYTES, empty * PAGE_BYTES)
  writeFileSync(path, bytes)
  expect(() => refuseUnfit(path, NOTES)).toThrow(StorageFailure)
})

/** A database that another program has made with this SQL and closed, and all files beside it. */
function made(sql: string) {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  db.exec('PRAGMA journal_mode = DELETE')
  db.exec(sql)
  db.close()
  const folder = dirname(path)
  const files = () =>
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), 'hex')])
  return { path, files }
}

describe('the database of another program is refused, and nothing of it is changed nor left beside it', () => {
  const OURS = 'CREATE TABLE notes (text); CREATE TABLE others (text)'
  test.each([
    ['with a table', 'CREATE TABLE x (a)'],
    ['with nothing but a view', 'CREATE VIEW x AS SELECT 1'],
    ['with tables that are called as ours', OURS],
    ['with a schema of its own', 'CREATE TABLE x (a); PRAGMA user_version = 1'],
    ['with a schema of its own, and no table by now', 'PRAGMA user_version = 1'],
    ['with a schema that is newer than ours', 'CREATE TABLE x (a); PRAGMA user_version = 99'],
    ['with a table that is called as one of ours', 'CREATE TABLE others (a); PRAGMA user_version = 1'],
    ['with a WAL of its own', 'PRAGMA journal_mode = WAL; CREATE TABLE x (a)'],
    ['with a rollback journal that it keeps', 'PRAGMA journal_mode = PERSIST; CREATE TABLE x (a)'],
  ])('%s', (_what, sql) => {
    const { path, files } = made(sql)
    const before = files()
    expect(() => refuseUnfit(path, NOTES)).toThrow(new ForeignDatabase(path))
    expect(files()).toEqual(before)
  })

  test('at work on it, in the middle of a change', () => {
    const { path, files } = made('CREATE TABLE x (a)')
    const db = openDatabase(path)
    db.exec('PRAGMA journal_mode = DELETE; BEGIN IMMEDIATE; CREATE TABLE y (a)')
    const before = files()
    expect(before.map(([name]) => name)).toEqual(['buffer.db', 'buffer.db-journal'])
    expect(() => refuseUnfit(path, NOTES)).toThrow(ForeignDatabase)
    expect(files()).toEqual(before)
    db.close()
  })
})

test.each<[string, Kind, (db: Database) => unknown]>([
  ['the journal', JOURNAL, (db) => createJournal(db, { clock: new TestClock(), maxUndelivered: 1 })],
  ["the mock KKT's memory", FISCAL_MEMORY, (db) => openFiscalMemory(db, 'KKT-001')],
])('%s is known as ours, in the newest schema', (_what, kind, make) => {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  make(db)
  db.close()
  refuseUnfit(path, kind)
  const { oldest, newest } = kind.schemas
  const refused = (schemas: KnownSchemas) => () => refuseUnfit(path, { ...kind, schemas })
  expect(refused({ oldest: oldest - 1, newest: newest - 1 })).toThrow(SchemaTooNew)
  expect(refused({ oldest: newest + 1, newest: newest + 1 })).toThrow(SchemaTooOld)
})

describe('nothing is said against', () => {
  test('one that is missing or empty', () => {
    const path = temporaryFile('buffer.db')
    refuseUnfit(path, NOTES)
    writeFileSync(path, '')
    refuseUnfit(path, NOTES)
    expect(readFileSync(path)).toHaveLength(0)
  })

  test('one that is too large to be read whole, unless it is newer', () => {
    const { path } = damaged()
    refuseUnfit(path, NOTES, { maxReadBytes: 100_000 })
    expect(() => refuseUnfit(path, OLDER, { maxReadBytes: 100_000 })).toThrow(SchemaTooNew)
  })

  test('one whose making a crash has cut short', () => {
    const path = temporaryFile('buffer.db')
    writeFileSync(path, 'begun')
    // A rollback journal for a file that had no page: https://sqlite.org/fileformat2.html#the_rollback_journal
    const header = [0xd9d505f9, 0x20a163d7, 0, 0, 0, 512, PAGE_BYTES]
    const journal = Buffer.alloc(512)
    for (const [i, value] of header.entries()) journal.writeUInt32BE(value, 4 * i)
    writeFileSync(`${path}-journal`, journal)
    refuseUnfit(path, NOTES)
    const db = openDatabase(path)
    expect(migrate(db, SCHEMA)).toBe(0)
    db.close()
  })

  test('one that another process is making now', () => {
    const path = temporaryFile('buffer.db')
    const other = openDatabase(path)
    refuseUnfit(path, {
      ...NOTES,
      // Read between the schema and the tables.
      get tables() {
        migrate(other, SCHEMA)
        return NOTES.tables
      },
    })
    expect(migrate(other, SCHEMA)).toBe(SCHEMA.length)
    other.close()
  })

  test('one with a table of a tool that looks after it', () => {
    const { path } = crashed()
    const db = openDatabase(path)
    db.exec('CREATE TABLE lost_and_found (text)')
    db.close()
    refuseUnfit(path, NOTES)
  })
})
