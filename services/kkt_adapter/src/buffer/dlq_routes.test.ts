import { expect, test } from 'bun:test'
import type { ReceiptId } from '../receipts/receipt.ts'
import { setUp as setUpJournal } from '../testing/transitions.ts'
import { setUp as setUpWorker } from '../testing/worker_kit.ts'
import { dlqRoutes } from './dlq_routes.ts'

async function fullOfDeadLetters(count: number) {
  const { journal, reach } = setUpJournal()
  const ids = []
  for (let i = 0; i < count; i++) ids.push(await reach('failed'))
  const routes = dlqRoutes({ journal, worker: setUpWorker().worker })
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
  // What an operator requeues meanwhile is not told as this call's doing.
  await journal.write(() => journal.transitions.requeue(byHand))
  expect(await answer).toEqual({ requeued: 449, dry_run: false, receipt_ids: ids.slice(0, 449) })
  expect(journal.queries.counts()).toMatchObject({ failed: 0, pending: 450 })
})

test('a disk that fails on the way keeps what is requeued, and the next call requeues the rest', async () => {
  const { journal, ids, requeueAll } = await fullOfDeadLetters(250)
  const { requeue } = journal.transitions
  journal.transitions.requeue = (id) => {
    if (id === ids[240]) throw new Error('the disk is full')
    requeue(id)
  }
  await requeueAll().catch(() => undefined)
  expect(journal.queries.counts()).toMatchObject({ failed: 50, pending: 200 })
  journal.transitions.requeue = requeue
  expect(await requeueAll()).toEqual({ requeued: 50, dry_run: false, receipt_ids: ids.slice(200) })
})
