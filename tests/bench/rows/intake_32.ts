import { createBudget } from '../budget.ts'
import { costOf, ownMicros, spentOn } from '../cost.ts'
import { createPart } from '../part.ts'
import type { Started } from '../processes.ts'
import { inTurns, microsOf, type Row, ratesOf } from '../row.ts'
import { sell, sellSome } from '../sales.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1
/** A prototype reached these with a lean journal. At the horizon all else is lean, too. */
const GOAL = { ratio: 0.19, micros: 105 }
const HORIZON = { ratio: 0.5, micros: 65 }
/** By then the runtime has compiled what is run over and over: until then a request takes up to twice as much. */
const WARM_REQUESTS = 50_000
const LOOP = { atOnce: CONNECTIONS, seconds: BURST_SECONDS }

export const intake32: Row = {
  name: 'intake, 32 connections',
  ceiling: 'an Elysia handler: same schema, same answer',
  unit: 'receipts/s',
  target: { atLeast: GOAL.ratio },
  horizon: HORIZON.ratio,
  besides: [
    {
      name: 'processor time a receipt, intake, 32 connections',
      ceiling: "what the services' listener takes more than Bun's server, which comes on top of the goal",
      unit: 'µs',
      target: { atMost: GOAL.micros },
      horizon: HORIZON.micros,
      judged: 'rest',
    },
  ],
  // The OFD is away, so that what is measured is what a till waits for; delivery has rows of its own.
  async how(bench) {
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const onBun = await bench.ceiling('tests/bench/ceilings/receipt_handler_on_bun.ts')
    const bare = await bench.ceiling('tests/bench/ceilings/bare_handler.ts')
    const sellTo = (url: string) => sell(url, CONNECTIONS, BURST_SECONDS)
    const warm = ({ url }: { url: string }) => sellSome(url, CONNECTIONS, WARM_REQUESTS)
    for (const ceiling of [handler, onBun, bare]) await warm(ceiling)
    const adapters = await bench.ofEach(async ({ adapter }) => {
      const { url, processorMicros } = await adapter()
      await warm({ url })
      return () => costOf(processorMicros, () => sellTo(url))
    })

    const budget = createBudget()
    const journal = createPart("the journal's steps alone, with a core for themselves")
    const turn = inTurns({
      ...adapters,
      async ceiling() {
        const sold = () => costOf(handler.processorMicros, () => sellTo(handler.url))
        const { done, micros } = await spentOn(ownMicros, sold)
        budget.reach(done)
        budget.add('the load', micros)
        budget.add('the handler', done.micros)
        return done
      },
    })
    const micros = async ({ url, processorMicros }: Started) =>
      (await costOf(processorMicros, () => sellTo(url))).micros
    return {
      async round(index) {
        const done = await turn(index)
        budget.add('the adapter', done.measured.micros)
        budget.add('the listener, of the handler,', await micros(bare))
        const own = await bench.journalAlone({ ...LOOP, steps: 'intake' })
        journal.add(own.perSecond, done.ceiling.perSecond)
        budget.add("the journal's steps", own.micros)
        budget.add("the KKT's document", (await bench.kktLoop(LOOP)).micros)
        const listener = more(done.ceiling.micros, await micros(onBun))
        const spent = microsOf(done)
        return { ...ratesOf(done), besides: [spent && { ...spent, ceiling: listener }] }
      },
      notes: () => [journal.note(), budget.note(GOAL.ratio)],
    }
  },
}

/** Nothing comes on top where the two differ by less than noise. */
const more = (own: number | null, onBun: number | null): number => Math.max(0, (own ?? 0) - (onBun ?? 0))
