/** A worker over a journal, a breaker and an OFD of the test's own. */
import { TestClock } from '@kkt/platform/testing.ts'
import { type Breaker, createBreaker } from '../delivery/breaker.ts'
import { createDeliverer, type DeliveryWatch } from '../delivery/deliver.ts'
import { overHttp } from '../delivery/delivery.ts'
import type { OfdClient, OfdOutcome } from '../delivery/ofd_client.ts'
import { createWorker } from '../delivery/worker.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { ToDeliver } from '../journal/rows.ts'
import { memoryJournal, pending, quiet, statusOf, type TestLease, TestOfd, testLease } from './kit.ts'

export const THRESHOLD = 3
export const BREAKER_TIMEOUT_MS = 10_000
export const INTERVAL_MS = 5000

export const DOWN = { kind: 'unknown', reason: 'the OFD answered 503', isCutOff: false } as const
export const BAD_TOKEN = { kind: 'refused', blames: 'service', reason: 'the OFD answered 401' } as const

export type WorkerSettings = {
  maxRetryAttempts?: number
  maxInFlight?: number
  breakerTimeoutMs?: number
  settleMs?: number
  clock?: TestClock
  journal?: Journal
  ofd?: TestOfd
  /** Replaces the kit's OFD client. */
  clientOf?: (deps: { clock: TestClock; breaker: Breaker }) => OfdClient
}

type DeliveryParts = {
  journal: Journal
  ofd: OfdClient
  breaker: Breaker
  lease: TestLease
  clock: TestClock
  maxRetryAttempts?: number | undefined
  maxInFlight?: number | undefined
  settleMs?: number | undefined
  watch?: DeliveryWatch
}

export function createDelivery({
  journal,
  ofd,
  breaker,
  lease,
  clock,
  maxRetryAttempts = 20,
  maxInFlight = 10,
  settleMs = 0,
  watch = { attempted: () => undefined, delivered: () => undefined },
}: DeliveryParts) {
  const logger = quiet
  const deliverer = createDeliverer({
    journal,
    ofd,
    breaker,
    lease,
    clock,
    logger,
    maxRetryAttempts,
    settleMs,
    watch,
  })
  const random = () => 0.5
  const intervalMs = INTERVAL_MS
  const worker = createWorker({ journal, deliverer, breaker, lease, clock, logger, random, maxInFlight, intervalMs })
  return { deliverer, worker }
}

export function setUp({
  maxRetryAttempts,
  maxInFlight,
  settleMs,
  breakerTimeoutMs = BREAKER_TIMEOUT_MS,
  clientOf,
  clock = new TestClock(),
  journal = memoryJournal(clock),
  ofd = new TestOfd(),
}: WorkerSettings = {}) {
  const lease = testLease(journal)
  const changes: string[] = []
  const breaker = createBreaker({
    threshold: THRESHOLD,
    timeoutMs: breakerTimeoutMs,
    clock,
    onChange: (from, to) => changes.push(`${from}>${to}`),
  })
  const { deliverer, worker } = createDelivery({
    journal,
    ofd: clientOf?.({ clock, breaker }) ?? ofd,
    breaker,
    lease,
    clock,
    maxRetryAttempts,
    maxInFlight,
    settleMs,
  })
  /** Delivers one pending receipt without the worker. */
  const deliver = (receipt: ToDeliver, stopping = new AbortController().signal) =>
    deliverer.deliver({ receipt, since: null }, { isOwnFailure: () => true, goesOn: () => true, stopping })
  const at = (id: ReceiptId) => statusOf(journal, id)
  const receipt = (id: ReceiptId) => journal.queries.find(id)
  const till = (count: number, posId: string) =>
    Promise.all(Array.from({ length: count }, () => pending(journal, posId)))
  /** The OFD goes down: it keeps the receipts it had taken, but answers nothing. */
  const takeDown = () => {
    ofd.onDeliver = async () => DOWN
    ofd.onLookup = async () => ({ kind: 'unknown', reason: 'the OFD answered 503 to the look-up' })
  }
  const bringBack = () => {
    const fresh = new TestOfd()
    ofd.onDeliver = fresh.onDeliver
    ofd.onLookup = async (id) =>
      ofd.ledger.has(id) ? { kind: 'found', ofdId: `OFD-${id}`, atMs: null } : { kind: 'absent' }
  }
  /** Leaves a till's submissions unanswered until the returned function accepts them, or gives them `outcome`. */
  const hold = (posId: string) => {
    const { promise, resolve } = Promise.withResolvers<OfdOutcome | undefined>()
    const { onDeliver } = ofd
    ofd.onDeliver = async (sent, take) =>
      sent.content.posId === posId ? ((await promise) ?? take()) : onDeliver(sent, take)
    return (outcome?: OfdOutcome) => resolve(outcome)
  }
  const asked = () => ofd.sent.length + ofd.lookedUp.length
  return {
    clock,
    journal,
    ofd,
    lease,
    changes,
    breaker,
    deliverer,
    deliver,
    worker,
    delivery: overHttp({ worker, breaker, ofd }),
    at,
    receipt,
    till,
    takeDown,
    bringBack,
    hold,
    asked,
  }
}
