import { withPart } from '../part.ts'
import { inTurns, type Row } from '../row.ts'
import { sell } from '../sales.ts'

const CONNECTIONS = 32
const BURST_SECONDS = 1

export const intake32: Row = {
  name: 'intake, 32 connections',
  ceiling: 'an Elysia handler: same schema, same answer',
  unit: 'receipts/s',
  target: { atLeast: 0.5 },
  // The OFD is away, so that what is measured is what a till waits for; delivery has rows of its own.
  async how(bench) {
    const adapter = await bench.adapter()
    const handler = await bench.ceiling('tests/bench/ceilings/receipt_handler.ts')
    const sellTo = (url: string) => async () => (await sell(url, CONNECTIONS, BURST_SECONDS)).perSecond
    const both = { measured: sellTo(adapter.url), ceiling: sellTo(handler.url) }
    await both.ceiling()
    await both.measured()
    const { round, note } = withPart(inTurns(both), {
      name: "the journal's steps alone, with a core for themselves",
      part: () => bench.journalLoop({ atOnce: CONNECTIONS, seconds: BURST_SECONDS }),
    })
    return { round, notes: () => [note()] }
  },
}
