import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { OPERATIONS } from '@kkt/adapter/src/domain/operation.ts'
import { LONG, SEED, someCases } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { KKTS } from '../harness/asked.ts'
import { histories } from './commands/generate.ts'
import { failureReport, Tally } from './report.ts'
import { runBlock } from './run_block.ts'
import { runHistory } from './run_history.ts'
import { createRig } from './world/rig.ts'

/** A history of a register behind its service takes several times as long. */
const HISTORIES = { mock: LONG ? 200 : 8, atol: LONG ? 40 : 3 }
/** Some faults come up once or twice in a hundred histories, so a random seed would miss one now and then. */
const SEEN = { seed: 2, count: 200 }
/** Kinds that must happen in them, by the tally's groups. */
const HAPPEN = {
  totals: [
    ...['accepted by the OFD', 'take-overs', 'documents: shift_opening', 'documents: shift_closing'],
    ...['receipts pruned', 'FNs replaced'],
  ],
  crashes: ['before journal commit', 'after journal commit'],
  'look-ups': ['at the kkt: found', 'at the kkt: absent', 'at the ofd: found', 'at the ofd: absent'],
  KKT: ['fiscalize: refused for good'],
  paper: ['printed', 'missing', 'none'],
  'answers to what puts right': ['200 printed', '409 no_fiscal_document', '404 receipt_not_found'],
  'put right': ['journaled as 2', 'whole'],
  answers: ['409 refund_exceeds'],
  'answers to tasks': ['200', '200, replayed', '202', '502 task_refused', '409 shift_closed'],
  'ends of tasks': ['done', 'refused', 'given up'],
  'transitions of tasks': ['asked > unknown', 'unknown > done', 'unknown > accepted', 'unknown > unclear'],
  refunds: ['two_at_once', 'taken of a known receipt'],
  'answers to wrong receipts': ['422 invalid_body', '422 vat_rate_refused'],
  warnings: ['vat_inverted_on_goods'],
  OFD: ['look-up meets proxy page', 'look-up meets mixed up', 'receipt gets a stray answer'],
  'documents at the OFD': OPERATIONS.flatMap((operation) => [operation, `correction of a ${operation}`]),
}
const REPLAYED = { mock: LONG ? 10 : 1, atol: LONG ? 5 : 1 }
/** Some seconds of work, on a busy machine. */
setDefaultTimeout(600_000)

test.each(KKTS)(`random histories with KKT_MODE=%s keep all invariants (SEED=${SEED} runs them again)`, async (kkt) => {
  const count = HISTORIES[kkt]
  const { summary, failure } = await runBlock(createRig(), { kkt, seed: SEED, count })
  if (failure) throw new Error(failureReport(failure))
  expect(summary.histories).toBe(count)
})

describe('histories', () => {
  // The short form repeats those of one of them.
  test.each(someCases(KKTS, 2))(
    'with KKT_MODE=%s repeat step by step, in a world that ran other histories before',
    async (kkt) => {
      const used = createRig()
      for (const history of fc.sample(histories[kkt], { seed: SEED, numRuns: REPLAYED[kkt] })) {
        await runHistory(used, history)
        const [again, fresh] = [await runHistory(used, history, true), await runHistory(createRig(), history, true)]
        expect(again.story).toEqual(fresh.story)
      }
    },
  )

  test.skipIf(!LONG)('have receipts, faults, crashes and take-overs, and come to a good end', async () => {
    const tally = new Tally()
    tally.add((await runBlock(createRig(), { kkt: 'mock', ...SEEN })).summary)
    const missing = Object.entries(HAPPEN).flatMap(([group, kinds]) =>
      kinds.filter((what) => tally.times(group, what) === 0),
    )
    expect(missing).toEqual([])
  })
})
