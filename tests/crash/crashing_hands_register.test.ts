/** The crash points that only a cash register of its own has. */
import { describe, expect, test } from 'bun:test'
import type { Tx } from '@kkt/adapter/src/journal/journal.ts'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { accepted, fiscalDoc, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { watchedJournal, watchedSendToKkt } from './crashing_hands.ts'
import type { Asked, Point } from './points.ts'

type Id = Parameters<Tx['recordUntold']>[0]
type Work = (tx: Tx, id: Id) => unknown

const mark: Work = (tx, id) => tx.markPrinting(id)
const unknown: Work = (tx, id) => tx.recordUnknown(id, 'no answer')
const untold: Work = (tx, id) => tx.recordUntold(id, '9999000000000001', 'several')

test.each<[string, Work, Work[]]>([
  ['attempt', (tx, id) => tx.beginAttempt(id, { fnNumber: '9999000000000001', lastFdNumber: 7 }), [mark]],
  ['record_untold', untold, [mark, unknown]],
  ['settled_printed', (tx, id) => tx.settlePrinted(id, fiscalDoc(1), null), [mark, unknown, untold]],
  ['settled_not_printed', (tx, id) => tx.settleNotPrinted(id, null), [mark, unknown, untold]],
])('the commit of %s passes its points', async (step, work, way) => {
  const reached: Point[] = []
  const watching = watchedJournal(createJournal, (point) => reached.push(point))
  const journal = watching(openDatabase(temporaryFile('buffer.db')), { clock: new TestClock(), maxUndelivered: 10 })
  // Only an FN that the journal has met can hold the document of an untold receipt.
  await journal.write((tx) => tx.meetFn('9999000000000001', 1, false))
  const { id } = await accepted(journal)
  for (const one of way) await journal.write((tx) => one(tx, id))
  reached.splice(0)
  await journal.write((tx) => work(tx, id))
  expect(reached.map(String)).toEqual([`${step}.before_commit`, `${step}.after_commit`])
})

describe('a request to the service of a register', () => {
  const queued = (type: string) => ({ method: 'POST', path: '/requests', body: { uuid: 'it', request: [{ type }] } })
  const asked: [Asked | null, { method: string; path: string; body?: object }][] = [
    ['receipt_request', queued('sell')],
    ['receipt_request', queued('buyReturnCorrection')],
    ['task_request', queued('closeShift')],
    ['task_request', queued('cashIn')],
    ['reading', queued('getFnDocument')],
    ['reading', queued('continuePrint')],
    ['result', { method: 'GET', path: '/requests/it' }],
    ['question', { method: 'POST', path: '/operations/queryFnStatus' }],
    [null, { method: 'GET', path: '/getRequestsQueueStatus' }],
    [null, { method: 'DELETE', path: '/requests/it' }],
  ]
  test.each(asked)('passes the points of %s: %o', async (what, { method, path, body }) => {
    const reached: Point[] = []
    const bodies: string[] = []
    const send = watchedSendToKkt(
      async (request) => {
        bodies.push(await request.text())
        return new Response('it')
      },
      (point) => reached.push(point),
      new TestClock(),
    )
    const written = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await send(new Request(`http://register.test/api/v2${path}`, { method, ...written }), {
      proxy: null,
      ca: null,
    })
    await settle()
    expect(await answer.text()).toBe('it')
    expect(bodies).toEqual([body === undefined ? '' : JSON.stringify(body)])
    const points = ['before_it_leaves', 'in_flight', 'after_reply'].map((moment) => `${what}.${moment}`)
    expect(reached.map(String)).toEqual(what === null ? [] : points)
  })
})
