import { describe, expect, test } from 'bun:test'
import { existsSync, statSync } from 'node:fs'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
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
  openDatabase(path)
  await pending(journal)
  journal.close()
  expect(statSync(`${path}-wal`).size).toBe(0)
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
  expect(after.queries.nextAccepted()?.id).toBe(id)
  after.close()
})

describe('failure', () => {
  test('is null while nothing has failed, and nothing is written to find out', async () => {
    const { journal, db } = journalAndDb()
    db.exec('PRAGMA query_only = ON')
    expect(await journal.failure()).toBeNull()
  })

  test('names what the newest commit failed for, tries anew each time, and ends when it succeeds', async () => {
    const { journal, db } = setUp()
    db.exec('PRAGMA query_only = ON')
    await expect(accepted(journal)).rejects.toMatchObject({ code: 'SQLITE_READONLY' })
    expect([await journal.failure(), await journal.failure()]).toEqual(['SQLITE_READONLY', 'SQLITE_READONLY'])
    db.exec('PRAGMA query_only = OFF')
    expect(await journal.failure()).toBeNull()
  })
})

test('a receipt of the largest size is kept as it is', async () => {
  const { journal } = journalAndDb()
  const large = content()
  large.items = Array.from({ length: 100 }, () => ({
    ...{ name: '👓'.repeat(128), priceKopecks: 4_294_967_295, quantityMilli: 1000 },
    ...{ totalKopecks: 4_294_967_295, vatRate: null },
  }))
  const intake = await journal.write(() => journal.intake.accept({ key: freshKey(), bodyHash: '', content: large }))
  expect(intake).toMatchObject({ kind: 'accepted', receipt: { content: large } })
})
