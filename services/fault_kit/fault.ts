import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import type { Call, Operation } from './calls.ts'
import { type Finding, NOTHING_WRONG } from './finding.ts'
import type { TaskFault } from './task_fault.ts'

/**
 * The point in a call's life at which a fault decides.
 * - `connection`: the connection is dead; nothing of the call is read, and the log does not name it;
 * - `arrival`: the call is read as far as possible, so that the log names it, but it is not checked: the service
 *   is down;
 * - `before_effect`: the call is read and valid; nothing is taken yet;
 * - `after_effect`: the mock has taken what the call sent; the reply has not left;
 * - `task`: the call was answered, and a task that it sent begins;
 * - `callback`: its tasks have ended, and the client is to be told.
 */
export type Stage = 'connection' | 'arrival' | 'before_effect' | 'after_effect' | 'task' | 'callback'

export type Body = Readonly<Record<string, unknown>>
export type Reply = { status: number; body: Body }

/** `again`: takes a known receipt as a new entry. `rejectedAfterMs`: rejects the receipt after this time. */
export type Taking = { again: boolean; rejectedAfterMs: number | null }

export type Seen = Readonly<Omit<Call, 'wire' | 'findings'>> & {
  /** The name that answers use: `OFD`. */
  service: string
  /** Whether the mock already holds the receipt. Valid from `before_effect` on. */
  isKnown: () => boolean
  /** The findings by which a strict service refuses the document. Valid from `before_effect` on. */
  findings: () => readonly Finding[]
  /** The answer without a fault. Empty before the effect. */
  reply: Reply
  /** The answer to a look-up of another receipt that is held; undefined when there is none. */
  another: () => Body | undefined
  /** The client's end of its connection; null when there is none. */
  peer: () => string | null
}

/** The parts of a call as they are where nothing is known of them. */
export const USUAL_SIGHT = {
  isKnown: () => false,
  findings: () => NOTHING_WRONG,
  reply: { status: 200, body: {} },
  another: () => undefined,
  peer: () => null,
}

/**
 * A fault's decision about a call. After the first six kinds the call goes on; every other kind ends it.
 * - `delay`: wait this long, even when the client has left;
 * - `take`: take effect in this way;
 * - `amend`: put these fields into the answer;
 * - `go_deaf`: ignore every later request on this connection;
 * - `in_task`: do a task of the call in this way;
 * - `answer_again`: send this answer once more, ahead of the answer to the next call on this connection;
 * - `answer`: answer this instead;
 * - `silence`: answer nothing for as long as the client waits;
 * - `reset`: reset the connection before the first byte of an answer;
 * - `cut`: break the answer off in the middle, with a reset or a FIN;
 * - `dribble`: send the answer byte by byte.
 */
export type Verdict =
  | { kind: 'delay'; ms: number }
  | { kind: 'take'; how: Partial<Taking> }
  | { kind: 'amend'; body: Body }
  | { kind: 'in_task'; how: TaskFault }
  | { kind: 'go_deaf' }
  | { kind: 'answer_again' }
  | { kind: 'answer'; status: number; body: Body | string; headers?: Record<string, string> }
  | { kind: 'silence' }
  | { kind: 'reset' }
  | { kind: 'cut'; by: 'reset' | 'fin' }
  | { kind: 'dribble'; ms: number }

/** The tools that the kit hands to a configured fault. */
export type FaultTools = {
  clock: Clock
  /** From 0 to below 1, drawn for this fault only; the same seed gives the same numbers. */
  random: () => number
  /** This fault's own seed, for draws that must not depend on the order of calls. */
  seed: string
  /** Closes the port for this long. */
  leavePort: (ms: number) => void
  /** The clients' ends of all connections that are open now. */
  openPeers: () => readonly string[]
  /** Counts a strike of a fault that strikes at once instead of at a call. */
  struck: () => void
  /** Does this once the fault is over: by its time, by another configuration, or by a reset. */
  whenOver: (work: () => void) => void
}

/** Decides about one call after another. Undefined leaves the call as it is and does not count as a strike. */
export type Decide = (call: Seen) => Verdict | undefined

/** The value of a fault that is only on or off. */
export type SwitchValue = boolean | string

type Definition<Shape extends z.ZodRawShape> = {
  /** The fault's field in the configuration. */
  name: string
  summary: string
  /** An example of a value that switches the fault on. */
  example: unknown
  stage: Stage | ((parameters: z.output<z.ZodObject<Shape>>) => Stage)
  /** The calls that the fault strikes when its plan does not say. */
  operation: Operation | 'any'
  parameters: Shape
  /** The parameter that a bare number in the configuration sets. @default times */
  bareNumber?: keyof Shape & string
  /**
   * The forms that the configuration takes: a whole `plan`, only a `switch`, only a `count` of calls, or only its
   * `parameters`.
   * @default plan
   */
  takes?: 'plan' | 'switch' | 'count' | 'parameters'
  /** The value that switches the fault on. @default true */
  switchedOnBy?: SwitchValue
  /** The value that switches the fault off. @default false */
  switchedOffBy?: SwitchValue
  /** Health and the configuration always show the fault, on or off. */
  alwaysShown?: true
  /** The fault is about connections. A mock inside another process has none. */
  needsPort?: true
  /** Returns an error about parameters that are valid one by one but not together. */
  check?: (plan: Readonly<Record<string, unknown>>) => string | undefined
  /** The fault's duration, when the fault's parameters set it rather than the plan. */
  lastsMs?: (parameters: z.output<z.ZodObject<Shape>>) => number
  begin(parameters: z.output<z.ZodObject<Shape>>, tools: FaultTools): Decide
}

export type Fault = Required<
  Pick<Definition<z.ZodRawShape>, 'takes' | 'bareNumber' | 'switchedOnBy' | 'switchedOffBy'>
> &
  Pick<
    Definition<z.ZodRawShape>,
    'name' | 'summary' | 'example' | 'operation' | 'alwaysShown' | 'needsPort' | 'check'
  > & {
    parameters: z.ZodObject
    /** @param given has passed `parameters` */
    stageOf(given: unknown): Stage
    /** @param given has passed `parameters` */
    lastsMs(given: unknown): number
    /** @param given has passed `parameters` */
    begin(given: unknown, tools: FaultTools): Decide
  }

export function defineFault<Shape extends z.ZodRawShape>(definition: Definition<Shape>): Fault {
  const { stage, lastsMs, begin } = definition
  const parameters = z.strictObject(definition.parameters)
  return {
    bareNumber: 'times',
    takes: 'plan',
    switchedOnBy: true,
    switchedOffBy: false,
    ...definition,
    parameters,
    stageOf: (given) => (typeof stage === 'function' ? stage(parameters.parse(given)) : stage),
    lastsMs: (given) => lastsMs?.(parameters.parse(given)) ?? Number.POSITIVE_INFINITY,
    begin: (given, tools) => begin(parameters.parse(given), tools),
  }
}
