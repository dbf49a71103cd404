import { costOf } from '../cost.ts'
import { inTurns, microsOf, type Row, ratesOf } from '../row.ts'
import { nextFullSale, nextSale, sell, sellSome } from '../sales.ts'
import { median } from '../statistics.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1
const WARM_REQUESTS = 20_000

export const intakeOfFullReceipts: Row = {
  name: 'intake, 32 connections, a full receipt of 5 items',
  ceiling: 'the same with the small receipt of 2 items',
  unit: 'receipts/s',
  // Its body is five times as long, and a receipt costs much that does not go by its length.
  target: { atLeast: 0.5 },
  besides: [
    {
      name: 'processor time of a full receipt',
      ceiling: 'that of a small one',
      unit: 'µs',
      target: { atMost: 2 },
    },
  ],
  async how(bench) {
    const { url, processorMicros } = await bench.adapter()
    const sold = (post: typeof nextSale) => () =>
      costOf(processorMicros, () => sell(url, CONNECTIONS, BURST_SECONDS, post))
    for (const post of [nextSale, nextFullSale]) await sellSome(url, CONNECTIONS, WARM_REQUESTS, post)
    const turn = inTurns({ measured: sold(nextFullSale), ceiling: sold(nextSale) })
    const ratios: number[] = []
    return {
      async round(index) {
        const done = await turn(index)
        ratios.push(done.ceiling.perSecond / done.measured.perSecond)
        return { ...ratesOf(done), besides: [microsOf(done)] }
      },
      notes: () => [`${median(ratios).toFixed(2)} small receipts in the time of a full one`],
    }
  },
}
