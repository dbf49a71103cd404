import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { openAccess } from '../testing/access_kit.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { pending, quiet } from '../testing/kit.ts'
import { setUp as setUpJournal } from '../testing/transitions.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { setUp as setUpWorker } from '../testing/worker_kit.ts'
import { dlqRoutes } from './dlq_routes.ts'

async function fullOfDeadLetters(count: number) {
  const { journal, reach } = setUpJournal()
  const ids = await Promise.all(Array.from({ length: count }, () => reach('failed')))
  const routes = dlqRoutes({ journal, delivery: setUpWorker().delivery, access: openAccess(), logger: quiet })
  const requeueAll = async () => {
    const request = new Request('http://localhost/v1/kkt/buffer/dlq/requeue', { method: 'POST', body: '{}' })
    const answer: unknown = await (await routes.handle(request)).json()
    return answer
  }
  const statusesOf = (some: ReceiptId[]) => some.map((id) => journal.queries.statusOf(id))
  return { journal, ids, requeueAll, statusesOf }
}

test('very many dead letters are requeued little by little, the oldest first, and others write in between', async () => {
  const { journal, ids, requeueAll, statusesOf } = await fullOfDeadLetters(450)
  const [byHand] = ids.slice(-1)
  if (!byHand) throw new Error('450 were made')
  const answer = requeueAll()
  const left: number[] = []
  while (left.at(-1) !== 250 && left.length < 1000) {
    await new Promise((resolve) => setImmediate(resolve))
    left.push(journal.queries.counts().failed)
  }
  expect(new Set(left)).toEqual(new Set([450, 250]))
  expect(statusesOf(ids.slice(198, 202))).toEqual(['pending', 'pending', 'failed', 'failed'])
  // A receipt requeued by hand meanwhile is not reported as this call's.
  await journal.write((tx) => tx.requeue(byHand))
  expect(await answer).toEqual({ requeued: 449, dry_run: false, receipt_ids: ids.slice(0, 449) })
  expect(journal.queries.counts()).toMatchObject({ failed: 0, pending: 450 })
})

test('a disk that fails on the way keeps what is requeued, and the next call requeues the rest', async () => {
  const { journal, ids, requeueAll } = await fullOfDeadLetters(250)
  const mend = replaceVerbs(journal, (own) => ({
    requeue(id) {
      if (id === ids[240]) throw new Error('the disk is full')
      own.requeue(id)
    },
  }))
  await requeueAll().catch(() => undefined)
  expect(journal.queries.counts()).toMatchObject({ failed: 50, pending: 200 })
  mend()
  expect(await requeueAll()).toEqual({ requeued: 50, dry_run: false, receipt_ids: ids.slice(200) })
})

describe('a dead letter that an operator closes', () => {
  async function deadLetter() {
    const app = startApp()
    const { journal } = app
    const id = await pending(journal)
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.deadLetter(id, 'refused_by_ofd', 'the OFD answered 422', false)
    })
    const close = (of: string, body: unknown) =>
      app.ask('POST', `/v1/kkt/buffer/dlq/${of}/close`, {
        body: typeof body === 'string' ? body : JSON.stringify(body),
      })
    return { ...app, id, close }
  }

  test('is closed, no dead letter any more, and in the audit log with the reason', async () => {
    const { ask, journal, id, close } = await deadLetter()
    const { status, json } = await close(id, { reason: 'sent by hand on 31 January' })
    expect([status, json]).toEqual([200, { receipt_id: id, status: 'closed' }])
    expect((await ask('GET', '/v1/kkt/buffer/dlq')).json).toMatchObject({ items: [], total: 0 })
    expect((await ask('GET', '/v1/kkt/buffer/status')).json).toMatchObject({ failed: 0, dlq_size: 0, closed: 1 })
    expect((await ask('GET', `/v1/kkt/receipt/${id}`)).json).toMatchObject({ status: 'closed' })
    expect(journal.events.list({ receiptId: id, kind: null }, null, 1).items).toMatchObject([
      { from: 'failed', to: 'closed', detail: 'sent by hand on 31 January' },
    ])
  })

  test('is never sent again, and is not to be closed or requeued again', async () => {
    const { ask, ofd, id, close } = await deadLetter()
    await close(id, { reason: 'sent by hand' })
    expect((await ask('POST', '/v1/kkt/buffer/sync')).json).toMatchObject({ synced: 0, failed: 0, remaining: 0 })
    for (const answer of [
      await close(id, { reason: 'sent by hand' }),
      await ask('POST', `/v1/kkt/buffer/dlq/${id}/requeue`),
    ]) {
      expect([answer.status, problemOf(answer.json).code]).toEqual([409, 'not_in_dlq'])
    }
    expect((await ask('POST', '/v1/kkt/buffer/dlq/requeue', { body: '{}' })).json).toMatchObject({ requeued: 0 })
    expect([...ofd.sent, ...ofd.lookedUp]).toEqual([])
  })

  test.each<[string, unknown, number]>([
    ['no reason', {}, 422],
    ['an empty one', { reason: '' }, 422],
    ['a blank one', { reason: ' \u200b ' }, 422],
    ['a long one', { reason: 'x'.repeat(257) }, 422],
    ['one with a control character', { reason: 'sent\nby hand' }, 422],
    ['one that is no text', { reason: 7 }, 422],
    ['something beside it', { reason: 'sent by hand', by: 'me' }, 422],
    ['no JSON', 'sent by hand', 400],
  ])('stays one with %s', async (_what, body, expected) => {
    const { journal, id, close } = await deadLetter()
    const { status, json } = await close(id, body)
    expect([status, problemOf(json).status]).toEqual([expected, expected])
    expect(journal.queries.statusOf(id)).toBe('failed')
  })

  test('is closed with a reason of 256 characters', async () => {
    const { id, close } = await deadLetter()
    expect((await close(id, { reason: '👓'.repeat(256) })).status).toBe(200)
  })

  test('has to be one: a pending receipt is a 409, an id of none a 404', async () => {
    const { journal, close } = await deadLetter()
    const delivered = await pending(journal)
    const pendings = await close(delivered, { reason: 'sent by hand' })
    expect([pendings.status, problemOf(pendings.json).code]).toEqual([409, 'not_in_dlq'])
    const nobodys = await close('01a20425-88ce-7000-be2d-76eab0eb441e', { reason: 'sent by hand' })
    expect([nobodys.status, problemOf(nobodys.json).code]).toEqual([404, 'receipt_not_found'])
    expect(journal.queries.statusOf(delivered)).toBe('pending')
  })

  test('is known by an id that it had earlier, too, as one that is requeued is', async () => {
    const { ask, db, journal, id, close } = await deadLetter()
    const earlier = '01900000-0000-7000-8000-00000000000a'
    db.prepare('INSERT INTO receipt_aliases (receipt_id, is_now) VALUES (?, ?)').run(earlier, id)
    const requeued = await ask('POST', `/v1/kkt/buffer/dlq/${earlier}/requeue`)
    expect([requeued.status, requeued.json]).toEqual([200, { receipt_id: id, status: 'pending' }])
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.deadLetter(id, 'refused_by_ofd', 'the OFD answered 422', false)
    })
    expect((await close(earlier, { reason: 'sent by hand' })).json).toEqual({ receipt_id: id, status: 'closed' })
  })
})
