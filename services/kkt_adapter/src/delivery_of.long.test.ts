/** A whole adapter in front of a register that hands its documents to the OFD by itself. */
import { expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { createAdapter, type Ground } from './adapter.ts'
import { createApp } from './app.ts'
import { paceOf, parseConfig } from './config.ts'
import type { KktState } from './domain/kkt.ts'
import type { DeliveryWay } from './domain/state.ts'
import { PaceKeeper } from './http/pace.ts'
import { PATIENCE_MS } from './kkt/shared_state.ts'
import { body } from './testing/app_kit.ts'
import { journalAndDb, lastFd, quiet } from './testing/kit.ts'
import { TestKkt } from './testing/test_kkt.ts'
import { keepTills } from './till_settings.ts'

/** Longer than a stop waits for the work under way. */
const STOP_MS = 2000
const OTHERS = { REDIS_URL: 'redis://127.0.0.1:6379', SYNC_INTERVAL: '30', OFD_MODE: 'mock' }

function assembled({ way = 'kkt' as DeliveryWay, logger = quiet, isTold = true } = {}) {
  const clock = new TestClock()
  const { journal } = journalAndDb({ clock, way })
  const account = { KKT_URL: 'http://127.0.0.1:16732', KKT_LOGIN: 'till', KKT_PASSWORD: 'secret' }
  const config = parseConfig({ KKT_MODE: 'atol', ...account, DELIVERY: way, ...OTHERS })
  const [kkt, calls] = [new TestKkt(), { toOfd: 0, confirmed: 0 }]
  kkt.clock = clock
  const told = { unsent: { count: 0, firstFd: null, sinceMs: null } as KktState['unsent'], answersAfterMs: 0 }
  const confirmThrough = async () => {
    calls.confirmed += 1
  }
  const { state } = kkt
  Object.assign(kkt, {
    // It says what is unsent before it says its last document, as a real one.
    state: async () => {
      const { unsent, answersAfterMs } = told
      if (answersAfterMs > 0) await clock.wait(answersAfterMs)
      return { ...(await state()), unsent }
    },
    confirmThrough: isTold ? confirmThrough : null,
  })
  const ground: Ground = {
    config,
    version: '0.0.0',
    clock,
    random: () => 0.5,
    logger,
    journal,
    driver: kkt,
    mockKkt: null,
    driverJournal: null,
    pace: new PaceKeeper(paceOf(config), clock),
    self: 'host|1|start',
    sendToOfd: async () => {
      calls.toOfd += 1
      return new Response(null, { status: 503 })
    },
    hosts: null,
    redis: null,
    tls: null,
    tills: keepTills(config.tills, { clock, logger: quiet }),
    tokens: null,
    machine: { openConnections: () => 0, freeBytes: async () => null },
    sendHeartbeat: null,
  }
  const adapter = createAdapter(ground)
  const app = createApp(adapter.served)
  const ask = async (method: string, path: string, init: RequestInit = {}) => {
    const answer = await app.handle(new Request(`http://localhost${path}`, { method, ...init }))
    return { status: answer.status, json: (await answer.json()) as unknown }
  }
  const sell = () => {
    const headers = { 'idempotency-key': 'sale-1' }
    return ask('POST', '/v1/kkt/receipt', { headers, body: JSON.stringify(body({ pos_id: 'POS-001' })) })
  }
  const stop = async () => {
    const stopped = adapter.stop(async () => undefined)
    await clock.advance(STOP_MS)
    await stopped
    expect(clock.waiting).toBe(0)
  }
  return { clock, journal, kkt, adapter, config, calls, told, ask, sell, stop }
}

const sold = z.object({ receipt_id: z.guid() })

test('what is printed is synced by the word of the register alone, and nothing goes to an OFD', async () => {
  const { clock, journal, adapter, config, calls, told, ask, sell, stop } = assembled()
  expect([config.redis, config.ignored]).toEqual([null, ['REDIS_URL']])
  await adapter.recover()
  adapter.start()
  await clock.advance(1000)
  told.unsent = { count: 1, firstFd: lastFd() + 1, sinceMs: clock.wallMs() }
  const selling = sell()
  await clock.advance(1000)
  const { status, json } = await selling
  expect(status).toBe(200)
  const path = `/v1/kkt/receipt/${sold.parse(json).receipt_id}`
  await clock.advance(60_000)
  expect((await ask('GET', path)).json).toMatchObject({ status: 'pending' })
  expect((await ask('GET', '/v1/kkt/buffer/status')).json).toMatchObject({
    pending: 1,
    current_queued: 0,
    sender_lease: { held_by: 'this_process', fencing_token: expect.any(Number), hosts: 'off' },
  })
  expect((await ask('GET', '/v1/health')).json).toMatchObject({
    status: 'healthy',
    components: { sender_lease: { status: 'healthy' }, redis: { status: 'off' }, kkt: { unsent_count: 1 } },
  })
  told.unsent = { count: 0, firstFd: null, sinceMs: null }
  await clock.advance(30_000)
  expect((await ask('GET', path)).json).toMatchObject({ status: 'synced', ofd_id: null })
  expect([journal.queries.counts().synced, calls]).toEqual([1, { toOfd: 0, confirmed: 0 }])
  await stop()
})

test('a receipt is not synced by a report that was begun before its document', async () => {
  const { clock, journal, kkt, adapter, told, ask, sell, stop } = assembled()
  await adapter.recover()
  adapter.start()
  await clock.advance(1000)
  // A page asks, and nothing is unsent yet. The document is made before the KKT says which one is the last.
  told.answersAfterMs = 500
  const watched = ask('GET', '/v1/health')
  kkt.onFiscalize = async (_id, make) => {
    const doc = make()
    told.unsent = { count: 1, firstFd: doc.fdNumber, sinceMs: clock.wallMs() }
    await clock.wait(2000)
    return { kind: 'done', doc, paper: 'printed' }
  }
  const selling = sell()
  await clock.advance(500)
  await watched
  told.answersAfterMs = 4 * PATIENCE_MS
  await clock.advance(1500)
  expect((await selling).status).toBe(200)
  await clock.advance(10_000)
  expect(journal.queries.counts()).toMatchObject({ pending: 1, synced: 0 })
  told.answersAfterMs = 0
  told.unsent = { count: 0, firstFd: null, sinceMs: null }
  await clock.advance(60_000)
  expect(journal.queries.counts()).toMatchObject({ pending: 0, synced: 1 })
  await stop()
})

test('a register that delivers by itself is told nothing of the OFD where the adapter delivers, too', async () => {
  const log: string[] = []
  const logger = createLogger('test', 'warn', (line) => log.push(line))
  const { clock, adapter, stop } = assembled({ way: 'http', logger, isTold: false })
  await adapter.recover()
  adapter.start()
  await clock.advance(61_000)
  expect(log).toEqual([])
  await stop()
})
