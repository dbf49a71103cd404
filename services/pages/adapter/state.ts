import type { Connection } from '../kit/stream.ts'
import { type Raised, raisedAfter, type ToldAlert } from './alerts.ts'
import type { BufferStatus, Health, Sample, Samples } from './wire.ts'

/** As many as the adapter keeps: 15 minutes. */
export const MOST_SAMPLES = 180

/** All that the pages know of the adapter now. Its size has a bound, however long a page is open. */
export type Live = {
  connection: Connection
  status: BufferStatus | null
  health: Health | null
  raised: Raised
  samples: readonly Sample[]
  intervalSeconds: number
  /** By how much the adapter's clock is ahead of this browser's. */
  aheadMs: number
  /** When receipts were last seen to come and to go, by this browser's clock. */
  moved: { acceptedAtMs: number; syncedAtMs: number }
  /** Grows whenever lists that were read may be out of date. */
  news: number
}

export type Happening =
  | { kind: 'opened' | 'lost' | 'news' }
  | { kind: 'status'; status: BufferStatus; nowMs: number }
  | { kind: 'health'; health: Health }
  | { kind: 'alert'; alert: ToldAlert }
  | { kind: 'samples'; samples: Samples; nowMs: number }
  | { kind: 'sample'; sample: Sample; nowMs: number }

export const NOTHING_KNOWN: Live = {
  connection: 'connecting',
  status: null,
  health: null,
  raised: {},
  samples: [],
  intervalSeconds: 5,
  aheadMs: 0,
  moved: { acceptedAtMs: Number.NEGATIVE_INFINITY, syncedAtMs: Number.NEGATIVE_INFINITY },
  news: 0,
}

/** The state after an event. */
export function reduce(live: Live, event: Happening): Live {
  switch (event.kind) {
    case 'opened':
      // The adapter tells at once which alerts hold.
      return { ...live, connection: 'live', raised: {}, news: live.news + 1 }
    case 'lost':
      return { ...live, connection: 'lost' }
    case 'news':
      return { ...live, news: live.news + 1 }
    case 'status':
      return { ...live, status: event.status, moved: movement(live, event), news: live.news + 1 }
    case 'health':
      return { ...live, health: event.health }
    case 'alert':
      return { ...live, raised: raisedAfter(live.raised, event.alert) }
    case 'samples':
      return {
        ...live,
        samples: event.samples.samples.slice(-MOST_SAMPLES),
        intervalSeconds: event.samples.interval_seconds,
        aheadMs: Date.parse(event.samples.now) - event.nowMs,
      }
    case 'sample':
      return {
        ...live,
        samples: [...live.samples, event.sample].slice(-MOST_SAMPLES),
        aheadMs: Date.parse(event.sample.at) - event.nowMs,
      }
  }
}

function movement({ status: before, moved }: Live, { status, nowMs }: { status: BufferStatus; nowMs: number }) {
  if (before === null) return moved
  return {
    acceptedAtMs: status.total_receipts > before.total_receipts ? nowMs : moved.acceptedAtMs,
    syncedAtMs: status.synced > before.synced ? nowMs : moved.syncedAtMs,
  }
}

/** Receipts a minute that came and that went, at each sample: over the minute before it. */
export function perMinute(samples: readonly Sample[], intervalSeconds: number) {
  const width = Math.max(1, Math.round(60 / intervalSeconds))
  const over = (of: 'accepted' | 'synced') =>
    samples.map((_, i) => {
      const window = samples.slice(Math.max(0, i + 1 - width), i + 1)
      const sum = window.reduce((total, sample) => total + sample[of], 0)
      return Math.round((sum * 60) / (window.length * intervalSeconds))
    })
  return { accepted: over('accepted'), synced: over('synced') }
}

/** The time at the adapter, which its `next_probe_at` and the like go by. */
export const adapterMs = ({ aheadMs }: Pick<Live, 'aheadMs'>, nowMs: number): number => nowMs + aheadMs

/** Receipts that are accepted, and not yet handed to the KKT. */
export const waitingForKkt = ({ unprinted, printing, unknown }: BufferStatus): number => unprinted - printing - unknown

/** How the adapter is. Health comes every few seconds, and alerts sooner. */
export function overall({ health, raised }: Pick<Live, 'health' | 'raised'>): Health['status'] | null {
  if (health === null) return null
  return health.status === 'healthy' && Object.keys(raised).length > 0 ? 'degraded' : health.status
}
