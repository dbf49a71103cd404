import { randomUUID } from 'node:crypto'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger, errorFields } from '@kkt/platform/logger.ts'
import { processIdentity } from '@kkt/platform/process_identity.ts'
import { serve } from '@kkt/platform/serve.ts'
import manifest from '../package.json' with { type: 'json' }
import { createApp } from './app.ts'
import { createBufferStatus } from './buffer/status.ts'
import { configOrExit } from './config.ts'
import { openJournal } from './journal/journal.ts'
import { createPruner } from './journal/pruner.ts'
import { openMockKkt } from './kkt/mock/mock_kkt.ts'
import { createOdooClient, HEARTBEAT_TIMEOUT_MS } from './odoo/client.ts'
import { createHeartbeat } from './odoo/heartbeat.ts'
import { createBreaker } from './ofd/breaker.ts'
import { createOfdClient } from './ofd/client.ts'
import { createFiscalizer } from './receipts/fiscalize.ts'
import { connectRedis } from './redis.ts'
import { onShutdown, orExit } from './startup.ts'
import { createDeliverer } from './sync/deliver.ts'
import { createJournalLease } from './sync/lease.ts'
import { createWorker } from './sync/worker.ts'

/** What is being printed or sent at SIGTERM gets so long to end; then what is being sent is cut off. */
const FINISH_MS = 1200
const ABORT_MS = 200

const { version } = manifest
const clock = systemClock
const random = Math.random
const config = configOrExit()
const logger = createLogger('kkt_adapter', config.logLevel)

function audit(kind: 'breaker' | 'odoo', from: string, to: string): void {
  logger.info(`${kind}_changed`, { from, to })
  journal
    .write(() => journal.events.record(kind, from, to, null))
    .catch((error) => logger.warn('event_not_recorded', errorFields(error)))
}

// Where receipts are kept, and the cash register.
const journal = orExit('The buffer', () =>
  openJournal(config.buffer.dbPath, { clock, maxUndelivered: config.buffer.maxSize }),
)
const driver = orExit("The mock KKT's memory", () =>
  openMockKkt({ kktNumber: config.kktId, ...config.kkt }, { clock, random }),
)

// Who may drive the cash register and send for it.
const lease = createJournalLease({
  journal,
  clock,
  logger,
  self: processIdentity(randomUUID()),
  name: config.kktId,
  onTaken: () => {
    fiscalizer.nudge()
    worker.takeOver()
  },
})
const fiscalizer = createFiscalizer({ journal, driver, lease, clock, logger, onPrinted: () => worker.nudge() })

// Delivery to the OFD.
const mockOfd = config.ofd.url === null ? createMockOfd({ clock, logger }) : null
const ofd = createOfdClient({
  url: config.ofd.url ?? 'http://mock-ofd.internal',
  kktId: config.kktId,
  timeoutMs: config.ofd.timeoutMs,
  send: async (request) => (mockOfd ? mockOfd.app.handle(request) : fetch(request)),
})
const breaker = createBreaker({
  ...config.breaker,
  clock,
  onChange: (from, to) => audit('breaker', from, to),
})
const deliverer = createDeliverer({
  journal,
  ofd,
  breaker,
  lease,
  logger,
  maxRetryAttempts: config.sync.maxRetryAttempts,
})
const worker = createWorker({ journal, deliverer, breaker, lease, clock, logger, random, ...config.sync })

// What the others get to see.
const heartbeat =
  config.odoo.url === null
    ? null
    : createHeartbeat({
        send: createOdooClient({ url: config.odoo.url, timeoutMs: HEARTBEAT_TIMEOUT_MS }),
        body: () => {
          const { network_status, percent_full, pending } = readStatus()
          return { kkt_id: config.kktId, status: network_status, buffer_fullness: percent_full / 100, pending, version }
        },
        intervalMs: config.odoo.intervalMs,
        clock,
        onChange: (from, to) => audit('odoo', from, to),
      })
const odooState = () => heartbeat?.state ?? 'off'
const readStatus = createBufferStatus({
  journal,
  breaker,
  odooState,
  wallMs: clock.wallMs,
  maxSize: config.buffer.maxSize,
  alertThreshold: config.buffer.alertThreshold,
})
const redis = config.redisUrl === null ? null : connectRedis(config.redisUrl, logger)
const pruner = createPruner({ journal, clock, logger, retentionDays: config.retentionDays })

// What a crash left unsettled comes before any new work.
await lease.turn()
await fiscalizer.recover()

let isStopping = false
const app = createApp({
  ...{ journal, fiscalizer, worker, driver, lease, breaker, redis, logger, version, readStatus, odooState },
  printTimeoutMs: config.kkt.printTimeoutMs,
  isStopping: () => isStopping,
})
const server = orExit('The port', () =>
  serve(app.fetch, { hostname: config.host, port: config.port, idleTimeoutSeconds: 255 }),
)
logger.info('listening', {
  port: server.port,
  version,
  kkt_id: config.kktId,
  ofd: config.ofd.url === null ? 'in process' : new URL(config.ofd.url).host,
})

lease.start()
fiscalizer.start()
worker.start()
heartbeat?.start()
pruner.start()

onShutdown(async () => {
  isStopping = true
  const answered = server.stop()
  const finished = Promise.all([fiscalizer.stop(), worker.stop(), heartbeat?.stop(), pruner.stop(), answered])
  await Promise.race([finished, clock.wait(FINISH_MS)])
  ofd.abort()
  await Promise.race([finished, clock.wait(ABORT_MS)])
  await lease.release()
  redis?.close()
  driver.close()
  journal.close()
  logger.info('stopped')
})
