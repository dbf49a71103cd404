import { drainRate } from '../drain_rate.ts'
import { inTurns, type Row } from '../row.ts'
import { TILLS } from '../sales.ts'

const RECEIPTS = 20_000
/** A slow one is judged by what it has done by then. */
const AT_MOST_SECONDS = 6

export const drain: Row = {
  name: 'draining 20 000 receipts of 40 tills',
  ceiling: 'a bare fetch loop with 40 in flight',
  unit: 'receipts/s',
  target: { atLeast: 0.75 },
  mostRounds: 3,
  async how(bench) {
    const ofd = await bench.ofd()
    const fill = { synced: 0, pending: RECEIPTS }
    const original = await bench.buffers.original(fill)
    return {
      // Each has a process of its own each time: both begin cold.
      round: inTurns({
        measured: async () => {
          const bufferPath = await bench.buffers.copy(fill)
          await ofd.reset()
          const adapter = await bench.adapter({ bufferPath, ofdUrl: ofd.url })
          const rate = await drainRate(ofd, RECEIPTS, AT_MOST_SECONDS)
          await adapter.end()
          return rate
        },
        ceiling: async () => {
          await ofd.reset()
          return await bench.fetchLoop({
            bufferPath: original,
            ofdUrl: ofd.url,
            inFlight: TILLS,
            atMostSeconds: AT_MOST_SECONDS,
          })
        },
      }),
      notes: () => [`each for ${AT_MOST_SECONDS} s at most`],
    }
  },
}
