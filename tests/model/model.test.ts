import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { histories } from './commands/generate.ts'
import { failureReport, Tally } from './report.ts'
import { runBlock } from './run_block.ts'
import { runHistory } from './run_history.ts'
import { createRig } from './world/rig.ts'

const HISTORIES = LONG ? 200 : 100
/** Some faults come up once or twice in a hundred histories, so a random seed would miss one now and then. */
const SEEN = { seed: 2, histories: 200 }
const REPLAYED = LONG ? 10 : 3
/** Some seconds of work, on a busy machine. */
setDefaultTimeout(120_000)

let running: ReturnType<typeof runBlock> | undefined
/** Runs the histories once for all tests. */
function block() {
  running ??= runBlock(createRig(), SEED, HISTORIES)
  return running
}

test(`${HISTORIES} random histories keep all invariants (SEED=${SEED} runs them again)`, async () => {
  const { summary, failure } = await block()
  if (failure) throw new Error(failureReport(failure))
  expect(summary.histories).toBe(HISTORIES)
})

describe('histories', () => {
  test('repeat step by step, in a world that ran other histories before', async () => {
    const used = createRig()
    for (const history of fc.sample(histories, { seed: SEED, numRuns: REPLAYED })) {
      await runHistory(used, history)
      const [again, fresh] = [await runHistory(used, history, true), await runHistory(createRig(), history, true)]
      expect(again.story).toEqual(fresh.story)
    }
  })

  test('have receipts, faults, crashes and take-overs, and come to a good end', async () => {
    const tally = new Tally()
    tally.add((await runBlock(createRig(), SEEN.seed, SEEN.histories)).summary)
    const happened = (what: RegExp) => expect(tally.table(0)).toMatch(what)
    const all = [
      ...['accepted by the OFD', 'take-overs', 'before journal commit', 'after journal commit'],
      ...['look-up meets proxy page', 'look-up meets mixed up', 'receipt gets a stray answer'],
      ...['sale', 'refund', 'buy', 'buy_refund', 'correction of a sale', 'correction of a refund'],
      ...['fiscalize: refused for good', '422 invalid_body', '422 vat_rate_refused', 'vat_inverted_on_goods'],
      ...['200 printed', '409 no_fiscal_document', '404 receipt_not_found', '409 refund_exceeds'],
      ...['journaled as 2', 'whole', 'two_at_once', 'taken of a known receipt', 'receipts pruned'],
      ...['printed', 'missing', 'none', 'documents: shift_opening', 'documents: shift_closing'],
      ...['at the kkt: found', 'at the kkt: absent', 'at the ofd: found', 'at the ofd: absent'],
    ]
    for (const what of all) happened(new RegExp(`[1-9][0-9 ]*  ${what}`))
  })
})
