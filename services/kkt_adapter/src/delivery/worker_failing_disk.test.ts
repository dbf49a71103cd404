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
