import { paced } from '../paced.ts'
import { inTurns, type Row } from '../row.ts'
import { nextSale, RECEIPT_PATH, sell } from '../sales.ts'
import { median, percentile } from '../statistics.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1.5
const SHARE_OF_MAXIMUM = 0.7
const PROBES = 3
const PROBE_SECONDS = 1

export const latency32: Row = {
  name: 'p99 at 70 % of the maximum rate, 32 connections',
  ceiling: 'that of the Elysia handler at 70 % of its own',
  unit: 'ms',
  target: { atMost: 4 },
  async how(bench) {
    const adapter = await bench.adapter()
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const rates = { adapter: await paceFor(adapter.url), handler: await paceFor(handler.url) }
    return {
      round: inTurns({
        measured: () => p99(adapter.url, rates.adapter),
        ceiling: () => p99(handler.url, rates.handler),
      }),
      notes: () => [`at ${Math.round(rates.adapter)} receipts/s, the ceiling at ${Math.round(rates.handler)}`],
    }
  },
}

async function paceFor(url: string): Promise<number> {
  const rates: number[] = []
  for (let probe = 0; probe < PROBES; probe++) {
    rates.push((await sell(url, CONNECTIONS, PROBE_SECONDS)).perSecond)
  }
  return SHARE_OF_MAXIMUM * median(rates)
}

async function p99(url: string, perSecond: number): Promise<number> {
  const send = async () => {
    const response = await fetch(url + RECEIPT_PATH, { method: 'POST', ...nextSale() })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  }
  return percentile(await paced({ send, perSecond, connections: CONNECTIONS, seconds: BURST_SECONDS }), 99)
}
