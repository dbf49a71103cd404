import { inTurns, type Row } from '../row.ts'
import { readStatus } from '../sales.ts'
import { A_MILLION, A_THOUSAND } from '../sizes.ts'

const CONNECTIONS = 8
const BURST_SECONDS = 1

export const statusOfAMillion: Row = {
  name: 'buffer status with 1 000 000 receipts',
  ceiling: 'the same with 1 000',
  unit: 'answers/s',
  // Kept receipts cost nothing, noise apart.
  target: { atLeast: 0.9 },
  async how(bench) {
    const large = await bench.adapter({ bufferPath: await bench.buffers.copy(A_MILLION) })
    const small = await bench.adapter({ bufferPath: await bench.buffers.copy(A_THOUSAND) })
    const askOf = (url: string) => async () => (await readStatus(url, CONNECTIONS, BURST_SECONDS)).perSecond
    const both = { measured: askOf(large.url), ceiling: askOf(small.url) }
    await both.ceiling()
    await both.measured()
    return { round: inTurns(both) }
  },
}
