import type { Clock } from '@kkt/platform/clock.ts'
import type { Step } from './change.ts'
import { oneOrList, writtenPlan } from './plan.ts'
import { secondsLeft } from './rule.ts'
import { createRuleSet, type RuleTools } from './rules.ts'

/**
 * Configurations one after another, each for a number of submissions or seconds; the last may stay.
 * @param onStep called whenever another step is in force, or none is left
 */
export function createSequence(tools: RuleTools & { clock: Clock; onStep: () => void }) {
  let steps: readonly Step[] = []
  let at = 0
  let callsLeft = Number.POSITIVE_INFINITY
  let beganMs = 0
  let over = new AbortController()
  const rules = createRuleSet({ ...tools, seed: () => `${tools.seed()}/${at}` })

  function enter(index: number): void {
    over.abort()
    over = new AbortController()
    at = index
    rules.clear()
    const step = steps[at]
    callsLeft = step?.calls ?? Number.POSITIVE_INFINITY
    beganMs = tools.clock.monotonicMs()
    if (step) rules.set(step.planned)
    if (step?.seconds !== undefined) void leaveAfter(step.seconds * 1000, over.signal)
    tools.onStep()
  }

  async function leaveAfter(ms: number, signal: AbortSignal): Promise<void> {
    await tools.clock.wait(ms, signal)
    if (!signal.aborted) enter(at + 1)
  }

  return {
    rules,
    isRunning: () => at < steps.length,

    begin(wanted: readonly Step[]): void {
      steps = wanted
      enter(0)
    },

    /** Counts a submission that the current step could strike. */
    admitted(): void {
      callsLeft -= 1
      if (callsLeft === 0) enter(at + 1)
    },

    /** The remaining steps; the current one with what is left of it. */
    shown: () =>
      steps.slice(at).map((step, i) => {
        if (i > 0) return writtenStep(step)
        const elapsedMs = tools.clock.monotonicMs() - beganMs
        return {
          ...rules.shown(),
          ...(step.calls !== undefined && { calls: callsLeft }),
          ...(step.seconds !== undefined && { seconds: secondsLeft(step.seconds, elapsedMs) }),
        }
      }),
  }
}

const writtenStep = ({ planned, calls, seconds }: Step) => ({
  ...Object.fromEntries(
    planned.map(({ fault, plans }) => [fault.name, oneOrList(plans.map((plan) => writtenPlan(fault, plan)))]),
  ),
  ...(calls !== undefined && { calls }),
  ...(seconds !== undefined && { seconds }),
})
