import type { Fault, FaultTools } from './fault.ts'
import { oneOrList, type Planned } from './plan.ts'
import { createRule, type Rule } from './rule.ts'

export type RuleSet = ReturnType<typeof createRuleSet>
export type RuleTools = Pick<FaultTools, 'clock' | 'leavePort' | 'openPeers'> & {
  seed: () => string | number
  /** Called when a fault strikes without a call. */
  onStrike: (fault: string) => void
  /** Called when a rule's time is over. */
  onOver: () => void
}

/** The rules of a configuration, or of one step of a sequence. */
export function createRuleSet(tools: RuleTools) {
  const rules = new Map<Fault, Rule[]>()
  let replaced = new AbortController()

  /** The rules of a fault that are not over. */
  const of = (fault: Fault) => (rules.get(fault) ?? []).filter((rule) => !rule.isOver())

  const end = (over: readonly Rule[] = []) => {
    for (const rule of over) rule.end()
  }

  /** Reports the end of each rule that is in force now. */
  function watch(): void {
    replaced.abort()
    replaced = new AbortController()
    for (const rule of [...rules.values()].flat()) {
      if (Number.isFinite(rule.msLeft())) void tellWhenOver(rule, replaced.signal)
    }
  }

  async function tellWhenOver(rule: Rule, signal: AbortSignal): Promise<void> {
    while (!rule.isOver() && !signal.aborted) await tools.clock.wait(Math.ceil(rule.msLeft()), signal)
    if (signal.aborted) return
    rule.end()
    tools.onOver()
  }

  return {
    of,

    /** Restarts or ends the named faults, and leaves all others as they are. */
    set(planned: readonly Planned[]): void {
      for (const { fault, plans } of planned) {
        end(rules.get(fault))
        const struck = () => tools.onStrike(fault.name)
        const begin = (plan: (typeof plans)[number], i: number) =>
          createRule(fault, plan, { ...tools, struck, seed: `${tools.seed()}/${fault.name}/${i}` })
        rules.set(fault, plans.map(begin))
      }
      watch()
    },

    clear(): void {
      for (const replacedRules of rules.values()) end(replacedRules)
      rules.clear()
      watch()
    },

    shown: (): Record<string, unknown> =>
      Object.fromEntries(
        [...rules.keys()]
          .map((fault) => [fault.name, oneOrList(of(fault).map((rule) => rule.shown()))] as const)
          .filter(([, shown]) => shown !== undefined),
      ),
  }
}
