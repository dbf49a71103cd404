import type { Ground } from './adapter.ts'
import type { Delivery } from './delivery/delivery.ts'
import { type BufferStatus, createBufferStatus } from './http/buffer_status.ts'
import { createSampler } from './http/samples.ts'
import type { StandingDeps } from './http/standing_watch.ts'
import { createStream } from './http/stream_routes.ts'
import type { JournalLease } from './lease/journal_lease.ts'
import { readLeaseState } from './lease/lease_state.ts'
import type { SenderLease } from './lease/sender_lease.ts'
import { createReceiptWaits } from './live/receipt_waits.ts'
import { createHeartbeat } from './odoo/heartbeat.ts'
import type { OdooWatch } from './odoo/odoo_watch.ts'

type Parts = { delivery: Delivery; kktLease: JournalLease; senderLease: SenderLease | null; odoo: OdooWatch }

/** The readings of where the adapter stands. */
export function createStanding({ config, clock, journal, sendHeartbeat }: Ground, parts: Parts) {
  const { delivery, kktLease, senderLease, odoo } = parts
  const odooState = () => (sendHeartbeat === null ? 'off' : odoo.state)
  const leaseState = () => readLeaseState(kktLease, senderLease)
  const readStatus = createBufferStatus({
    journal,
    delivery,
    odooState,
    leaseState,
    wallMs: clock.wallMs,
    maxSize: config.buffer.maxSize,
    alertThreshold: config.buffer.alertThreshold,
  })
  return { odooState, leaseState, readStatus }
}

/** The parts that tell clients of changes as they come. */
export function createLive(
  { config, clock, logger, journal }: Ground,
  { readStatus, readHealth }: Pick<StandingDeps, 'readStatus' | 'readHealth'>,
) {
  const { alertThreshold } = config.buffer
  const waits = createReceiptWaits({ journal, clock, way: config.delivery })
  const sampler = createSampler({ journal, readStatus, clock, logger })
  const stream = createStream({ journal, clock, readStatus, readHealth, alertThreshold, sampler })
  return {
    waits,
    stream,
    sampler,
    /** Answers the clients that wait, and ends the streams: a stop must not wait for them. */
    end(): void {
      waits.stop()
      stream.close()
    },
  }
}

/** The heartbeat that tells Odoo where the adapter stands. Null without Odoo. */
export function createHeart(
  { sendHeartbeat, config, version, clock, pace }: Ground,
  { readStatus, odoo }: { readStatus: () => BufferStatus; odoo: OdooWatch },
) {
  if (sendHeartbeat === null) return null
  return createHeartbeat({
    send: sendHeartbeat,
    body: () => {
      const { network_status, percent_full, pending } = readStatus()
      return { kkt_id: config.kktId, status: network_status, buffer_fullness: percent_full / 100, pending, version }
    },
    get intervalMs() {
      return pace.now.heartbeatIntervalMs
    },
    clock,
    odoo,
  })
}
