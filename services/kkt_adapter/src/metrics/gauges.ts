import type { BreakerState } from '../delivery/breaker.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { KKT_TROUBLES, type KktState } from '../domain/kkt.ts'
import { STATUSES } from '../domain/state.ts'
import type { Journal } from '../journal/journal.ts'
import { placesTaken } from '../journal/totals.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { RedisLink } from '../lease/redis_link.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { readable } from '../sqlite/storage_failure.ts'
import { choose, show } from './gauge_kit.ts'
import { kktGauges } from './kkt_gauges.ts'
import type { MetricRegistry } from './registry.ts'

export type GaugesDeps = {
  journal: Journal
  wallMs: () => number
  /** `BUFFER_MAX_SIZE`. */
  maxSize: number
  version: string
  delivery: Pick<Delivery, 'way' | 'breaker' | 'untraced'>
  kktState: () => Promise<KktState | null>
  leaseState: () => LeaseState
  redis: Pick<RedisLink, 'failure'> | null
  odooState: () => OdooState
  /** Milliseconds since Odoo last accepted a heartbeat, or since the start. */
  odooSilenceMs: () => number
  machine: Machine
}

/** The process's share of its machine. */
export type Machine = {
  /** The number of clients' connections that are open now. */
  openConnections: () => number
  /** The bytes that may still be written beside the buffer. Null where the system does not tell. */
  freeBytes: () => Promise<number | null>
}

const HOLDERS: readonly LeaseState['heldBy'][] = ['this_process', 'another_process', 'another_host', 'nobody']
const ODOO_STATES: readonly OdooState[] = ['unknown', 'online', 'offline', 'off']
const BREAKER_STATES: readonly BreakerState[] = ['CLOSED', 'OPEN', 'HALF_OPEN']
const TROUBLES = [...KKT_TROUBLES, 'no_answer'] as const

/**
 * The gauges, which show the moment of a scrape.
 * @returns brings all of them up to date, at a cost that does not grow with the receipts
 */
export function createGauges(registry: MetricRegistry, deps: GaugesDeps): () => Promise<void> {
  const { gauge } = registry
  const database = gauge('kkt_adapter_database_up', '1 while receipts can be journaled, else 0.')
  const redis = gauge('kkt_adapter_redis_up', '1 while Redis takes commands, else 0. Absent without REDIS_URL.')
  const free = gauge('kkt_adapter_buffer_disk_free_bytes', "Free bytes on the file system of the buffer's files.")
  const trouble = gauge(
    'kkt_adapter_kkt_trouble',
    '1 for the trouble for which the KKT fiscalises nothing now. All are 0 while it is well.',
    ['kind'],
  )
  const showKkt = kktGauges(registry, deps)
  const showNow = [bufferGauges(registry, deps), linkGauges(registry, deps), processGauges(registry, deps)]
  return async () => {
    const [failure, kkt, redisFailure, freeBytes] = await Promise.all([
      deps.journal.failure(),
      deps.kktState(),
      deps.redis?.failure(),
      deps.machine.freeBytes(),
    ])
    database.set(failure === null ? 1 : 0)
    show(redis, redisFailure === undefined ? null : redisFailure === null ? 1 : 0)
    show(free, freeBytes)
    choose(trouble, TROUBLES, kkt === null ? 'no_answer' : kkt.trouble)
    showKkt(kkt)
    for (const showOne of showNow) showOne()
  }
}

/** All of them are absent while the journal cannot be read. */
function bufferGauges({ gauge }: MetricRegistry, { journal, wallMs, maxSize, delivery }: GaugesDeps): () => void {
  const receipts = gauge('kkt_adapter_receipts', 'Receipts in the buffer, by status.', ['status'])
  const fullness = gauge(
    'kkt_adapter_buffer_fullness_ratio',
    'Undelivered receipts as a share of BUFFER_MAX_SIZE. At 1 tills get 503.',
  )
  const deadLetters = gauge('kkt_adapter_dead_letters', 'Receipts that the OFD refused and that wait for a person.')
  const withoutPaper = gauge('kkt_adapter_receipts_without_paper', 'Receipts that are fiscalised and not yet on paper.')
  const untold = gauge(
    'kkt_adapter_receipts_untold',
    'Receipts whose outcome no look-up tells, because their FN was replaced or holds several documents that may be it, and that wait for a person.',
  )
  const untraced = gauge(
    'kkt_adapter_receipts_untraced',
    'Printed receipts whose FN was replaced before the KKT told that the OFD holds them, and that wait for a person.',
  )
  const unclearTasks = gauge(
    'kkt_adapter_tasks_unclear',
    'Tasks of which nothing tells whether the KKT did them, and that wait for a person.',
  )
  const halfDone = gauge(
    'kkt_adapter_corrections_half_done',
    'Corrections of which the KKT has refused one receipt, and that wait for a person.',
  )
  const twins = gauge(
    'kkt_adapter_twins',
    'Receipts in the buffer with the content of one that the same till sold a moment before.',
  )
  const oldestAge = gauge(
    'kkt_adapter_oldest_pending_age_seconds',
    'Age of the oldest printed receipt that the OFD is not known to hold. 0 without one.',
  )
  return () => {
    const counts = readable(journal.queries.counts)
    const oldestMs = readable(() => journal.queries.oldestUndeliveredPrintedAtMs() ?? wallMs())
    for (const status of STATUSES) {
      if (counts === null) receipts.remove(status)
      else receipts.labels(status).set(counts[status])
    }
    show(fullness, counts && placesTaken(counts, delivery.way) / maxSize)
    show(deadLetters, counts?.failed ?? null)
    show(withoutPaper, readable(journal.queries.countWithoutPaper))
    show(untold, readable(journal.queries.countUntold))
    show(untraced, counts && readable(delivery.untraced))
    show(unclearTasks, readable(journal.tasks.countUnclear))
    show(halfDone, readable(journal.corrections.countHalfDone))
    show(twins, readable(journal.twins.count))
    show(oldestAge, oldestMs === null ? null : Math.max(0, wallMs() - oldestMs) / 1000)
  }
}

function linkGauges({ gauge }: MetricRegistry, deps: GaugesDeps): () => void {
  const breaker = gauge(
    'kkt_adapter_breaker_state',
    "1 for the circuit breaker's state, 0 for the others. All are 0 where the KKT delivers by itself.",
    ['state'],
  )
  const lease = gauge(
    'kkt_adapter_sender_lease',
    '1 for the holder of the right to send, 0 for the others. All are 0 while the journal cannot be read.',
    ['holder'],
  )
  const odoo = gauge('kkt_adapter_odoo_state', "1 for Odoo's state as its heartbeats tell it, 0 for the others.", [
    'state',
  ])
  const silence = gauge(
    'kkt_adapter_heartbeat_age_seconds',
    'Time since Odoo last accepted a heartbeat, or since the start. Absent without ODOO_API_URL.',
  )
  const connections = gauge('kkt_adapter_open_connections', 'Connections of clients that are open.')
  return () => {
    const odooState = deps.odooState()
    const { state } = deps.delivery.breaker.snapshot
    choose(breaker, BREAKER_STATES, state === 'ABSENT' ? null : state)
    choose(lease, HOLDERS, readable(deps.leaseState)?.heldBy ?? null)
    choose(odoo, ODOO_STATES, odooState)
    show(silence, odooState === 'off' ? null : deps.odooSilenceMs() / 1000)
    connections.set(deps.machine.openConnections())
  }
}

/** prom-client's own metrics of the process need what Bun does not have, or what Deno does not allow. */
function processGauges(registry: MetricRegistry, { version }: GaugesDeps): () => void {
  const build = registry.gauge('kkt_adapter_build_info', 'Always 1, with the version of the adapter.', ['version'])
  const memory = registry.gauge('process_resident_memory_bytes', 'Memory of the process that is in RAM.')
  const cpu = registry.counter('process_cpu_seconds_total', 'Processor time that the process has used.')
  build.labels(version).set(1)
  return () => {
    const { user, system } = process.cpuUsage()
    memory.set(process.memoryUsage.rss())
    cpu.reset()
    cpu.inc((user + system) / 1_000_000)
  }
}
