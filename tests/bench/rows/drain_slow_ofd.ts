import { drainRate } from '../drain_rate.ts'
import type { Row } from '../row.ts'
import { TILLS } from '../sales.ts'

const RECEIPTS = 4000
const OFD_SECONDS = 0.05
const AT_MOST_SECONDS = 10

export const drainSlowOfd: Row = {
  name: 'draining to an OFD that takes 50 ms',
  ceiling: '40 in flight ÷ 50 ms',
  unit: 'receipts/s',
  // Only the OFD is waited for.
  target: { atLeast: 0.9 },
  mostRounds: 3,
  async how(bench) {
    const ofd = await bench.ofd()
    return {
      async round() {
        const bufferPath = await bench.buffers.copy({ synced: 0, pending: RECEIPTS })
        await ofd.reset()
        await ofd.configure({ effect_delay: OFD_SECONDS })
        const adapter = await bench.adapter({ bufferPath, ofdUrl: ofd.url })
        const { perSecond: measured } = await drainRate(ofd, { receipts: RECEIPTS, atMostSeconds: AT_MOST_SECONDS })
        await adapter.end()
        return { measured, ceiling: TILLS / OFD_SECONDS }
      },
    }
  },
}
