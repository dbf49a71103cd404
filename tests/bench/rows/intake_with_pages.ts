import { costOf } from '../cost.ts'
import { inTurns, microsOf, type Row, ratesOf } from '../row.ts'
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
  besides: [
    {
      name: 'processor time a receipt, five pages open',
      ceiling: 'with no page open',
      unit: 'µs',
      // The same goal, where rates differ by chance.
      target: { atMost: 1.05 },
    },
  ],
  async how(bench) {
    const { url, processorMicros } = await bench.adapter()
    const pages = await bench.ceiling('tests/bench/ceilings/open_pages.ts')
    const holdOpen = async (count: number) => {
      await (await fetch(`${pages.url}/?url=${encodeURIComponent(url)}&pages=${count}`)).arrayBuffer()
    }
    const sold = (count: number) => async () => {
      await holdOpen(count)
      return costOf(processorMicros, () => sell(url, CONNECTIONS, BURST_SECONDS))
    }
    await sellSome(url, CONNECTIONS, WARM_REQUESTS)
    const turn = inTurns({ measured: sold(PAGES), ceiling: sold(0) })
    return {
      async round(index) {
        const done = await turn(index)
        return { ...ratesOf(done), besides: [microsOf(done)] }
      },
    }
  },
}
