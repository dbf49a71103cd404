import { paced } from '../paced.ts'
import { figure } from '../report.ts'
import { inTurns, type Row } from '../row.ts'
import { nextSale, RECEIPT_PATH, sell } from '../sales.ts'
import { median, percentile } from '../statistics.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1.5
const SHARE_OF_MAXIMUM = 0.7
/** Just before each burst, for what the machine can do changes. */
const PROBE_SECONDS = 0.7

export const latency32: Row = {
  name: 'p99 at 70 % of the maximum rate, 32 connections',
  ceiling: 'that of the Elysia handler at 70 % of its own',
  unit: 'ms',
  target: { atMost: 4 },
  async how(bench) {
    const adapter = await bench.adapter()
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const p99Of = (url: string, paces: number[]) => async () => {
      const { perSecond } = await sell(url, CONNECTIONS, PROBE_SECONDS)
      paces.push(SHARE_OF_MAXIMUM * perSecond)
      return await p99(url, Math.max(1, SHARE_OF_MAXIMUM * perSecond))
    }
    const paces = { measured: [] as number[], ceiling: [] as number[] }
    const both = { measured: p99Of(adapter.url, paces.measured), ceiling: p99Of(handler.url, paces.ceiling) }
    await both.ceiling()
    await both.measured()
    return {
      round: inTurns(both),
      notes: () => [`at ${figure(median(paces.measured))} receipts/s, the ceiling at ${figure(median(paces.ceiling))}`],
    }
  },
}

async function p99(url: string, perSecond: number): Promise<number> {
  const send = async () => {
    const response = await fetch(url + RECEIPT_PATH, { method: 'POST', ...nextSale() })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  }
  return percentile(await paced({ send, perSecond, connections: CONNECTIONS, seconds: BURST_SECONDS }), 99)
}
