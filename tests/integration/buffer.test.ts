import { describe, expect, test } from 'bun:test'
import { adapter, ofd, register } from '../harness/clients.ts'
import { expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, newPosId, receipt } from '../harness/receipts.ts'
import { hurry, onHealedStack, whenStatus } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

// This file prints many receipts, and does not depend on the time that each takes.
onHealedStack({ kkt_print_delay_min: 0, kkt_print_delay_max: 0.002 })

/** Takes `count` receipts at once. They stay in the buffer while the OFD is away. */
async function fill(count: number): Promise<void> {
  const posId = newPosId('fill')
  await Promise.all(Array.from({ length: count }, () => adapter.take(receipt({ pos_id: posId }))))
}

/**
 * Has receipts stay in the buffer. A register that delivers keeps in its FN what the OFD has not got, so there only those count
 * that are not printed.
 */
async function holdUp(): Promise<void> {
  if (!deliversByKkt) return void (await ofd.configure({ permanent_failure: true }))
  await hurry({ kkt_print_timeout: 0.2 })
  await register?.configure({ cover_open: true })
}

/** Ends that. */
async function letGo(): Promise<void> {
  if (!deliversByKkt) return void (await ofd.configure({ permanent_failure: false }))
  await register?.configure({ cover_open: false })
  await whenStatus('all to be printed', ({ unprinted }) => unprinted === 0, limits.recoveredMs(limits.bufferMaxSize))
  await hurry({ kkt_print_timeout: limits.printTimeoutMs / 1000 })
}

describe('the status', () => {
  test('adds up, and has the time of the last sync', async () => {
    const before = await adapter.status()
    await adapter.print(receipt())
    await adapter.sync()
    const after = await adapter.status()
    expect(after.total_receipts - before.total_receipts).toBe(1)
    expect(after.synced - before.synced).toBe(1)
    expect(after).toMatchObject({
      total_capacity: limits.bufferMaxSize,
      current_queued: 0,
      percent_full: 0,
      network_status: 'online',
      unprinted: 0,
      pending: 0,
      syncing: 0,
      alert: false,
      oldest_pending_age_seconds: null,
      dlq_size: after.failed,
    })
    expect(Date.parse(after.last_sync_at ?? '')).toBeGreaterThanOrEqual(Date.parse(before.last_sync_at ?? '1970-01-01'))
  })

  test('counts receipts that are being sent as pending', async () => {
    await ofd.configure({ permanent_failure: true })
    await fill(8)
    const syncs = Promise.all([adapter.sync(), adapter.sync()])
    for (let looks = 0; looks < 20; looks += 1) {
      const { pending, syncing } = await adapter.status()
      expect({ pending, atMost: syncing <= pending }).toEqual({ pending: 8, atMost: true })
    }
    await syncs
  })

  test('raises the alert above BUFFER_ALERT_THRESHOLD', async () => {
    await holdUp()
    const threshold = Math.floor(limits.bufferMaxSize * limits.alertThreshold)
    await fill(threshold - 1)
    expect(await adapter.status()).toMatchObject({ alert: false, current_queued: threshold - 1 })
    await fill(2)
    const status = await adapter.status()
    expect(status).toMatchObject({ alert: true, current_queued: threshold + 1 })
    expect(status.percent_full).toBeCloseTo((100 * (threshold + 1)) / limits.bufferMaxSize, 1)
    await letGo()
  })
})

describe('invariant 9', () => {
  test('a full buffer answers 503 with Retry-After, stores nothing more, and takes the rest later', async () => {
    await holdUp()
    const [known, key] = [receipt(), newKey()]
    const first = await adapter.postReceipt(known, key)
    await fill(limits.bufferMaxSize - 4)

    const posId = newPosId('rush')
    const rush = Array.from({ length: 10 }, () => ({ sale: receipt({ pos_id: posId }), rushKey: newKey() }))
    const answers = await Promise.all(rush.map(({ sale, rushKey }) => adapter.postReceipt(sale, rushKey)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, ...Array(7).fill(503)])
    for (const answer of answers.filter(({ status }) => status === 503)) {
      expect(expectProblem(answer, 503).code).toBe('buffer_full')
      expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/)
    }
    expect((await adapter.receipts({ pos_id: posId })).receipts).toHaveLength(3)
    expect(await adapter.status()).toMatchObject({
      current_queued: limits.bufferMaxSize,
      percent_full: 100,
      alert: true,
    })

    const replay = await adapter.postReceipt(known, key)
    expect(replay).toMatchObject({ status: 200, text: first.text })
    expect(replay.headers.get('idempotency-replayed')).toBe('true')

    await letGo()
    await adapter.sync()
    for (const { sale, rushKey } of rush) await adapter.print(sale, rushKey)
    expect((await adapter.receipts({ pos_id: posId })).receipts).toHaveLength(10)
  })
})
