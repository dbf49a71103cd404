import type { Bench } from './bench.ts'
import { drainRate } from './drain_rate.ts'
import type { Ofd } from './ofd.ts'
import { readStatus, sell } from './sales.ts'
import { A_MILLION } from './sizes.ts'
import { startTime } from './start.ts'
import { median } from './statistics.ts'

/** Delivered receipts in the buffer. */
export const GROWTH_SIZES = [1000, 10_000, 100_000, A_MILLION.synced] as const
const { pending } = A_MILLION

export const GROWTH_MEASURES = [
  { key: 'startMs', name: 'start', unit: 'ms' },
  { key: 'drainedPerSecond', name: 'draining', unit: 'receipts/s' },
  { key: 'statusPerSecond', name: 'buffer status', unit: 'answers/s' },
  { key: 'soldPerSecond', name: 'intake', unit: 'receipts/s' },
  { key: 'residentMebibytes', name: 'memory', unit: 'MiB' },
] as const
type Values = Record<(typeof GROWTH_MEASURES)[number]['key'], number>

/** An adapter's figures with a buffer of this size. */
export type Grown = { size: number; values: Values }

const DRAINED_WITHIN_SECONDS = 10
const STATUS_CONNECTIONS = 8
const SALES_CONNECTIONS = 32
const BURSTS = 3
const BURST_SECONDS = 0.7

/** One pass over the sizes: it shows what grows with the buffer, which is by tens and not by hundredths. */
export async function measureGrowth(bench: Bench, size: number): Promise<Grown> {
  const ofd = await bench.ofd()
  const bufferPath = await bench.buffers.copy({ synced: size, pending })
  const { startMs, started } = await startTime(() => bench.adapter({ bufferPath, ofdUrl: ofd.url }))
  const drained = await drainRate(ofd, { receipts: pending, atMostSeconds: DRAINED_WITHIN_SECONDS })
  const statusPerSecond = await inBursts(() => readStatus(started.url, STATUS_CONNECTIONS, BURST_SECONDS))
  const soldPerSecond = await sellOffline(ofd, started.url)
  const residentMebibytes = started.residentBytes() / 2 ** 20
  return {
    size,
    values: { startMs, drainedPerSecond: drained.perSecond, statusPerSecond, soldPerSecond, residentMebibytes },
  }
}

/** As the rows about intake do. */
async function sellOffline(ofd: Ofd, url: string): Promise<number> {
  await ofd.configure({ permanent_failure: true })
  return await inBursts(() => sell(url, SALES_CONNECTIONS, BURST_SECONDS))
}

async function inBursts(load: () => Promise<{ perSecond: number }>): Promise<number> {
  const rates: number[] = []
  for (let burst = 0; burst < BURSTS; burst++) rates.push((await load()).perSecond)
  return median(rates)
}
