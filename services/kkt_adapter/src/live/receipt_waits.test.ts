import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import { createJournal } from '../journal/journal.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { accepted, journalAndDb, pending } from '../testing/kit.ts'
import { createReceiptWaits } from './receipt_waits.ts'

const TIMEOUT_MS = 10_000
const MOST_WAITS = 64

function build() {
  const { journal, db, clock } = journalAndDb()
  const waits = createReceiptWaits({ journal, clock })
  const until = async (id: ReceiptId, wanted: Status, gone = new AbortController().signal) =>
    waits.until({ id, wanted, timeoutMs: TIMEOUT_MS }, gone)
  return { journal, db, clock, waits, until, leftOver: () => waits.size() + clock.waiting }
}

/** The outcome, or `waits` while there is none. */
const soFar = (wait: Promise<unknown>) => Promise.race([wait, settle().then(() => 'waits')])

test('a status that the receipt is or was in is not waited for', async () => {
  const { journal, until, leftOver } = build()
  const id = await pending(journal)
  expect([await until(id, 'pending'), await until(id, 'printing')]).toEqual(['reached', 'reached'])
  expect(leftOver()).toBe(0)
})

test('the commit of the wanted status ends the wait, with no time passing, and an earlier one does not', async () => {
  const { journal, until, leftOver } = build()
  const id = await pending(journal)
  const other = await pending(journal)
  const wait = until(id, 'synced')
  await journal.write((tx) => [tx.markSyncing(id), tx.markSyncing(other)])
  await journal.write((tx) => tx.recordSynced(other, 'OFD-1'))
  expect(await soFar(wait)).toBe('waits')
  await journal.write((tx) => tx.recordSynced(id, 'OFD-2'))
  expect(await soFar(wait)).toBe('reached')
  expect(leftOver()).toBe(0)
})

test('a status that the receipt only passes through in one commit is reached', async () => {
  const { journal, until } = build()
  const id = await pending(journal)
  const wait = until(id, 'syncing')
  await journal.write((tx) => [tx.markSyncing(id), tx.recordUndelivered(id, 'a reset', true)])
  expect(await wait).toBe('reached')
})

test('a status that cannot be come to any more ends the wait at once', async () => {
  const { journal, until, leftOver } = build()
  const { id } = await accepted(journal)
  const wait = until(id, 'synced')
  await journal.write((tx) => [tx.markPrinting(id), tx.recordRefused(id, 'the FN is full')])
  expect(await wait).toBe('out_of_reach')
  expect(await until(id, 'synced')).toBe('out_of_reach')
  expect(leftOver()).toBe(0)
})

test('the change of another process on the buffer is seen within a second', async () => {
  const { journal, db, clock, until, leftOver } = build()
  const id = await pending(journal)
  const wait = until(id, 'syncing')
  await createJournal(db, { clock, maxUndelivered: 10 }).write((tx) => tx.markSyncing(id))
  await clock.advance(999)
  expect(await soFar(wait)).toBe('waits')
  await clock.advance(1)
  expect([await wait, leftOver()]).toEqual(['reached', 0])
})

describe('nothing is left over when the wait ends by', () => {
  test('its time, and not before', async () => {
    const { journal, clock, until, leftOver } = build()
    const wait = until(await pending(journal), 'synced')
    await clock.advance(TIMEOUT_MS - 1)
    expect(await soFar(wait)).toBe('waits')
    await clock.advance(1)
    expect([await wait, leftOver()]).toEqual(['timeout', 0])
  })

  test('its client leaving', async () => {
    const { journal, until, leftOver } = build()
    const gone = new AbortController()
    const wait = until(await pending(journal), 'synced', gone.signal)
    expect(await soFar(wait)).toBe('waits')
    gone.abort()
    expect([await wait, leftOver()]).toEqual(['left', 0])
  })

  test('a stop, after which nobody waits', async () => {
    const { journal, waits, until, leftOver } = build()
    const id = await pending(journal)
    const wait = until(id, 'synced')
    await settle()
    waits.stop()
    expect([await wait, await until(id, 'synced')]).toEqual(['stopping', 'stopping'])
    expect(leftOver()).toBe(0)
  })

  test('a journal that cannot be read', async () => {
    const { journal, clock, until, leftOver } = build()
    const wait = until(await pending(journal), 'synced')
    await settle()
    journal.queries.statusOf = () => {
      throw new StorageFailure('SQLITE_IOERR', {})
    }
    const failed = wait.catch((error: unknown) => error)
    await clock.advance(1000)
    expect(await failed).toBeInstanceOf(StorageFailure)
    expect(leftOver()).toBe(0)
  })
})

test('one client more than 64 is refused, until one has ended its wait', async () => {
  const { journal, until, waits } = build()
  const id = await pending(journal)
  const gone = new AbortController()
  const first = until(id, 'synced', gone.signal)
  for (let i = 1; i < MOST_WAITS; i += 1) void until(id, 'synced')
  await settle()
  const refused = waits.until({ id, wanted: 'synced', timeoutMs: 1 }, gone.signal)
  expect(refused).toBeNull()
  gone.abort()
  await first
  expect(waits.until({ id, wanted: 'synced', timeoutMs: 1 }, new AbortController().signal)).not.toBeNull()
})

test('a wait reads nothing from the journal at the commits of others', async () => {
  const { journal, until } = build()
  const id = await pending(journal)
  void until(id, 'synced')
  await settle()
  let reads = 0
  const { statusOf } = journal.queries
  journal.queries.statusOf = (asked) => {
    reads += 1
    return statusOf(asked)
  }
  await pending(journal)
  expect(reads).toBe(0)
})
