import { inTurns, type Row } from '../row.ts'
import { sell } from '../sales.ts'
import { A_MILLION, A_THOUSAND } from '../sizes.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1

export const intakeOfAMillion: Row = {
  name: 'intake with 1 000 000 receipts in the buffer',
  ceiling: 'the same with 1 000',
  unit: 'receipts/s',
  // Kept receipts cost nothing, noise apart.
  target: { atLeast: 0.9 },
  async how(bench) {
    const large = await bench.adapter({ bufferPath: await bench.buffers.copy(A_MILLION) })
    const small = await bench.adapter({ bufferPath: await bench.buffers.copy(A_THOUSAND) })
    const sellTo = (url: string) => async () => (await sell(url, CONNECTIONS, BURST_SECONDS)).perSecond
    const both = { measured: sellTo(large.url), ceiling: sellTo(small.url) }
    await both.ceiling()
    await both.measured()
    return { round: inTurns(both) }
  },
}
