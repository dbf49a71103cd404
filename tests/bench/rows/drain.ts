import { createBudget } from '../budget.ts'
import { drainRate } from '../drain_rate.ts'
import { withPart } from '../part.ts'
import { inTurns, type Row } from '../row.ts'
import { TILLS } from '../sales.ts'

const RECEIPTS = 20_000
const TARGET = 0.75
/** A slow one is judged by what it has done by then. */
const AT_MOST_SECONDS = 6

export const drain: Row = {
  name: 'draining 20 000 receipts of 40 tills',
  ceiling: 'a bare fetch loop with 40 in flight',
  unit: 'receipts/s',
  target: { atLeast: TARGET },
  mostRounds: 3,
  async how(bench) {
    const ofd = await bench.ofd()
    const fill = { synced: 0, pending: RECEIPTS }
    const fetchLoop = async (kept: 'nothing' | 'steps') => {
      const bufferPath = await bench.buffers.copy(fill)
      await ofd.reset()
      const bounds = { inFlight: TILLS, atMostSeconds: AT_MOST_SECONDS }
      return await bench.fetchLoop({ bufferPath, ofdUrl: ofd.url, ...bounds, kept })
    }
    const budget = createBudget()
    let bareMicros = 0
    // Each has a process of its own each time: all begin cold.
    const both = {
      measured: async () => {
        const bufferPath = await bench.buffers.copy(fill)
        await ofd.reset()
        const adapter = await bench.adapter({ bufferPath, ofdUrl: ofd.url })
        const rate = await drainRate(ofd, RECEIPTS, AT_MOST_SECONDS)
        await adapter.end()
        return rate
      },
      ceiling: async () => {
        const spenders = { 'the mock OFD': ofd.processorMicros }
        const { count, perSecond, processorMicros } = await budget.during(spenders, () => fetchLoop('nothing'))
        bareMicros = processorMicros / count
        budget.add('the loop', bareMicros)
        return perSecond
      },
    }
    const { round, note } = withPart(inTurns(both), {
      name: 'the same loop with each receipt read and its steps journaled',
      part: async () => {
        const { count, perSecond, processorMicros } = await fetchLoop('steps')
        budget.add('reading and journaling', processorMicros / count - bareMicros)
        return perSecond
      },
    })
    const notes = () => [`each for ${AT_MOST_SECONDS} s at most`, note(), budget.note(TARGET)]
    return { round, notes }
  },
}
