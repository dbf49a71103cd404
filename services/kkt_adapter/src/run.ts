import { randomUUID } from 'node:crypto'
import type { openMockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { keepCertificate } from '@kkt/platform/certificate.ts'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'
import type { Doors } from '@kkt/platform/doors.ts'
import type { Connection, Way } from '@kkt/platform/fetch.ts'
import { roomForConnections } from '@kkt/platform/listener/descriptors.ts'
import { createLogger, type Logger } from '@kkt/platform/logger.ts'
import { processIdentity } from '@kkt/platform/process_identity.ts'
import type { Handle, serve } from '@kkt/platform/serve.ts'
import { sparingly } from '@kkt/platform/sparingly.ts'
import manifest from '../package.json' with { type: 'json' }
import { keepTokens } from './access/token_keeper.ts'
import { createAdapter } from './adapter.ts'
import { createHandle } from './app.ts'
import { tellCautions } from './cautions.ts'
import { type Config, configOrExit, paceOf } from './config.ts'
import { PaceKeeper } from './http/pace.ts'
import { MAX_BODY_BYTES } from './http/receipt_schema.ts'
import { type createJournal, JOURNAL } from './journal/journal.ts'
import { createRedisLeases } from './lease/redis_leases.ts'
import { createOdooClient, HEARTBEAT_TIMEOUT_MS } from './odoo/client.ts'
import { openKkt } from './open_kkt.ts'
import type { Database } from './sqlite/database.ts'
import { freeBytes } from './sqlite/files.ts'
import { refuseUnfit } from './sqlite/fitness.ts'
import { logFileModes, logNewBuffer, onShutdown, orExit, refuseBehind } from './startup.ts'
import { keepTills } from './till_settings.ts'

const { version } = manifest

/** The names of the adapter's containers in the stack's network. */
const NAMES_IN_COMPOSE = ['kkt_adapter', 'kkt_adapter_2']

/** How often an operator is told that clients find no place. */
const TELL_FULL_MS = 60_000

/** The functions through which the process touches its surroundings. Tests pass in failing ones. */
export type Hands = {
  /** Opens the files of the journal and of the mock KKT's memory. @throws StorageFailure */
  openDatabase: (path: string, pageBytes?: number) => Database
  createJournal: typeof createJournal
  openMockKkt: typeof openMockKkt
  /** Sends a request to the OFD over a connection of this kind, on this way. */
  send: (request: Request, connection: Connection, way: Way) => Promise<Response>
  /** Sends a request to the service of a cash register. */
  sendToKkt: (request: Request, way: Way) => Promise<Response>
  serve: typeof serve
  /** From 0 to below 1. */
  random: () => number
}

/**
 * The adapter as a process: it reads the settings, listens, opens the KKT and the journal, recovers, and works until a
 * signal ends it. Requests that arrive before the recovery wait for its end, or for 3 seconds of it.
 */
export async function run(hands: Hands): Promise<void> {
  const { openDatabase, send, serve, random } = hands
  const config = configOrExit()
  const clock = systemClock
  const pace = new PaceKeeper(paceOf(config), clock)
  const logger = createLogger('kkt_adapter', config.logLevel)

  const tills = await orExit('The tills', () => keepTills(config.tills, { clock, logger }))

  // Listen before the buffer is opened, so that a start that is refused changes nothing in it.
  const app = Promise.withResolvers<Handle>()
  let handle: Handle = async (request) => (await app.promise)(request)
  const { server, tls, tokens } = await listen((request) => handle(request), serve, { config, clock, logger })

  await orExit('The buffer', () => refuseUnfit(config.buffer.dbPath, JOURNAL, { kktId: config.kktId }))
  const kkt = await orExit("The mock KKT's memory", () => openKkt(hands, { config, pace, clock, logger, tills }))
  const { driver } = kkt
  await refuseBehind(config.buffer.dbPath, driver, config.acceptedLoss)
  const journal = await orExit('The buffer', async () => {
    logFileModes([config.buffer.dbPath, ...(kkt.kind === 'mock' ? [kkt.path] : [])], logger)
    const opened = hands.createJournal(openDatabase(config.buffer.dbPath), {
      clock,
      logger,
      maxUndelivered: config.buffer.maxSize,
      way: config.delivery,
      twinWindowMs: config.twinWindowMs,
    })
    await opened.claim(config.kktId)
    return opened
  })
  if (journal.isNew) await logNewBuffer(config.buffer.dbPath, driver, logger)
  // Loaded on demand: both take long to load, and most adapters need only one of them.
  const mockOfd = hasMockOfd(config) ? (await import('@kkt/mock-ofd/app.ts')).createMockOfd({ clock, logger }) : null
  const redis =
    config.redis === null ? null : (await import('./lease/redis_link.ts')).connectRedis(config.redis, logger, clock)

  const adapter = createAdapter({
    config,
    version,
    clock,
    random,
    logger,
    journal,
    redis,
    tls,
    tills,
    tokens,
    pace,
    driver,
    mockKkt: kkt.kind === 'mock' ? kkt.driver : null,
    driverJournal: kkt.kind === 'mock' ? null : kkt.journal,
    self: processIdentity(randomUUID()),
    sendToOfd: async (request, connection) =>
      mockOfd ? mockOfd.app.handle(request) : send(request, connection, config.ofd.way),
    machine: {
      openConnections: server.openConnections,
      freeBytes: () => freeBytes(config.buffer.dbPath),
    },
    hosts: redis && createRedisLeases(redis, journal.totals.bufferId()),
    sendHeartbeat:
      config.odoo.url === null ? null : createOdooClient({ url: config.odoo.url, timeoutMs: HEARTBEAT_TIMEOUT_MS }),
  })

  await adapter.recover()
  handle = createHandle(adapter.served, doorsOf(config))
  app.resolve(handle)
  logger.info('listening', { port: server.port, version, kkt_id: config.kktId, ofd: ofdInWords(config) })
  tellCautions(config, driver, logger)
  adapter.start()
  for (const kept of [tls, tokens, tills]) kept?.start()

  onShutdown(async () => {
    await adapter.stop(() => server.stop())
    for (const kept of [tls, tokens, tills]) kept?.stop()
    redis?.close()
    driver.close()
    journal.close()
    logger.info('stopped')
  })
}

const hasMockOfd = ({ delivery, ofd }: Config): boolean => delivery === 'http' && ofd.url === null

function ofdInWords({ delivery, ofd }: Config): string {
  if (delivery === 'kkt') return 'reached by the KKT'
  return ofd.url === null ? 'in process' : new URL(ofd.url).host
}

const doorsOf = ({ allowedHosts, corsOrigins }: Config): Doors => ({
  hosts: [...NAMES_IN_COMPOSE, ...allowedHosts],
  origins: corsOrigins,
})

/** Null without tokens. */
async function openTokens({ config, clock, logger }: { config: Config; clock: Clock; logger: Logger }) {
  const { tokens: source } = config
  return source && (await orExit('The tokens', () => keepTokens(source, { clock, logger })))
}

/** Opens the port, with TLS where the settings name a certificate, and for clients with tokens where they name some. */
async function listen(
  handle: Handle,
  serve: Hands['serve'],
  { config, clock, logger }: { config: Config; clock: Clock; logger: Logger },
) {
  const tokens = await openTokens({ config, clock, logger })
  const { tls: files } = config
  const tls = files && (await orExit('The certificate', () => keepCertificate(files, { clock, logger })))
  const server = await orExit('The port', () => {
    const room = roomForConnections({ wanted: config.maxConnections, outgoing: config.sync.maxInFlight })
    return serve(handle, {
      hostname: config.host,
      port: config.port,
      identity: tls?.identity ?? null,
      limits: { ...room, bodyBytes: MAX_BODY_BYTES },
      onFull: sparingly(TELL_FULL_MS, clock, () => logger.warn('connections_full', { limit: room.connections })),
    })
  })
  return { server, tls, tokens }
}
