import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { createJournal } from '../journal/journal.ts'
import type { Database } from '../sqlite/database.ts'
import { journalDatabase } from './memory_database.ts'

function made(): Database {
  const db = openDatabase(':memory:')
  createJournal(db, { clock: new TestClock(), maxUndelivered: 1 })
  return db
}

const SETTINGS = ['user_version', 'foreign_keys', 'page_size', 'journal_mode', 'busy_timeout', 'temp_store']
const rows = (db: Database, sql: string) => db.prepare<Record<string, unknown>>(sql).all()
const idOf = (db: Database) => db.prepare<{ buffer_id: string }>('SELECT buffer_id FROM totals').get()?.buffer_id

test('a copy is the same as a new journal', () => {
  const queries = ['SELECT * FROM sqlite_schema ORDER BY name', ...SETTINGS.map((name) => `PRAGMA ${name}`)]
  for (const sql of queries) expect(rows(journalDatabase(), sql)).toEqual(rows(made(), sql))
})

test('each has an id of its own, and what is written to one is not in another', () => {
  const [one, other] = [journalDatabase(), journalDatabase()]
  expect(idOf(one)).toMatch(/^[0-9a-f]{32}$/)
  expect(idOf(one)).not.toBe(idOf(other))
  one.exec('DELETE FROM totals')
  expect([idOf(one), idOf(other)]).toEqual([undefined, expect.any(String)])
  expect(idOf(journalDatabase())).toEqual(expect.any(String))
})

test('a statement is prepared when it is run, and fails then', () => {
  const statement = journalDatabase().prepare('SELECT * FROM nowhere')
  for (const method of ['get', 'all', 'run'] as const) expect(() => statement[method]()).toThrow('no such table')
})
