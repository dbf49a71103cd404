import type { Fault, Ground } from './fault.ts'
import { oneOrList, type Planned } from './plan.ts'
import { createRule, type Rule } from './rule.ts'

export type RuleSet = ReturnType<typeof createRuleSet>
export type RuleGround = Pick<Ground, 'clock' | 'leavePort'> & { seed: () => string | number }

/** The plans of a configuration, or of one step of a sequence, at work. */
export function createRuleSet(ground: RuleGround) {
  const rules = new Map<Fault, Rule[]>()

  /** Those of a fault that are not over. */
  const of = (fault: Fault) => (rules.get(fault) ?? []).filter((rule) => !rule.isOver())

  return {
    of,

    /** What is named is begun anew, or ended; the rest stays. */
    set(planned: readonly Planned[]): void {
      for (const { fault, plans } of planned) {
        const begin = (plan: (typeof plans)[number], i: number) =>
          createRule(fault, plan, { ...ground, seed: `${ground.seed()}/${fault.name}/${i}` })
        rules.set(fault, plans.map(begin))
      }
    },

    clear: () => rules.clear(),

    /** As a configuration would say it now. */
    shown: (): Record<string, unknown> =>
      Object.fromEntries(
        [...rules.keys()]
          .map((fault) => [fault.name, oneOrList(of(fault).map((rule) => rule.shown()))] as const)
          .filter(([, shown]) => shown !== undefined),
      ),
  }
}
