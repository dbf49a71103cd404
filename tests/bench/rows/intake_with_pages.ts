import { inTurns, type Row } from '../row.ts'
import { sell, sellSome } from '../sales.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 2
const PAGES = 5
const WARM_REQUESTS = 20_000

export const intakeWithPages: Row = {
  name: 'intake with five pages open, 32 connections',
  ceiling: 'with no page open',
  unit: 'receipts/s',
  // Pages are told of receipts in sum, so they cost next to nothing.
  target: { atLeast: 0.95 },
  async how(bench) {
    const { url } = await bench.adapter()
    const pages = await bench.ceiling('tests/bench/ceilings/open_pages.ts')
    const holdOpen = async (count: number) => {
      await (await fetch(`${pages.url}/?url=${encodeURIComponent(url)}&pages=${count}`)).arrayBuffer()
    }
    const sold = (count: number) => async () => {
      await holdOpen(count)
      return (await sell(url, CONNECTIONS, BURST_SECONDS)).perSecond
    }
    await sellSome(url, CONNECTIONS, WARM_REQUESTS)
    return { round: inTurns({ measured: sold(PAGES), ceiling: sold(0) }) }
  },
}
