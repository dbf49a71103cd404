/** The journal tells its listeners of each commit. */
import { expect, test } from 'bun:test'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { accepted, journalAndDb, pending } from '../testing/kit.ts'
import { journalDatabase } from '../testing/memory_database.ts'
import type { Committed } from './group_commit.ts'
import { createJournal } from './journal.ts'

function listening() {
  const { journal, clock, db } = journalAndDb()
  const told: Committed[] = []
  journal.onCommit((committed) => void told.push(committed))
  return { journal, clock, db, told, last: () => told.at(-1) }
}

test('a listener is told the entries of a commit, with the numbers that the audit log gives them', async () => {
  const { journal, told, last } = listening()
  const ids = [await pending(journal), await pending(journal)]
  told.length = 0
  await journal.write((tx) => [ids.map((id) => tx.markSyncing(id)), tx.recordEvent('odoo', null, 'online', null)])
  expect(told).toHaveLength(1)
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 3)
  const logged = last()?.logged.flatMap(({ firstId, receiptIds, kind, from, to }) =>
    (receiptIds.length === 0 ? [null] : receiptIds).map((receiptId, index) => ({
      id: firstId + index,
      kind,
      receiptId,
      from,
      to,
    })),
  )
  expect(logged?.toReversed()).toEqual(
    items.map(({ id, kind, receiptId, from, to }) => ({ id, kind, receiptId, from, to })),
  )
})

test('works of one turn are one commit, and a work that throws is not told', async () => {
  const { journal, told, last } = listening()
  const id = await pending(journal)
  const other = await pending(journal)
  told.length = 0
  const thrower = journal.write((tx) => {
    tx.markSyncing(id)
    throw new Error('a mistake')
  })
  await Promise.allSettled([thrower, journal.write((tx) => tx.markSyncing(other))])
  expect(told).toHaveLength(1)
  expect(last()?.works).toBe(2)
  expect(last()?.logged.map(({ receiptIds }) => receiptIds)).toEqual([[other]])
})

test('the promise of a work is resolved before a listener is called', async () => {
  const { journal } = listening()
  const order: string[] = []
  journal.onCommit(() => void queueMicrotask(() => order.push('listener')))
  await journal.write(() => undefined).then(() => order.push('work'))
  await Promise.resolve()
  expect(order).toEqual(['work', 'listener'])
})

test('the time of a commit is the time of its COMMIT only', async () => {
  let nowMs = 0
  const clock = { ...systemClock, monotonicMs: () => nowMs }
  const db = journalDatabase()
  const COMMIT_MS = 7
  const slow = {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec(sql: string) {
      db.exec(sql)
      nowMs += sql === 'COMMIT' ? COMMIT_MS : 100
    },
  }
  const journal = createJournal(slow, { clock, maxUndelivered: 10 })
  const told: number[] = []
  journal.onCommit(({ syncMs }) => void told.push(syncMs))
  await accepted(journal)
  expect(told).toEqual([COMMIT_MS])
})

test('a listener that throws is told of in the log, and keeps nothing from the others nor from the work', async () => {
  const lines: string[] = []
  const journal = createJournal(journalDatabase(), {
    clock: new TestClock(),
    maxUndelivered: 10,
    logger: createLogger('test', 'debug', (line) => lines.push(line)),
  })
  const told: Committed[] = []
  journal.onCommit(() => {
    throw new TypeError('a mistake')
  })
  journal.onCommit((committed) => void told.push(committed))
  expect(await journal.write(() => 'done')).toBe('done')
  expect(told).toHaveLength(1)
  expect(lines).toEqual([expect.stringMatching(/"level":"error".*"event":"commit_listener_failed".*TypeError/)])
})

test('a commit that failed is told to nobody', async () => {
  const db = journalDatabase()
  let isFull = false
  const failing = {
    ...db,
    get inTransaction() {
      return db.inTransaction
    },
    exec(sql: string) {
      if (isFull && sql === 'COMMIT') throw new StorageFailure('SQLITE_FULL', { cause: new Error('disk') })
      db.exec(sql)
    },
  }
  const journal = createJournal(failing, { clock: new TestClock(), maxUndelivered: 10 })
  const told: Committed[] = []
  journal.onCommit((committed) => void told.push(committed))
  isFull = true
  await expect(accepted(journal)).rejects.toThrow(StorageFailure)
  expect(told).toEqual([])
  isFull = false
  await accepted(journal)
  expect(told).toHaveLength(1)
})
