import { describe, expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import {
  onHealedStack,
  whenFailed,
  whenJustOpened,
  whenOpen,
  whenReopened,
  whenStatus,
  whenSynced,
} from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

const print = () => adapter.print(receipt({ pos_id: newPosId('breaker') }))

/** Prints one receipt of each till, one after the other. */
async function printMany(count: number): Promise<string[]> {
  const ids = []
  for (let i = 0; i < count; i += 1) ids.push((await print()).receipt_id)
  return ids
}

/** The newest first. */
async function breakerEventsSince(id: number | string | undefined) {
  const { events } = await adapter.events({ kind: 'breaker', limit: 50 })
  const known = events.findIndex((event) => event.id === id)
  return known < 0 ? events : events.slice(0, known)
}

const retriesOf = (ids: string[]) => Promise.all(ids.map(async (id) => (await adapter.receipt(id)).retry_count))

describe.skipIf(deliversByKkt)('invariant 11', () => {
  test('THRESHOLD failures in a row open the breaker, one fewer does not', async () => {
    await ofd.configure({ failure_count: limits.breakerThreshold - 1 })
    const { receipt_id } = await print()
    for (let tries = 0; tries < limits.breakerThreshold; tries += 1) await adapter.sync()
    await whenSynced(receipt_id)
    const [before] = (await adapter.events({ kind: 'breaker', limit: 1 })).events

    await ofd.configure({ permanent_failure: true })
    await printMany(limits.breakerThreshold)
    const { circuit_breaker: breaker, network_status } = await whenOpen()
    expect(network_status).toBe('offline')
    expect(Date.parse(breaker.next_probe_at ?? '') - Date.parse(breaker.opened_at ?? '')).toBe(limits.breakerTimeoutMs)
    const [opened, ...later] = (await breakerEventsSince(before?.id)).toReversed()
    expect(opened).toMatchObject({ from: 'CLOSED', to: 'OPEN' })
    // On a busy machine probes may have failed before this look, and each counts as a failure in a row.
    const failedProbes = later.filter(({ to }) => to === 'OPEN').length
    expect(breaker.failure_count).toBeGreaterThanOrEqual(limits.breakerThreshold)
    expect(breaker.failure_count).toBeLessThanOrEqual(limits.breakerThreshold + failedProbes)
  })

  test('an open breaker sends nothing and counts no attempt until its probe, which fails and opens it again', async () => {
    await ofd.configure({ permanent_failure: true })
    const tried = await printMany(limits.breakerThreshold)
    const opened = await whenJustOpened()
    const { call_count: calls } = await ofd.health()
    const retries = await retriesOf(tried)

    const untried = await printMany(2)
    expect((await adapter.status()).circuit_breaker).toEqual(opened.circuit_breaker)
    expect((await ofd.health()).call_count).toBe(calls)
    expect(await retriesOf([...tried, ...untried])).toEqual([...retries, 0, 0])

    const reopened = await whenReopened(opened.circuit_breaker.opened_at)
    const openForMs =
      Date.parse(reopened.circuit_breaker.opened_at ?? '') - Date.parse(opened.circuit_breaker.opened_at ?? '')
    expect(openForMs).toBeGreaterThanOrEqual(limits.breakerTimeoutMs)
    expect((await ofd.health()).call_count).toBeLessThanOrEqual(calls + 1)
    expect(await retriesOf([...tried, ...untried])).toEqual([...retries, 0, 0])
  })

  test('a probe that succeeds closes the breaker, and everything is delivered', async () => {
    await ofd.configure({ permanent_failure: true })
    const ids = await printMany(limits.breakerThreshold + 1)
    const { circuit_breaker: open } = await whenOpen()
    await ofd.configure({ permanent_failure: false })

    for (const id of ids) {
      const { synced_at } = await whenSynced(id, limits.probedMs + limits.deliveredMs)
      expect(Date.parse(synced_at ?? '')).toBeGreaterThanOrEqual(Date.parse(open.next_probe_at ?? ''))
    }
    expect((await adapter.status()).circuit_breaker).toEqual({
      state: 'CLOSED',
      failure_count: 0,
      opened_at: null,
      next_probe_at: null,
    })
    const { events } = await adapter.events({ kind: 'breaker', limit: 3 })
    expect(events.map(({ to }) => to)).toEqual(['CLOSED', 'HALF_OPEN', 'OPEN'])
    expect(await ofd.health()).toMatchObject({ receipts_received: ids.length, duplicates: 0, out_of_order: 0 })
  })

  test('a manual sync probes at once, whether the breaker is open or not, and delivers everything', async () => {
    await ofd.configure({ permanent_failure: true })
    const ids = await printMany(limits.breakerThreshold + 2)
    await whenJustOpened()
    await ofd.configure({ permanent_failure: false })

    const answer = await adapter.sync()
    expect(answer).toMatchObject({ synced: ids.length, failed: 0, skipped: 0, remaining: 0 })
    expect(answer.duration_seconds * 1000).toBeLessThan(limits.breakerTimeoutMs)
    expect(await adapter.status()).toMatchObject({ pending: 0, circuit_breaker: { state: 'CLOSED', failure_count: 0 } })
    expect(await ofd.health()).toMatchObject({ receipts_received: ids.length, duplicates: 0 })
  })

  test('a manual sync whose probe fails leaves the breaker open and the receipts where they are', async () => {
    await ofd.configure({ permanent_failure: true })
    const ids = await printMany(limits.breakerThreshold + 2)
    await whenJustOpened()
    const { call_count: calls } = await ofd.health()

    expect(await adapter.sync()).toMatchObject({ synced: 0, remaining: ids.length })
    expect(await adapter.status()).toMatchObject({ pending: ids.length, circuit_breaker: { state: 'OPEN' } })
    expect((await ofd.health()).call_count).toBeLessThanOrEqual(calls + 1)
  })
})

describe.skipIf(deliversByKkt)('an OFD that sends Retry-After', () => {
  const HOUR_SECONDS = 3600
  const whenAskedToWait = () =>
    whenStatus(
      'the next attempt to have a time',
      ({ circuit_breaker }) => circuit_breaker.next_probe_at !== null,
      limits.deliveredMs,
    )

  test.each(['unavailable', 'too_many_requests'])(
    '%s: no till sends before that time, and then all do',
    async (fault) => {
      await ofd.configure({ [fault]: { retry_after: 1, times: 1, operation: 'submit' } })
      const { receipt_id } = await print()
      const asked = await whenAskedToWait()
      expect(asked).toMatchObject({ network_status: 'degraded', circuit_breaker: { state: 'CLOSED', opened_at: null } })
      const other = await print()
      for (const id of [receipt_id, other.receipt_id]) {
        const { synced_at } = await whenSynced(id)
        expect(Date.parse(synced_at ?? '')).toBeGreaterThanOrEqual(
          Date.parse(asked.circuit_breaker.next_probe_at ?? ''),
        )
      }
      expect((await adapter.status()).circuit_breaker.next_probe_at).toBeNull()
      expect(await ofd.health()).toMatchObject({ receipts_received: 2, duplicates: 0 })
    },
  )

  test('of an hour: a manual sync still delivers at once', async () => {
    await ofd.configure({ unavailable: { retry_after: HOUR_SECONDS, times: 1, operation: 'submit' } })
    await print()
    const { circuit_breaker: waiting } = await whenAskedToWait()
    expect((await adapter.health()).components.circuit_breaker).toMatchObject({ next_probe_at: waiting.next_probe_at })
    expect(await adapter.sync()).toMatchObject({ synced: 1, failed: 0, skipped: 0, remaining: 0 })
    expect((await adapter.status()).circuit_breaker.next_probe_at).toBeNull()
  })
})

describe.skipIf(deliversByKkt)('invariant 7', () => {
  test('THRESHOLD different receipts refused in a row open the breaker, and the rest is kept', async () => {
    const bad = newPosId('refused')
    await ofd.configure({ refuse: { pos_id: bad, status: 422 } })
    for (let i = 1; i < limits.breakerThreshold; i += 1) {
      await whenFailed((await adapter.print(receipt({ pos_id: bad }))).receipt_id)
    }
    const last = await adapter.print(receipt({ pos_id: bad }))
    await whenOpen()
    const next = await adapter.print(receipt({ pos_id: bad }))
    expect((await adapter.status()).circuit_breaker.state).toBe('OPEN')
    for (const { receipt_id } of [last, next]) {
      expect(await adapter.receipt(receipt_id)).toMatchObject({ status: 'pending', retry_count: 0 })
    }
  })

  test('one receipt refused again and again counts as one, and the breaker stays closed', async () => {
    const bad = newPosId('refused')
    await ofd.configure({ refuse: { pos_id: bad, status: 422 } })
    const { receipt_id } = await adapter.print(receipt({ pos_id: bad }))
    for (let refusals = 0; refusals <= limits.breakerThreshold; refusals += 1) {
      await whenFailed(receipt_id)
      expect((await adapter.status()).circuit_breaker.state).toBe('CLOSED')
      await adapter.requeue(receipt_id)
    }
  })

  test('a delivery between refusals keeps the breaker closed', async () => {
    const bad = newPosId('refused')
    await ofd.configure({ refuse: { pos_id: bad, status: 422 } })
    for (let round = 0; round < 2; round += 1) {
      for (let i = 1; i < limits.breakerThreshold; i += 1) {
        await whenFailed((await adapter.print(receipt({ pos_id: bad }))).receipt_id)
      }
      await whenSynced((await print()).receipt_id)
      expect((await adapter.status()).circuit_breaker).toMatchObject({ state: 'CLOSED', failure_count: 0 })
    }
  })
})
