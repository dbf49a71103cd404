import { expect, test } from 'bun:test'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { deliveryWith } from '../testing/delivery_kit.ts'
import { HELD_HERE } from '../testing/kit.ts'
import { valuesOf } from '../testing/samples.ts'
import { scraping } from '../testing/scraping.ts'
import { createMetrics } from './metrics.ts'

test('each transition of a receipt is counted, and none is missing before its first', async () => {
  const { scrape, sell, sync, stop } = scraping()
  expect(await scrape()).toMatchObject({
    'receipt_transitions_total{from="new",to="accepted"}': 0,
    'receipt_transitions_total{from="failed",to="closed"}': 0,
  })
  await sell()
  await sell()
  await sync()
  expect(await scrape()).toMatchObject({
    'receipt_transitions_total{from="new",to="accepted"}': 2,
    'receipt_transitions_total{from="printing",to="pending"}': 2,
    'receipt_transitions_total{from="pending",to="syncing"}': 2,
    'receipt_transitions_total{from="syncing",to="synced"}': 2,
    'receipt_transitions_total{from="syncing",to="failed"}': 0,
    'receipts{status="synced"}': 2,
    'receipts{status="pending"}': 0,
  })
  await stop()
})

test('receipts of one commit are counted one by one, and the commit once', async () => {
  const { journal, scrape, post, clock, stop } = scraping()
  const before = await scrape()
  const sold = [post(), post(), post()]
  await clock.advance(0)
  await Promise.all(sold)
  const after = await scrape()
  const grown = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  expect(grown('receipt_transitions_total{from="new",to="accepted"}')).toBe(3)
  const commits = grown('commit_works_count')
  expect(grown('commit_fsync_seconds_count')).toBe(commits)
  expect(grown('commit_works_sum')).toBeGreaterThan(commits)
  await journal.write(() => undefined)
  expect((await scrape())['commit_works_count']).toBe((after['commit_works_count'] ?? 0) + 1)
  await stop()
})

test('without Redis nothing is told of it', async () => {
  const { journal, clock, breaker, kkt, state, stop } = scraping()
  const { scrape } = createMetrics({ journal, clock }).showing({
    version: '0.0.0',
    maxSize: 1,
    delivery: deliveryWith(breaker),
    kktState: kkt.state,
    leaseState: () => state.lease,
    redis: null,
    odooState: () => state.odoo,
    odooSilenceMs: clock.monotonicMs,
    machine: { openConnections: () => 0, freeBytes: async () => null },
  })
  expect(valuesOf(await scrape())).not.toContainKey('kkt_adapter_redis_up')
  await stop()
})

test('attempts are counted by the outcome at the OFD', async () => {
  const { ofd, scrape, sell, sync, stop } = scraping()
  const attempts = async () => {
    const values = await scrape()
    return ['done', 'refused', 'unknown'].map((outcome) => values[`delivery_attempts_total{outcome="${outcome}"}`])
  }
  expect(await attempts()).toEqual([0, 0, 0])
  ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: false })
  await sell()
  await sync()
  expect(await attempts()).toEqual([0, 0, 1])
  ofd.onDeliver = async () => ({ kind: 'refused', blames: 'service', reason: 'the OFD answered 401' })
  await sync()
  expect(await attempts()).toEqual([0, 1, 1])
  ofd.onDeliver = async (_receipt, take) => take()
  await sync()
  expect(await attempts()).toEqual([1, 1, 1])
  await stop()
})

test('fullness counts each receipt that takes a place, and the oldest pending one tells its age', async () => {
  const { kkt, scrape, sell, post, clock, sync, stop } = scraping({ maxSize: 8 })
  expect(await scrape()).toMatchObject({ buffer_fullness_ratio: 0, oldest_pending_age_seconds: 0 })
  await sell()
  kkt.onFiscalize = () => new Promise(() => undefined)
  void post()
  await clock.advance(60_000)
  expect(await scrape()).toMatchObject({ buffer_fullness_ratio: 0.25, oldest_pending_age_seconds: 60 })
  await sync()
  expect(await scrape()).toMatchObject({ buffer_fullness_ratio: 0.125, oldest_pending_age_seconds: 0 })
  void stop()
})

test('of several states the one that holds has 1', async () => {
  const { breaker, ofd, state, scrape, sell, sync, clock, stop } = scraping()
  const closed = { 'breaker_state{state="closed"}': 1, 'breaker_state{state="open"}': 0 }
  expect(await scrape()).toMatchObject({ ...closed, 'sender_lease{holder="this_process"}': 1 })
  ofd.onDeliver = async () => ({ kind: 'unknown', reason: 'no answer', isCutOff: false })
  await sell()
  while (breaker.snapshot.state === 'CLOSED') {
    await sync()
    await clock.advance(1000)
  }
  state.lease = { ...HELD_HERE, heldBy: 'another_host', fencingToken: null }
  state.odoo = 'offline'
  expect(await scrape()).toMatchObject({
    'breaker_state{state="closed"}': 0,
    'breaker_state{state="open"}': 1,
    'breaker_state{state="half_open"}': 0,
    'sender_lease{holder="this_process"}': 0,
    'sender_lease{holder="another_host"}': 1,
    'odoo_state{state="offline"}': 1,
    'odoo_state{state="online"}': 0,
  })
  await stop()
})

test("the KKT's trouble is told by its kind, and so is its silence", async () => {
  const { kkt, scrape, stop } = scraping()
  const troubles = async () =>
    Object.entries(await scrape()).flatMap(([name, value]) =>
      value === 1 && name.startsWith('kkt_trouble') ? [name] : [],
    )
  expect(await troubles()).toEqual([])
  kkt.trouble = 'paper_out'
  expect(await troubles()).toEqual(['kkt_trouble{kind="paper_out"}'])
  kkt.state = async () => null
  expect(await troubles()).toEqual(['kkt_trouble{kind="no_answer"}'])
  await stop()
})

test('a value that nobody knows is left out', async () => {
  const { state, scrape, clock, stop } = scraping()
  const absent = (name: string, values: Record<string, number>) => expect(Object.keys(values)).not.toContain(name)
  absent('heartbeat_age_seconds', await scrape())
  state.odoo = 'unknown'
  await clock.advance(5000)
  expect(await scrape()).toMatchObject({
    heartbeat_age_seconds: 5,
    buffer_disk_free_bytes: 1e9,
    redis_up: 1,
    open_connections: 3,
    'build_info{version="0.0.0"}': 1,
  })
  state.odoo = 'off'
  state.freeBytes = null
  state.redisFailure = 'READONLY'
  const values = await scrape()
  absent('heartbeat_age_seconds', values)
  absent('buffer_disk_free_bytes', values)
  expect(values).toMatchObject({ redis_up: 0 })
  await stop()
})

test('while the journal cannot be read the rest is still told, and nothing out of date', async () => {
  const { journal, scrape, sell, stop } = scraping()
  await sell()
  expect(await scrape()).toMatchObject({ database_up: 1, 'receipts{status="pending"}': 1 })
  const fails = () => {
    throw new StorageFailure('SQLITE_IOERR', { cause: new Error('disk') })
  }
  const kept = { ...journal.queries }
  const { failure } = journal
  for (const name of Object.keys(kept)) Reflect.set(journal.queries, name, fails)
  journal.failure = async () => 'SQLITE_IOERR'
  const values = await scrape()
  expect(values).toMatchObject({ database_up: 0, 'breaker_state{state="closed"}': 1, print_seconds_count: 1 })
  const ofBuffer = /^(receipts|buffer_fullness|dead_letters|oldest_pending)/
  expect(Object.keys(values).filter((name) => ofBuffer.test(name))).toEqual([])
  Object.assign(journal.queries, kept)
  journal.failure = failure
  expect(await scrape()).toMatchObject({ database_up: 1, 'receipts{status="pending"}': 1, dead_letters: 0 })
  await stop()
})

test('two adapters of one process count apart', async () => {
  const [one, other] = [scraping(), scraping()]
  await one.sell()
  const taken = 'receipt_transitions_total{from="new",to="accepted"}'
  expect([(await one.scrape())[taken], (await other.scrape())[taken]]).toEqual([1, 0])
  await Promise.all([one.stop(), other.stop()])
})

test('the process tells its memory, and its processor time only grows', async () => {
  const { scrape, stop } = scraping()
  const [first, second] = [await scrape(), await scrape()]
  expect(first['process_resident_memory_bytes']).toBeGreaterThan(1e6)
  expect(first['process_cpu_seconds_total']).toBeGreaterThan(0)
  expect(second['process_cpu_seconds_total']).toBeGreaterThanOrEqual(first['process_cpu_seconds_total'] ?? 0)
  await stop()
})

test('the answer says its format', async () => {
  const { read, stop } = scraping()
  const { headers, text } = await read('/metrics')
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(text).toEndWith('\n')
  await stop()
})
