import { describe, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { openDatabase } from '#sqlite'
import { temporaryFile } from '../testing/kit.ts'
import { PAGE_BYTES, StorageFailure } from './database.ts'
import { refuseUnfit } from './fitness.ts'
import { migrate, SchemaTooNew } from './migrate.ts'

const SCHEMA = ['CREATE TABLE notes (text TEXT)', 'CREATE TABLE others (text TEXT)']

/** A database that a crash has left, with what was written last in its WAL alone. */
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

/** The same, with garbage in a page further on. */
function damaged() {
  const { path, isAsItWas, bytes } = crashed()
  bytes?.fill(0xff, 15 * PAGE_BYTES, 16 * PAGE_BYTES)
  writeFileSync(path, bytes ?? '')
  return { path, isAsItWas }
}

test('a sound one passes, and nothing of it is changed', () => {
  const { path, isAsItWas } = crashed()
  refuseUnfit(path, SCHEMA.length)
  expect(isAsItWas()).toBe(true)
})

test('one with garbage in the middle is refused, and nothing of it is changed', () => {
  const { path, isAsItWas } = damaged()
  expect(() => refuseUnfit(path, SCHEMA.length)).toThrow(expect.objectContaining({ code: 'SQLITE_CORRUPT' }))
  expect(isAsItWas()).toBe(true)
})

test('a newer one is refused as such, though it looks damaged, and nothing of it is changed', () => {
  const { path, isAsItWas } = damaged()
  expect(() => refuseUnfit(path, SCHEMA.length - 1)).toThrow(new SchemaTooNew(2, 1))
  expect(isAsItWas()).toBe(true)
})

test('invariant 2: one whose index has lost a key is refused', () => {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  db.exec('CREATE TABLE notes (key TEXT UNIQUE); CREATE TABLE emptied (key TEXT UNIQUE)')
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
  expect(() => refuseUnfit(path, 1)).toThrow(StorageFailure)
})

describe('nothing is said against', () => {
  test('one that is missing or empty', () => {
    const path = temporaryFile('buffer.db')
    refuseUnfit(path, 1)
    writeFileSync(path, '')
    refuseUnfit(path, 1)
    expect(readFileSync(path)).toHaveLength(0)
  })

  test('one that is too large to be read whole, unless it is newer', () => {
    const { path } = damaged()
    refuseUnfit(path, SCHEMA.length, 100_000)
    expect(() => refuseUnfit(path, SCHEMA.length - 1, 100_000)).toThrow(SchemaTooNew)
  })

  test('one whose making a crash has cut short', () => {
    const path = temporaryFile('buffer.db')
    writeFileSync(path, 'begun')
    writeFileSync(`${path}-journal`, 'begun')
    refuseUnfit(path, 1)
  })
})
