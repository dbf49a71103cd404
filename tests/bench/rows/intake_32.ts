import { createBudget, ownMicros } from '../budget.ts'
import { withPart } from '../part.ts'
import { inTurns, type Row } from '../row.ts'
import { sell, sellSome } from '../sales.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1
const TARGET = 0.5
/** By then the runtime has compiled what is run over and over: until then a request takes up to twice as much. */
const WARM_REQUESTS = 50_000
const LOOP = { atOnce: CONNECTIONS, seconds: BURST_SECONDS }

export const intake32: Row = {
  name: 'intake, 32 connections',
  ceiling: 'an Elysia handler: same schema, same answer',
  unit: 'receipts/s',
  target: { atLeast: TARGET },
  // The OFD is away, so that what is measured is what a till waits for; delivery has rows of its own.
  async how(bench) {
    const adapter = await bench.adapter()
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const bare = await bench.ceiling('tests/bench/ceilings/bare_handler.ts')
    const sellTo = (url: string) => sell(url, CONNECTIONS, BURST_SECONDS)
    const budget = createBudget()
    const spenders = { 'the load': ownMicros, 'the handler': handler.processorMicros }
    const both = {
      measured: async () =>
        (await budget.beside('the adapter', adapter.processorMicros, () => sellTo(adapter.url))).perSecond,
      ceiling: async () => (await budget.during(spenders, () => sellTo(handler.url))).perSecond,
    }
    for (const { url } of [adapter, handler, bare]) await sellSome(url, CONNECTIONS, WARM_REQUESTS)
    const { round, note } = withPart(inTurns(both), {
      name: "the journal's steps alone, with a core for themselves",
      part: async () => {
        await budget.beside('the listener, of the handler,', bare.processorMicros, () => sellTo(bare.url))
        const { count, perSecond, processorMicros } = await bench.journalLoop(LOOP)
        budget.add("the journal's steps", processorMicros / count)
        const kkt = await bench.kktLoop(LOOP)
        budget.add("the KKT's document", kkt.processorMicros / kkt.count)
        return perSecond
      },
    })
    return { round, notes: () => [note(), budget.note(TARGET)] }
  },
}
