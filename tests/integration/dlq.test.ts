import { describe, expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { deliveredFds, onHealedStack, whenFailed, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'
import { requeuedMany } from '../harness/wire.ts'

onHealedStack()

const NOBODY = '00000000-0000-7000-8000-000000000000'

/** Puts `count` receipts of the till into the DLQ. The breaker stays closed, and the OFD works as before. */
async function deadLetter(posId: string, count: number) {
  await ofd.configure({ refuse: { pos_id: posId, status: 422 } })
  const refused = []
  for (let i = 0; i < count; i += 1) {
    const printed = await adapter.print(receipt({ pos_id: posId }))
    await whenFailed(printed.receipt_id)
    refused.push({ id: printed.receipt_id, fd: printed.fiscal_doc.fiscal_doc_number })
    // A delivery in between keeps these refusals from being in a row.
    await whenSynced((await adapter.print(receipt({ pos_id: newPosId('between') }))).receipt_id)
  }
  await ofd.configure({ refuse: null })
  return refused
}

const idsIn = async (filter: { pos_id?: string; reason?: string }): Promise<string[]> =>
  (await adapter.dlq({ ...filter, limit: 100 })).items.map(({ receipt_id }) => receipt_id)

describe.skipIf(deliversByKkt)('the list', () => {
  test('has each refused receipt with its till, the reason and the total', async () => {
    const before = await adapter.status()
    const posId = newPosId('dlq')
    const [refused] = await deadLetter(posId, 1)
    const { items, next_cursor } = await adapter.dlq({ pos_id: posId })
    expect(items).toMatchObject([
      { receipt_id: refused?.id, pos_id: posId, reason: 'refused_by_ofd', fiscal_doc_number: refused?.fd, total: 1250 },
    ])
    expect(items[0]?.last_error).toContain('422')
    expect(next_cursor).toBeNull()
    const after = await adapter.status()
    expect((await adapter.dlq()).total).toBe(after.dlq_size)
    expect(after.dlq_size - before.dlq_size).toBe(1)
    expect(after.failed - before.failed).toBe(1)
    expect(after.current_queued).toBe(0)
  })

  test('is paged, the newest first', async () => {
    const posId = newPosId('dlq')
    const refused = (await deadLetter(posId, 3)).map(({ id }) => id)
    const first = await adapter.dlq({ pos_id: posId, limit: 2 })
    const second = await adapter.dlq({ pos_id: posId, limit: 2, cursor: first.next_cursor ?? 'none' })
    expect([...first.items, ...second.items].map(({ receipt_id }) => receipt_id)).toEqual(refused.toReversed())
    expect(first.items).toHaveLength(2)
    expect(second.next_cursor).toBeNull()
  })

  test('is filtered by reason', async () => {
    const posId = newPosId('dlq')
    const [refused] = await deadLetter(posId, 1)
    expect(await idsIn({ pos_id: posId, reason: 'refused_by_ofd' })).toEqual([refused?.id ?? ''])
    expect(await idsIn({ pos_id: posId, reason: 'retries_exhausted' })).toEqual([])
  })
})

test.skipIf(deliversByKkt)('a dead letter makes health degraded and raises the alert, with the count', async () => {
  expect(await adapter.status()).toMatchObject({ dlq_size: 0, alert: false })
  const [refused] = await deadLetter(newPosId('dlq'), 1)
  expect(await adapter.status()).toMatchObject({ dlq_size: 1, alert: true, last_failure: { receipt_id: refused?.id } })
  const { status, components } = await adapter.health()
  expect({ status, buffer: components.buffer }).toMatchObject({
    status: 'degraded',
    buffer: { status: 'degraded', dlq_size: 1, last_failure: { reason: expect.stringContaining('422') } },
  })
  await adapter.close(refused?.id ?? '', 'settled by hand')
  expect(await adapter.status()).toMatchObject({ dlq_size: 0, alert: false, last_failure: null })
})

describe.skipIf(deliversByKkt)('a close', () => {
  test('ends one dead letter for good, with the reason', async () => {
    const posId = newPosId('dlq')
    const [first, second] = await deadLetter(posId, 2)
    if (!first || !second) throw new Error('two were asked for')
    const before = await adapter.status()
    expect(await adapter.close(first.id, 'settled by hand')).toEqual({ receipt_id: first.id, status: 'closed' })
    expect(await idsIn({ pos_id: posId })).toEqual([second.id])
    const after = await adapter.status()
    expect([after.failed - before.failed, after.closed - before.closed]).toEqual([-1, 1])
    const { events } = await adapter.events({ receipt_id: first.id, limit: 1 })
    expect(events).toMatchObject([{ from: 'failed', to: 'closed', detail: 'settled by hand' }])
    await adapter.requeueAll({ pos_id: posId })
    await whenSynced(second.id)
    expect(await deliveredFds(posId)).toEqual([second.fd])
    expect(await adapter.receipt(first.id)).toMatchObject({ status: 'closed', synced_at: null })
  })

  test('without a reason is a 422, and of a receipt that is not in the DLQ a 409', async () => {
    const { receipt_id } = await adapter.print(receipt())
    await whenSynced(receipt_id)
    const close = (body: unknown) => adapter.post(`/v1/kkt/buffer/dlq/${receipt_id}/close`, body)
    expect(expectProblem(await close({}), 422).code).toBe('invalid_body')
    expect(expectProblem(await close({ reason: 'settled by hand' }), 409).code).toBe('not_in_dlq')
  })
})

describe.skipIf(deliversByKkt)('a requeue', () => {
  test('of one receipt delivers that one', async () => {
    const posId = newPosId('dlq')
    const [first, second] = await deadLetter(posId, 2)
    if (!first || !second) throw new Error('two were asked for')
    expect(await adapter.requeue(first.id)).toEqual({ receipt_id: first.id, status: 'pending' })
    expect(await whenSynced(first.id)).toMatchObject({ status: 'synced' })
    expect(await idsIn({ pos_id: posId })).toEqual([second.id])
    expect(await deliveredFds(posId)).toEqual([first.fd])
  })

  test('by a filter delivers the matching receipts and leaves the rest', async () => {
    const [wanted, other] = [newPosId('wanted'), newPosId('other')]
    const requeued = await deadLetter(wanted, 2)
    const left = await deadLetter(other, 1)
    const answer = await adapter.requeueAll({ pos_id: wanted, reason: 'refused_by_ofd' })
    expect(answer).toMatchObject({ requeued: 2, dry_run: false })
    expect(answer.receipt_ids.toSorted()).toEqual(requeued.map(({ id }) => id).toSorted())
    for (const { id } of requeued) await whenSynced(id)
    expect(await deliveredFds(wanted)).toEqual(requeued.map(({ fd }) => fd))
    expect(await idsIn({ pos_id: other })).toEqual(left.map(({ id }) => id))
    expect(await ofd.health()).toMatchObject({ out_of_order: 0, duplicates: 0 })
  })

  test('by a filter without matches requeues nothing', async () => {
    const posId = newPosId('dlq')
    await deadLetter(posId, 1)
    const none = { requeued: 0, dry_run: false, receipt_ids: [] }
    expect(await adapter.requeueAll({ pos_id: newPosId('nobody') })).toEqual(none)
    expect(await adapter.requeueAll({ pos_id: posId, reason: 'retries_exhausted' })).toEqual(none)
    expect(await idsIn({ pos_id: posId })).toHaveLength(1)
  })

  test('of all receipts empties the DLQ', async () => {
    const refused = await deadLetter(newPosId('dlq'), 1)
    const { dlq_size: size } = await adapter.status()
    expect(await adapter.requeueAll({})).toMatchObject({ requeued: size, dry_run: false })
    await whenSynced(refused[0]?.id ?? '')
    expect(await adapter.sync()).toMatchObject({ remaining: 0 })
    expect(await adapter.status()).toMatchObject({ dlq_size: 0, failed: 0, pending: 0 })
  })

  test('of a receipt outside the DLQ is a 409, of an unknown receipt a 404, and of a malformed id a 422', async () => {
    const { receipt_id } = await adapter.print(receipt())
    await whenSynced(receipt_id)
    const requeue = (id: string) => adapter.post(`/v1/kkt/buffer/dlq/${id}/requeue`)
    expect(expectProblem(await requeue(receipt_id), 409).code).toBe('not_in_dlq')
    expect(expectProblem(await requeue(NOBODY), 404).code).toBe('receipt_not_found')
    expect(expectProblem(await requeue('not-an-id'), 422).code).toBe('invalid_params')
    expect(await adapter.receipt(receipt_id)).toMatchObject({ status: 'synced' })
  })

  test('by an invalid filter requeues nothing', async () => {
    const posId = newPosId('dlq')
    await deadLetter(posId, 1)
    for (const filter of [{ pos: posId }, { pos_id: posId, dry_run: 'yes' }, { pos_id: posId, reason: 'any' }, []]) {
      const answer = await adapter.post('/v1/kkt/buffer/dlq/requeue', filter)
      expect(expectProblem(answer, 422).code).toBe('invalid_body')
    }
    expect(await idsIn({ pos_id: posId })).toHaveLength(1)
    expect(
      expectBody(await adapter.post('/v1/kkt/buffer/dlq/requeue', { pos_id: posId }), 200, requeuedMany).requeued,
    ).toBe(1)
  })
})
