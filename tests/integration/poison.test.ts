import { expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { deliveredFds, hurry, onHealedStack, whenFailed, whenJustOpened, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

/** A receipt is `syncing` for a moment while the worker tries it again. */
const toBeDelivered = ['pending', 'syncing']

const print = (pos_id: string) => adapter.print(receipt({ pos_id }))

test.skipIf(deliversByKkt)(
  'invariant 7: a refused receipt is dead-lettered at once, and nothing else waits for it',
  async () => {
    const [bad, good] = [newPosId('bad'), newPosId('good')]
    await ofd.configure({ refuse: { pos_id: bad, status: 422 } })
    const poison = await print(bad)
    const other = await print(good)

    expect(await whenSynced(other.receipt_id)).toMatchObject({ status: 'synced' })
    const failed = await whenFailed(poison.receipt_id)
    expect(failed).toMatchObject({ ofd_id: null, synced_at: null, fiscal_doc: poison.fiscal_doc })
    expect(failed.last_error).toContain('422')
    expect((await adapter.status()).circuit_breaker.state).toBe('CLOSED')
  },
)

test.skipIf(deliversByKkt)('invariant 7: later receipts of the pos_id of a refused one are delivered', async () => {
  const posId = newPosId('bad')
  await ofd.configure({ permanent_failure: true })
  const refused = await print(posId)
  const next = await print(posId)
  await whenJustOpened()
  await ofd.configure({ permanent_failure: false, refuse: { receipt_id: refused.receipt_id, status: 422 } })
  expect(await adapter.sync()).toMatchObject({ synced: 1, failed: 1, remaining: 0 })
  expect(await adapter.receipt(refused.receipt_id)).toMatchObject({ status: 'failed' })
  expect(await deliveredFds(posId)).toEqual([next.fiscal_doc.fiscal_doc_number])
})

test.skipIf(deliversByKkt).each([400, 409, 413, 422])(
  'invariant 7: a %d is a refusal of the receipt',
  async (status) => {
    const posId = newPosId('refused')
    await ofd.configure({ refuse: { pos_id: posId, status } })
    await whenFailed((await print(posId)).receipt_id)
    expect((await adapter.dlq({ pos_id: posId })).items).toMatchObject([{ reason: 'refused_by_ofd' }])
  },
)

test.skipIf(deliversByKkt).each([401, 404, 408, 429])(
  'invariant 7: a %d is an outage, which dead-letters nothing',
  async (status) => {
    const posId = newPosId('outage')
    await ofd.configure({ refuse: { pos_id: posId, status } })
    const { receipt_id } = await print(posId)
    for (let tries = 0; tries < limits.breakerThreshold; tries += 1) await adapter.sync()
    expect(toBeDelivered).toContain((await adapter.receipt(receipt_id)).status)
    expect((await adapter.dlq({ pos_id: posId })).items).toEqual([])
  },
)

test.skipIf(deliversByKkt)(
  'invariant 7: a receipt that keeps failing holds up only its own pos_id, in order',
  async () => {
    await hurry({ circuit_breaker_timeout: 0.1, sync_interval: 0.05 })
    const [bad, good] = [newPosId('bad'), newPosId('good')]
    await ofd.configure({ refuse: { pos_id: bad, status: 500 } })
    const first = await print(bad)
    const second = await print(bad)
    // On its own it opens the breaker, and it is the oldest receipt that could be the probe.
    for (let tries = 0; tries < limits.breakerThreshold; tries += 1) await adapter.sync()

    const other = await print(good)
    await whenSynced(other.receipt_id, 2 * limits.probedMs)
    for (const { receipt_id } of [first, second]) {
      expect(toBeDelivered).toContain((await adapter.receipt(receipt_id)).status)
    }

    await ofd.configure({ refuse: null })
    for (const { receipt_id } of [first, second]) await whenSynced(receipt_id, limits.probedMs + limits.deliveredMs)
    expect(await deliveredFds(bad)).toEqual([first, second].map(({ fiscal_doc }) => fiscal_doc.fiscal_doc_number))
    expect(await ofd.health()).toMatchObject({ receipts_received: 3, duplicates: 0, out_of_order: 0 })
  },
)

test.skipIf(deliversByKkt)(
  'invariant 7: a receipt that fails MAX_RETRY_ATTEMPTS times while others get through is dead-lettered',
  async () => {
    const bad = newPosId('bad')
    await ofd.configure({ refuse: { pos_id: bad, status: 500 } })
    const poison = await print(bad)
    let rounds = 0
    for (; (await adapter.receipt(poison.receipt_id)).status !== 'failed'; rounds += 1) {
      expect(rounds).toBeLessThanOrEqual(2 * limits.maxRetryAttempts)
      const other = await print(newPosId('good'))
      await adapter.sync()
      await whenSynced(other.receipt_id, 2 * limits.probedMs)
    }
    expect(rounds).toBeGreaterThanOrEqual(limits.maxRetryAttempts - 1)
    const { items } = await adapter.dlq({ pos_id: bad })
    expect(items).toMatchObject([
      { receipt_id: poison.receipt_id, reason: 'retries_exhausted', retry_count: limits.maxRetryAttempts },
    ])
  },
)
