import { expect, test } from 'bun:test'
import { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { createAdapter, type Ground } from './adapter.ts'
import { createApp } from './app.ts'
import { paceOf, parseConfig } from './config.ts'
import { PaceKeeper } from './http/pace.ts'
import { accepted, journalAndDb, quiet } from './testing/kit.ts'
import { readStream } from './testing/stream_reader.ts'
import { keepTills } from './till_settings.ts'

/** Longer than a stop waits for the work under way. */
const STOP_MS = 2000

/** A whole adapter whose surroundings are in memory, and go by one clock. */
function assembled() {
  const clock = new TestClock()
  const { journal } = journalAndDb({ clock })
  const config = parseConfig({ OFD_MODE: 'mock', ODOO_API_URL: 'http://127.0.0.1:8070' })
  const random = () => 0.5
  const ground: Ground = {
    config,
    version: '0.0.0',
    clock,
    random,
    logger: quiet,
    journal,
    driver: openMockKkt(openDatabase(':memory:'), { kktNumber: config.kktId, ...config.kkt }, { clock, random }),
    mockKkt: null,
    driverJournal: null,
    pace: new PaceKeeper(paceOf(config), clock),
    self: 'host|1|start',
    sendToOfd: async () => new Response(null, { status: 503 }),
    hosts: null,
    redis: null,
    tls: null,
    tills: keepTills(config.tills, { clock, logger: quiet }),
    tokens: null,
    machine: { openConnections: () => 0, freeBytes: async () => null },
    sendHeartbeat: async () => true,
  }
  return { clock, journal, adapter: createAdapter(ground) }
}

test('a stop answers the clients that wait, ends their streams, and leaves no timer behind', async () => {
  const { clock, journal, adapter } = assembled()
  const app = createApp(adapter.served)
  await adapter.recover()
  adapter.start()
  await clock.advance(10_000)
  const { id } = await accepted(journal)
  const waiting = app.handle(new Request(`http://localhost/v1/kkt/receipt/${id}?wait=synced&timeout=60`))
  const reader = readStream(await app.handle(new Request('http://localhost/v1/kkt/stream')))
  await clock.advance(1000)
  expect(clock.waiting).toBeGreaterThan(5)

  const stopped = adapter.stop(async () => undefined)
  expect((await waiting).status).toBe(503)
  expect(await reader.hasEnded()).toBe(true)
  await clock.advance(STOP_MS)
  await stopped
  expect(clock.waiting).toBe(0)
})
