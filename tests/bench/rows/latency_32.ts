import { paced } from '../paced.ts'
import { figure } from '../report.ts'
import { inTurns, type Row } from '../row.ts'
import { nextSale, RECEIPT_PATH, sell } from '../sales.ts'
import { median, percentile } from '../statistics.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1.5
/** A receipt waits for two commits that others share, which the handler has none of. */
const GOAL = 3
const HORIZON = 2
const SHARE_OF_MAXIMUM = 0.7
/** Just before each burst, for what the machine can do changes. */
const PROBE_SECONDS = 0.7

export const latency32: Row = {
  name: 'p99 at 70 % of the maximum rate, 32 connections',
  ceiling: 'that of the Elysia handler at 70 % of its own',
  unit: 'ms',
  target: { atMost: GOAL },
  horizon: HORIZON,
  async how(bench) {
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const p99Of = (url: string, paces: number[] = []) => ({
      paces,
      async p99() {
        const perSecond = Math.max(1, SHARE_OF_MAXIMUM * (await sell(url, CONNECTIONS, PROBE_SECONDS)).perSecond)
        paces.push(perSecond)
        return await p99(url, perSecond)
      },
    })
    const ceiling = p99Of(handler.url)
    const paces: number[][] = []
    const adapters = await bench.ofEach(async ({ adapter }) => {
      const one = p99Of((await adapter()).url)
      paces.push(one.paces)
      return one.p99
    })
    await ceiling.p99()
    await adapters.measured()
    await adapters.base?.()
    return {
      round: inTurns({ ...adapters, ceiling: ceiling.p99 }),
      notes: () => {
        const [own = '', base] = paces.map((of) => `${figure(median(of))} receipts/s`)
        const before = base === undefined ? '' : `, before at ${base}`
        return [`at ${own}${before}, the ceiling at ${figure(median(ceiling.paces))}`]
      },
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
