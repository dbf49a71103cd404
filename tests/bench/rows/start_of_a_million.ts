import { inTurns, type Row } from '../row.ts'
import { A_MILLION, EMPTY } from '../sizes.ts'
import { startTime } from '../start.ts'

export const startOfAMillion: Row = {
  name: 'start to healthy with 1 000 000 synced, 1 000 pending',
  ceiling: 'with an empty buffer',
  unit: 'ms',
  // No start reads all that is kept.
  target: { atMost: 1.5 },
  async how(bench) {
    const large = await bench.buffers.copy(A_MILLION)
    const empty = await bench.buffers.copy(EMPTY)
    const startWith = (bufferPath: string) => async () => {
      const { startMs, started } = await startTime(() => bench.adapter({ bufferPath }))
      await started.end()
      return startMs
    }
    const both = { measured: startWith(large), ceiling: startWith(empty) }
    await both.ceiling()
    await both.measured()
    return { round: inTurns(both) }
  },
}
