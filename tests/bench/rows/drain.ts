import { createBudget } from '../budget.ts'
import { spentOn } from '../cost.ts'
import { drainRate } from '../drain_rate.ts'
import { createPart } from '../part.ts'
import { inTurns, microsOf, type Row, ratesOf } from '../row.ts'
import { sellSome, TILLS } from '../sales.ts'

const RECEIPTS = 20_000
/** A prototype reached these with a lean journal. At the horizon the delivery itself is lean, too. */
const GOAL = { ratio: 0.5, micros: 58 }
const HORIZON = 0.75
/** A slow one is judged by what it has done by then. */
const AT_MOST_SECONDS = 6

export const drain: Row = {
  name: 'draining 20 000 receipts of 40 tills',
  ceiling: 'a bare fetch loop with 40 in flight',
  unit: 'receipts/s',
  target: { atLeast: GOAL.ratio },
  horizon: HORIZON,
  besides: [
    {
      name: 'processor time a receipt, draining',
      ceiling: "the bare fetch loop's, which is told beside it: the goal is of the adapter",
      unit: 'µs',
      target: { atMost: GOAL.micros },
      judged: 'itself',
    },
  ],
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
    const journaling = createPart('the same loop with each receipt read and its steps journaled')
    // Each sells its receipts itself while the OFD is away, because an adapter that is started on a full buffer looks each
    // receipt up first.
    const adapters = await bench.ofEach(async ({ adapter }) => async () => {
      await ofd.reset()
      await ofd.configure({ permanent_failure: true })
      const { url, processorMicros, end } = await adapter({ ofdUrl: ofd.url })
      await sellSome(url, TILLS, RECEIPTS)
      await ofd.configure({ permanent_failure: false })
      const synced = fetch(`${url}/v1/kkt/buffer/sync`, { method: 'POST' }).catch(() => null)
      const bounds = { receipts: RECEIPTS, atMostSeconds: AT_MOST_SECONDS }
      const cost = await drainRate(ofd, { ...bounds, spent: processorMicros })
      await end()
      await synced
      return cost
    })
    const ceiling = async () => {
      const { done, micros } = await spentOn(ofd.processorMicros, () => fetchLoop('nothing'))
      budget.reach(done)
      budget.add('the mock OFD', micros)
      budget.add('the loop', done.micros)
      return done
    }
    const turn = inTurns({ ...adapters, ceiling })
    return {
      async round(index) {
        const done = await turn(index)
        const steps = await fetchLoop('steps')
        journaling.add(steps.perSecond, done.ceiling.perSecond)
        budget.add('reading and journaling', (steps.micros ?? 0) - (done.ceiling.micros ?? 0))
        return { ...ratesOf(done), besides: [microsOf(done)] }
      },
      notes: () => [`each for ${AT_MOST_SECONDS} s at most`, journaling.note(), budget.note(GOAL.ratio)],
    }
  },
}
