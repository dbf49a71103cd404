import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { Database } from '../sqlite/database.ts'
import { PAGE_BYTES } from '../sqlite/pragmas.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { accepted, content, freshKey, journalAndDb, pending, temporaryFile } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'
import { createJournal } from './journal.ts'

const open = (path: string, clock = new TestClock()) =>
  createJournal(openDatabase(path), { clock, maxUndelivered: 100 })

test('what was written is there when the file is opened again, and the WAL is empty', async () => {
  const path = temporaryFile('buffer.db')
  const before = open(path)
  const id = await pending(before)
  const receipt = before.queries.find(id)
  const counts = before.queries.counts()
  expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
  before.close()
  expect(existsSync(`${path}-wal`) && statSync(`${path}-wal`).size).toBeFalsy()
  const after = open(path)
  expect(after.queries.find(id)).toEqual(receipt)
  expect(after.queries.counts()).toEqual(counts)
  after.close()
})

test('the WAL is emptied at the end even while another process has the file open', async () => {
  const path = temporaryFile('buffer.db')
  const journal = open(path)
  const other = openDatabase(path)
  await pending(journal)
  journal.close()
  expect(statSync(`${path}-wal`).size).toBe(0)
  other.close()
})

test('invariant 8: after a restart with the clock set back ids go on where they ended', async () => {
  const path = temporaryFile('buffer.db')
  const clock = new TestClock()
  const before = open(path, clock)
  const { id } = await accepted(before)
  before.close()
  clock.setWallBy(-3_600_000)
  const after = open(path, clock)
  const next = await accepted(after)
  expect([next.id, id].sort()).toEqual([id, next.id])
  expect(after.queries.nextAccepted(1)[0]?.id).toBe(id)
  after.close()
})

describe('failure', () => {
  test('is null while nothing has failed, and nothing is written to find out', async () => {
    const { journal, db } = journalAndDb()
    db.exec('PRAGMA query_only = ON')
    expect(await journal.failure()).toBeNull()
  })

  test('names what failed, tries again each time, and ends when that succeeds', async () => {
    const { journal, db } = setUp()
    db.exec('PRAGMA query_only = ON')
    await expect(accepted(journal)).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
    expect([await journal.failure(), await journal.failure()]).toEqual(['SQLITE_READONLY', 'SQLITE_READONLY'])
    db.exec('PRAGMA query_only = OFF')
    expect(await journal.failure()).toBeNull()
  })

  test('does not end because something smaller than a receipt could be written', async () => {
    const { db, journal, failCommits } = failing()
    failCommits('SQLITE_FULL')
    await expect(accepted(journal)).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    failCommits(null)
    await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
    db.exec('PRAGMA query_only = ON')
    expect(await journal.failure()).toBe('SQLITE_READONLY')
  })

  test('is tried out with as many pages as a receipt takes, and nothing is left of the trial', async () => {
    const { db, journal, failCommits } = failing(temporaryFile('buffer.db'))
    for (let i = 0; i < 100; i++) await accepted(journal)
    const rows = () =>
      ['receipts', 'sales', 'documents', 'till_thousands', 'events', 'totals'].map((table) =>
        db.prepare(`SELECT * FROM ${table}`).all(),
      )
    /** The number of pages that a write puts into the WAL. */
    const pagesOf = async (work: () => Promise<unknown>) => {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      await work()
      return db.prepare<{ log: number }>('PRAGMA wal_checkpoint(PASSIVE)').get()?.log ?? 0
    }
    const intakes = []
    for (let i = 0; i < 5; i++) intakes.push(await pagesOf(() => accepted(journal)))
    failCommits('SQLITE_FULL')
    await expect(accepted(journal)).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    failCommits(null)
    const before = rows()
    // One page more when a page has to be split.
    expect(await pagesOf(() => journal.failure())).toBeGreaterThanOrEqual(Math.min(...intakes) - 1)
    expect(await journal.failure()).toBeNull()
    expect(rows()).toEqual(before)
    expect(await pagesOf(() => journal.failure())).toBe(0)
  })

  test('is found when all that is done is reading', async () => {
    const { db, journal } = journalAndDb()
    db.exec('DROP TABLE totals')
    await expect(journal.failure()).rejects.toThrow('totals')
    const { journal: damaged } = await damagedJournal()
    expect(await damaged.failure()).toBe('SQLITE_CORRUPT')
  })

  test('lets nothing more be written where the file is damaged, and what can be read is read', async () => {
    const { journal, id } = await damagedJournal()
    expect(() => journal.queries.counts()).toThrow(StorageFailure)
    await expect(accepted(journal)).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' })
    await expect(journal.write(() => undefined)).rejects.toMatchObject({ code: 'SQLITE_CORRUPT' })
    expect(await journal.failure()).toBe('SQLITE_CORRUPT')
    expect(journal.queries.find(id)?.id).toBe(id)
  })
})

/** A journal whose commits fail on demand. */
function failing(path = ':memory:') {
  const db = openDatabase(path)
  let code: string | null = null
  const file: Database = {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec(sql) {
      if (sql === 'COMMIT' && code !== null) throw new StorageFailure(code, {})
      db.exec(sql)
    },
  }
  const journal = createJournal(file, { clock: new TestClock(), maxUndelivered: 1000 })
  const failCommits = (next: string | null) => {
    code = next
  }
  return { db, journal, failCommits }
}

/** A journal with one receipt, opened before the page of its totals was damaged. */
async function damagedJournal() {
  const path = temporaryFile('buffer.db')
  const before = open(path)
  const { id } = await accepted(before)
  before.close()
  const db = openDatabase(path)
  const root = db
    .prepare<{ rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'totals'")
    .get()?.rootpage
  if (root === undefined) throw new Error('There is no table of totals')
  const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 1000 })
  // Another process's commit makes this one read its pages again.
  const other = open(path)
  await accepted(other)
  other.close()
  writeFileSync(path, readFileSync(path).fill(0xff, (root - 1) * PAGE_BYTES, root * PAGE_BYTES))
  return { journal, id }
}

test('a receipt of the largest size is kept as it is', async () => {
  const { journal } = journalAndDb()
  const large = content()
  large.items = Array.from({ length: 100 }, () => ({
    name: '👓'.repeat(128),
    priceKopecks: 4_294_967_295,
    quantityMicro: 1_000_000,
    totalKopecks: 4_294_967_295,
    vat: 'none',
  }))
  const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: large }))
  expect(intake).toMatchObject({ kind: 'accepted', receipt: { content: large } })
})
