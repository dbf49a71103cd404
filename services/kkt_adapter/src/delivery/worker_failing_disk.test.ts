import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { Journal } from '../journal/journal.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { BREAKER_TIMEOUT_MS, INTERVAL_MS, setUp } from '../testing/worker_kit.ts'

const MINUTE_MS = 60_000
const TILLS = ['A', 'B', 'C']
/** A backoff is at least half of the interval, once the first few have doubled up to it. */
const MOST_TRIES = TILLS.length * (MINUTE_MS / (INTERVAL_MS / 2) + 4)
/** Far more than all tills' tries take: time stands still meanwhile. */
const SETTLES = 20

/** Has every try fail before its first request. @returns what ends that */
type Fail = (journal: Journal, onTry: () => void) => () => void

const unmarked: Fail = (journal, onTry) => {
  const markSyncing = () => {
    onTry()
    throw new StorageFailure('SQLITE_IOERR', { cause: new Error('the disk failed at a write') })
  }
  return replaceVerbs(journal, () => ({ markSyncing }))
}

const unreadable: Fail = ({ queries }, onTry) => {
  const { nextToDeliver } = queries
  queries.nextToDeliver = () => {
    onTry()
    throw new SyntaxError('the row holds no receipt')
  }
  return () => {
    queries.nextToDeliver = nextToDeliver
  }
}

test.each([
  ['a disk that takes no mark', unmarked],
  ['rows that cannot be read', unreadable],
])('%s: while a probe is due, no till is tried again without a pause', async (_name, fail) => {
  const { clock, journal, ofd, worker, till, at, takeDown, bringBack, asked } = setUp()
  const ids = (await Promise.all(TILLS.map((posId) => till(1, posId)))).flat()
  takeDown()
  worker.start()
  await settle()
  bringBack()
  const askedBefore = asked()
  let tries = 0
  const mend = fail(journal, () => {
    tries += 1
  })
  await clock.advance(BREAKER_TIMEOUT_MS)
  for (let turns = 0; turns < SETTLES; turns++) await settle()
  expect(tries).toBe(TILLS.length)
  await clock.advance(MINUTE_MS)
  expect(tries).toBeLessThanOrEqual(MOST_TRIES)
  expect(asked()).toBe(askedBefore)
  mend()
  await clock.advance(INTERVAL_MS)
  expect(ids.map(at)).toEqual(['synced', 'synced', 'synced'])
  expect(ofd.sent.length).toBeLessThanOrEqual(2 * TILLS.length)
  await worker.stop()
})

test('a host whose disk fails does not want to send, though a probe is due', async () => {
  const { clock, journal, worker, till, takeDown } = setUp()
  await Promise.all(TILLS.map((posId) => till(1, posId)))
  takeDown()
  await worker.runOnce()
  unmarked(journal, () => undefined)
  await clock.advance(BREAKER_TIMEOUT_MS)
  expect(worker.wantsToSend()).toBe(true)
  worker.start()
  await settle()
  expect(worker.wantsToSend()).toBe(false)
  await worker.stop()
})

test('invariant 5: a row that cannot be read holds up its own till only, behind the receipt before it', async () => {
  const { clock, journal, worker, till, at, takeDown, bringBack } = setUp()
  const [first, unread] = await till(2, 'A')
  const others = await till(3, 'B')
  const { queries } = journal
  const { nextToDeliver } = queries
  queries.nextToDeliver = (posId) => {
    const receipt = nextToDeliver(posId)
    if (receipt?.id === unread) throw new SyntaxError('the row holds no receipt')
    return receipt
  }
  worker.start()
  await settle()
  expect([first, unread, ...others].map((id) => id && at(id))).toEqual([
    'synced',
    'pending',
    'synced',
    'synced',
    'synced',
  ])
  // The unreadable row stays out of the count when the OFD fails another till.
  takeDown()
  const [late] = await till(1, 'B')
  for (let turns = 0; turns < 3; turns++) await clock.advance(INTERVAL_MS)
  bringBack()
  queries.nextToDeliver = nextToDeliver
  await clock.advance(BREAKER_TIMEOUT_MS)
  await clock.advance(BREAKER_TIMEOUT_MS)
  expect([unread, late].map((id) => id && at(id))).toEqual(['synced', 'synced'])
  await worker.stop()
})

test('a row that cannot be read suspects no receipt of being half sent', async () => {
  const { journal, worker, till, at } = setUp()
  await till(1, 'A')
  const ids = await till(2, 'B')
  const { queries } = journal
  const { nextToDeliver } = queries
  queries.nextToDeliver = (posId) => {
    if (posId === 'A') throw new SyntaxError('the row holds no receipt')
    return nextToDeliver(posId)
  }
  let reclaims = 0
  replaceVerbs(journal, (tx) => ({
    reclaimSyncing() {
      reclaims += 1
      return tx.reclaimSyncing()
    },
  }))
  worker.start()
  await settle()
  expect({ statuses: ids.map(at), reclaims }).toEqual({ statuses: ['synced', 'synced'], reclaims: 1 })
  await worker.stop()
})

test('a try whose outcome the disk does not take waits for its backoff, also when a manual sync began meanwhile', async () => {
  const { clock, journal, worker, till, at, hold, asked } = setUp()
  const [id] = await till(1, 'A')
  const answer = hold('A')
  worker.start()
  await settle()
  const mend = replaceVerbs(journal, () => ({
    recordSynced() {
      throw new StorageFailure('SQLITE_IOERR', { cause: new Error('the disk failed at a write') })
    },
  }))
  const report = worker.syncNow()
  await settle()
  answer()
  for (let turns = 0; turns < SETTLES; turns++) await settle()
  expect(asked()).toBe(1)
  mend()
  await clock.advance(INTERVAL_MS)
  await clock.advance(INTERVAL_MS)
  expect(id && at(id)).toBe('synced')
  await report
  await worker.stop()
})
