import { randomOf } from '@kkt/platform/random.ts'
import type { Fault, FaultTools, Seen, Stage, Verdict } from './fault.ts'
import { type Plan, type When, whenSchema, writtenPlan } from './plan.ts'

/** A plan at work. */
export type Rule = {
  readonly fault: string
  readonly stage: Stage
  isOver(): boolean
  /** Time left until the rule ends by itself; infinite when it does not. */
  msLeft(): number
  /** The fault's verdict about a call; undefined when the rule leaves it as it is. */
  decide(call: Seen): Verdict | undefined
  /** The plan with what is left of it, as the configuration shows it. */
  shown(): unknown
  /** Tells the fault that it is over for good. */
  end(): void
}

/** @param seed identifies the rule: equal seeds draw equal numbers */
export function createRule(fault: Fault, plan: Plan, tools: Omit<FaultTools, 'random' | 'whenOver'>): Rule {
  const { clock, seed } = tools
  const when = whenSchema.parse(plan.fields)
  const parameters = fault.parameters.strip().parse(plan.fields)
  // Read before the fault begins, so that the rule ends no later than the fault.
  const startedMs = clock.monotonicMs()
  const endings: (() => void)[] = []
  const whenOver = (work: () => void) => void endings.push(work)
  const decideByFault = fault.begin(parameters, { ...tools, random: randomOf(seed, 'fault'), whenOver })
  const random = randomOf(seed, 'probability')
  const elapsedMs = () => clock.monotonicMs() - startedMs
  let timesLeft = when.times ?? Number.POSITIVE_INFINITY
  let toSkip = when.after ?? 0

  const lastsMs = Math.min(fault.lastsMs(parameters), (when.ttl ?? Number.POSITIVE_INFINITY) * 1000)
  const msLeft = () => Math.max(0, lastsMs - elapsedMs())
  const isOver = () => timesLeft === 0 || msLeft() === 0

  function isMeant(call: Seen): boolean {
    if (!isAbout(when, fault, call)) return false
    if (toSkip > 0) {
      toSkip -= 1
      return false
    }
    return isDown(when, elapsedMs()) && (when.probability === undefined || random() < when.probability)
  }

  return {
    fault: fault.name,
    stage: fault.stageOf(parameters),
    isOver,
    msLeft,

    decide(call) {
      if (isOver() || !isMeant(call)) return undefined
      const verdict = decideByFault(call)
      if (verdict) timesLeft -= 1
      return verdict
    },

    shown() {
      const left = {
        ...(when.times !== undefined && { times: timesLeft }),
        ...(when.after !== undefined && { after: toSkip }),
        ...(when.ttl !== undefined && { ttl: secondsLeft(when.ttl, elapsedMs()) }),
      }
      return writtenPlan(fault, { ...plan, fields: { ...plan.fields, ...left } })
    },

    end() {
      for (const work of endings.splice(0)) work()
    },
  }
}

/** Rounded to the millisecond for people. */
export const secondsLeft = (seconds: number, elapsedMs: number) =>
  Math.max(0, Math.round(seconds * 1000 - elapsedMs) / 1000)

function isAbout({ match, operation }: When, fault: Fault, call: Seen): boolean {
  const wanted = operation ?? fault.operation
  if (wanted !== 'any' && wanted !== call.operation) return false
  if (!match) return true
  const { receipt_id, pos_id, kkt_id, attempt, task } = match
  return (
    (receipt_id === undefined || receipt_id === call.receiptId) &&
    (pos_id === undefined || pos_id === call.posId) &&
    (kkt_id === undefined || kkt_id === call.kktId) &&
    (attempt === undefined || attempt === call.attempt) &&
    (task === undefined || task === call.task?.type)
  )
}

function isDown({ down, up }: When, elapsedMs: number): boolean {
  if (down === undefined || up === undefined) return true
  return elapsedMs % ((down + up) * 1000) < down * 1000
}
