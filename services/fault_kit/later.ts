/** The work that a mock does for a call after its answer: tasks of a queue, and the callback at their end. */
import type { Call } from './calls.ts'
import { type Seen, type Stage, USUAL_SIGHT, type Verdict } from './fault.ts'
import type { Rule } from './rule.ts'

export type LaterStage = Extract<Stage, 'task' | 'callback'>
/** `receiptId`: the call's. `taskType`: of the task that is at work, not of the first one. */
export type LaterWork = { stage: LaterStage; call: Call | null; receiptId: string; taskType: string }
/** The verdicts that such work can meet. `silence`: the callback is not sent. */
export type LaterVerdict = Extract<Verdict, { kind: 'delay' | 'in_task' | 'silence' }>

/** The call of work that is done for a process before this one. */
const FORGOTTEN = {
  number: 0,
  atMs: 0,
  operation: 'submit',
  posId: null,
  kktId: null,
  attempt: 1,
  fault: null,
  effect: true,
  status: null,
  isReplied: true,
  isUnderWay: false,
} as const

/** Asks the faults of this stage, until one decides about the outcome. @returns the verdicts, in order */
export function strikeLater(
  { stage, call, receiptId, taskType }: LaterWork,
  { service, rules, onStruck }: { service: string; rules: readonly Rule[]; onStruck: (fault: string) => void },
): LaterVerdict[] {
  const task = { type: taskType, status: null, fdNumber: null }
  const seen: Seen = { ...(call ?? FORGOTTEN), ...USUAL_SIGHT, receiptId, task, service }
  const verdicts: LaterVerdict[] = []
  for (const rule of rules) {
    const verdict = rule.stage === stage ? rule.decide(seen) : undefined
    if (verdict?.kind !== 'delay' && verdict?.kind !== 'in_task' && verdict?.kind !== 'silence') continue
    onStruck(rule.fault)
    verdicts.push(verdict)
    if (verdict.kind !== 'delay') break
  }
  return verdicts
}
