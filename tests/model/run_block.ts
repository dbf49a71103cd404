import fc from 'fast-check'
import { z } from 'zod'
import { Findings, type Violation } from './checks/findings.ts'
import type { History } from './commands/command.ts'
import { histories } from './commands/generate.ts'
import { runHistory } from './run_history.ts'
import type { Rig } from './world/rig.ts'
import type { Settings } from './world/settings.ts'

/** The smallest history that was found to break an invariant. */
export type Failure = {
  seed: number
  /** fast-check's path, which with the seed leads to this history again. */
  path: string
  history: History
  violations: readonly Violation[]
  story: readonly string[]
}

/** The result of some histories, in the form that one process sends to another. */
export const blockSummary = z.object({
  histories: z.int(),
  commands: z.int(),
  /** Occurrences by name. */
  counts: z.array(z.tuple([z.string(), z.number()])),
  failed: z.object({ seed: z.int(), path: z.string() }).nullable(),
})
export type BlockSummary = z.infer<typeof blockSummary>

/** Of which histories. `path`: of a failure, to run only its history. */
type BlockOrder = { kkt: Settings['kkt']; seed: number; count: number; path?: string }

/**
 * Runs `count` histories, or fewer where one breaks an invariant. That one is then shrunk.
 */
export async function runBlock(
  rig: Rig,
  { kkt, seed, count, path = '' }: BlockOrder,
): Promise<{ summary: BlockSummary; failure: Failure | null }> {
  const totals = new Findings(false, () => 0)
  const summary: BlockSummary = { histories: 0, commands: 0, counts: [], failed: null }
  let isShrinking = false
  const property = fc.asyncProperty(histories[kkt], async (history) => {
    const findings = await runHistory(rig, history)
    if (!isShrinking) {
      summary.histories += 1
      summary.commands += history.commands.length
      totals.add(findings)
    }
    isShrinking ||= findings.violations.length > 0
    return findings.violations.length === 0
  })
  const endOnFailure = path !== ''
  const result = await fc.check(property, { seed, path, endOnFailure, numRuns: count })
  summary.counts = [...totals.counts]
  const [history] = result.counterexample ?? []
  if (!history || result.counterexamplePath === null) return { summary, failure: null }
  summary.failed = { seed, path: result.counterexamplePath }
  const { violations, story } = await runHistory(rig, history, true)
  return { summary, failure: { ...summary.failed, history, violations, story: story ?? [] } }
}
