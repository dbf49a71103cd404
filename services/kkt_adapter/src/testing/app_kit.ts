/** The adapter's app in this process, with a KKT and an OFD that the test controls. */

import type { MockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { datesIn, localTimesIn } from '@kkt/platform/time_zone.ts'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { type AppDeps, createApp } from '../app.ts'
import { createBreaker } from '../delivery/breaker.ts'
import { createByRegister } from '../delivery/by_register.ts'
import { overHttp } from '../delivery/delivery.ts'
import type { DeliveryWay } from '../domain/state.ts'
import { logAccepted } from '../http/accepted_log.ts'
import { readHealth } from '../http/health_routes.ts'
import { type Pace, PaceKeeper } from '../http/pace.ts'
import type { SaleRules } from '../http/receipt_routes.ts'
import { createSampler } from '../http/samples.ts'
import { createStream } from '../http/stream_routes.ts'
import type { Journal } from '../journal/journal.ts'
import { createReceiptWaits } from '../live/receipt_waits.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { openAccess } from './access_kit.ts'
import { type AppState, cashierOf, freshState, machineOf, shown, statusOf } from './app_state.ts'
import { fiscalizerOf } from './fiscalizer_kit.ts'
import { freshKey, journalAndDb, TestOfd, testLease } from './kit.ts'
import { sharedApp } from './shared_app.ts'
import { testDesk } from './test_desk.ts'
import { TestKkt } from './test_kkt.ts'
import { createDelivery } from './worker_kit.ts'

export const PRINT_TIMEOUT_MS = 10_000

/** A receipt in a till's form. */
export const body = (overrides: Record<string, unknown> = {}) => ({
  pos_id: 'POS-001',
  type: 'sale',
  items: [{ name: 'Frame', price: 100, quantity: 1, total: 100, vat_rate: 22 }],
  payments: [{ type: 'cash', amount: 100 }],
  ...overrides,
})

/** The default settings. */
export const PACE: Pace = {
  syncIntervalMs: 30_000,
  breakerTimeoutMs: 60_000,
  heartbeatIntervalMs: 30_000,
  ofdTimeoutMs: 10_000,
  printDelayMinMs: 200,
  printDelayMaxMs: 500,
  printTimeoutMs: PRINT_TIMEOUT_MS,
}

export const OFD_URL = 'http://ofd.test/base/'

/** An OFD without a test control. */
const noControl = async (): Promise<Response> => new Response('no such page', { status: 404 })

type AppOptions = {
  /** Of the buffer. */
  maxSize?: number
  hasTestControl?: boolean
  /** Only for the routes of its control: the receipts go to the `TestKkt`. */
  mockKkt?: MockKkt | null
  version?: string
  /** Of delivery: `kkt` for a KKT that hands its documents to the OFD by itself. @default 'http' */
  way?: DeliveryWay
  /** Whether a sale at a rate that the law has ended is refused. @default true */
  refusesBadVat?: boolean
  /** @default looks for no twins */
  twinWindowMs?: number
  /** Whether a refund waits until the OFD holds its original. @default false */
  refundsNeedSynced?: boolean
  /** @default open to all */
  access?: (clock: TestClock) => Access
  /** Answers as the test control of the OFD. */
  ofdControl?: (request: Request) => Promise<Response>
}

/** One app for each set of routes. */
const APPS = {
  withoutControl: sharedApp(createApp),
  withControl: sharedApp(createApp),
  withMockKkt: sharedApp(createApp),
}

export function startApp(options: AppOptions = {}) {
  const { maxSize = 100, hasTestControl = true, mockKkt = null, version = '0.0.0', ofdControl = noControl } = options
  const { access: makeAccess = openAccess, way = 'http' } = options
  const clock = new TestClock()
  const pace = new PaceKeeper(PACE, clock)
  const { db, journal } = journalAndDb({ clock, maxUndelivered: maxSize, way, twinWindowMs: options.twinWindowMs ?? 0 })
  const [kkt, ofd] = [new TestKkt(), new TestOfd()]
  kkt.clock = clock
  const lease = testLease(journal)
  const { logger, logLines } = loggerOf(journal)
  const breaker = createBreaker({ threshold: 3, timeoutMs: 10_000, clock, onChange: () => undefined })
  const state = freshState()
  const rules = rulesOf(state, options)
  const onPrinted = () => delivery.nudge()
  const fiscalizer = fiscalizerOf({ journal, lease, clock, logger, driver: kkt, onPrinted })
  const metrics = createMetrics({ journal, clock })
  const { worker } = createDelivery({ journal, ofd, breaker, lease, clock, watch: metrics.delivery })
  const byKkt = () => watchOf({ journal, lease, clock, logger, watch: metrics.delivery }, kkt)
  const delivery = way === 'kkt' ? byKkt() : overHttp({ worker, breaker, ofd })
  const readStatus = statusOf({ journal, delivery, clock, maxSize, leaseState: () => state.lease })
  const sampler = createSampler({ journal, readStatus, clock, logger })
  const reads = { readStatus, readHealth: () => readHealth(deps) }
  const stream = createStream({ ...reads, alertThreshold: 0.8, journal, clock, sampler })
  const deps: AppDeps = {
    journal,
    waits: createReceiptWaits({ journal, clock, way }),
    monotonicMs: clock.monotonicMs,
    fiscalizer,
    delivery,
    stream,
    logger,
    readStatus,
    leaseState: () => state.lease,
    sampler,
    wallMs: clock.wallMs,
    desk: testDesk({ journal, driver: kkt, fiscalizer, clock, usualCashier: () => cashierOf(state) }),
    localTimeAt,
    shown: { kktId: 'KKT-001', alertThreshold: 0.8 },
    testControl: hasTestControl ? controlOf({ mockKkt, pace, clock, ofdControl }) : null,
    driver: kkt,
    kktState: () => kkt.state(),
    redis: null,
    tls: null,
    tills: null,
    rules,
    machine: machineOf(state),
    odooState: () => 'off',
    version,
    isOpen: false,
    access: makeAccess(clock),
    metrics: shown(metrics, { clock, delivery, kkt, maxSize, state }),
    get printTimeoutMs() {
      return pace.now.printTimeoutMs
    },
    isStopping: () => state.isStopping,
  }
  const handle = handlerFor({ hasTestControl, mockKkt })
  const app = { handle: (request: Request) => handle(deps, request) }
  const client = clientOf(app)
  fiscalizer.start()
  const stop = () => Promise.all([fiscalizer.stop(), worker.stop()])
  return { clock, db, journal, kkt, ofd, lease, breaker, worker, delivery, state, logLines, ...client, app, deps, stop }
}

const watchOf = (deps: Omit<Parameters<typeof createByRegister>[0], 'ask' | 'intervalMs'>, kkt: TestKkt) =>
  createByRegister({ ...deps, ask: () => kkt.state(), intervalMs: PACE.syncIntervalMs })

function loggerOf(journal: Journal) {
  const logLines: string[] = []
  const logger = createLogger('test', 'debug', (text) => logLines.push(...text.trimEnd().split('\n')))
  logAccepted({ journal, logger })
  return { logger, logLines }
}

type Controlled = { mockKkt: MockKkt | null; pace: PaceKeeper; clock: TestClock } & Required<
  Pick<AppOptions, 'ofdControl'>
>

const controlOf = ({ mockKkt, pace, clock, ofdControl }: Controlled) => ({
  mockKkt,
  kktChanged: () => undefined,
  pace,
  ofd: { url: OFD_URL, clock, send: ofdControl },
})

/** Shared by all apps, because making it takes a while. */
const dateAt = datesIn('Europe/Moscow')
const localTimeAt = localTimesIn('Europe/Moscow')

const rulesOf = (state: AppState, { refusesBadVat = true, refundsNeedSynced = false }: AppOptions): SaleRules => ({
  defaultsOf: () => state.tillDefaults,
  refusesBadVat,
  refundsNeedSynced,
  dateAt,
})

function handlerFor({ hasTestControl, mockKkt }: { hasTestControl: boolean; mockKkt: MockKkt | null }) {
  if (!hasTestControl) return APPS.withoutControl
  return mockKkt === null ? APPS.withControl : APPS.withMockKkt
}

function clientOf(app: { handle(request: Request): Promise<Response> }) {
  const read = async (path: string, init: RequestInit = {}, origin = 'http://localhost') => {
    const response = await app.handle(new Request(`${origin}${path}`, init))
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const ask = async (method: string, path: string, init: RequestInit = {}, origin = 'http://localhost') => {
    const answer = await read(path, { method, ...init }, origin)
    const json: unknown = answer.text === '' ? null : JSON.parse(answer.text)
    return { ...answer, json }
  }
  /** Posts a receipt as plain curl does: JSON under a form's content type. */
  const post = (receipt: unknown = body(), key: string = freshKey()) =>
    ask('POST', '/v1/kkt/receipt', {
      body: typeof receipt === 'string' ? receipt : JSON.stringify(receipt),
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': key },
    })
  return { read, ask, post }
}

export const problemOf = (json: unknown) =>
  z
    .object({ status: z.number(), code: z.string(), detail: z.string(), title: z.string(), type: z.string() })
    .loose()
    .parse(json)
