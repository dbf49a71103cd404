import { expect, test } from 'bun:test'
import { migrate } from '@kkt/adapter/src/sqlite/migrate.ts'
import { plansOf } from '@kkt/adapter/src/testing/watched_statements.ts'
import { openDatabase } from '#sqlite'
import requestsSql from './requests.sql' with { type: 'text' }
import { openRequests } from './requests.ts'

const SALE = { tasks: [{ type: 'sell' }], callbackUrl: null }

test('no statement reads all requests with their tasks, because there may be twenty thousand', () => {
  const plans = plansOf(openDatabase(':memory:'), openRequests)
  expect(plans.length).toBeGreaterThan(10)
  const scanning = plans.filter(({ steps }) => steps.includes('SCAN requests'))
  // The newest are read from the end, up to the limit.
  const mayBe = /^DELETE FROM requests$|ORDER BY number DESC LIMIT/
  expect(scanning.map(({ sql }) => sql).filter((sql) => !mayBe.test(sql))).toEqual([])
})

test('the counts are those of the requests that are kept', () => {
  const journal = openRequests(openDatabase(':memory:'))
  for (const uuid of ['a', 'b', 'c', 'd']) journal.add(uuid, 1, SALE)
  journal.keep({ uuid: 'a', states: [{ kind: 'ready', result: null, warnings: null }], receipts: 1, endedAtMs: 2 })
  journal.keep({ uuid: 'b', states: [{ kind: 'canceled' }], receipts: 0, endedAtMs: 3 })
  expect([journal.counts(), journal.unfinished()]).toEqual([{ all: 4, unfinished: 2, receipts: 1, canceled: 1 }, 2])
  journal.removeEndedThrough(2)
  expect([journal.counts(), journal.unfinished()]).toEqual([{ all: 3, unfinished: 2, receipts: 0, canceled: 1 }, 2])
})

test('a file of an earlier version is taken with its requests', () => {
  const db = openDatabase(':memory:')
  migrate(db, [requestsSql])
  db.prepare('INSERT INTO requests (uuid, received_at_ms, asked, states) VALUES (?, ?, ?, ?)').run(
    'a',
    1,
    JSON.stringify(SALE),
    '[{"kind":"wait"}]',
  )
  expect(openRequests(db).firstUnfinished()).toMatchObject({ uuid: 'a', ...SALE })
})
