import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import type { Call, Operation } from './calls.ts'

/**
 * When in a call's life a fault has its say.
 * - `connection`: nothing of the call is read, and the log does not name it: its connection is dead;
 * - `arrival`: the call is read as far as it can be, so that the log names it, and not checked, as when the service is down;
 * - `before_effect`: it is read and fits its contract, nothing is taken yet;
 * - `after_effect`: what it brought is taken, the reply has not left.
 */
export type Stage = 'connection' | 'arrival' | 'before_effect' | 'after_effect'

export type Body = Readonly<Record<string, unknown>>
export type Reply = { status: number; body: Body }

/** How a call takes effect: as a new thing though it is known, as one that is found wanting later. */
export type Taking = { again: boolean; rejectedAfterMs: number | null }

/** A call as faults see it. */
export type Seen = Readonly<Omit<Call, 'wire'>> & {
  /** As it is called in answers: `OFD`. */
  service: string
  /** Whether what it brings is there already. Of use from `before_effect` on. */
  isKnown: () => boolean
  /** What would be answered. Empty before the effect. */
  reply: Reply
  /** The answer to a look-up of another receipt that is held; undefined where there is none. */
  another: () => Body | undefined
  /** The client's end of its connection; null where there is none. */
  peer: () => string | null
}

/**
 * A fault's decision about a call. After the first five the call goes on; each other one ends it.
 * - `delay`: so much later, whether or not its client is still there;
 * - `take`: and take effect in this way;
 * - `amend`: with these fields in the answer;
 * - `go_deaf`: and what comes next on its connection is swallowed;
 * - `answer_again`: and its answer comes once more, as the first to the next call on its connection;
 * - `answer`: this and no other is answered;
 * - `silence`: nothing is answered for as long as the client waits;
 * - `reset`: the connection is reset, before a single byte of an answer;
 * - `cut`: the answer ends in the middle, with a reset or a FIN;
 * - `dribble`: the answer is sent byte by byte.
 */
export type Verdict =
  | { kind: 'delay'; ms: number }
  | { kind: 'take'; how: Partial<Taking> }
  | { kind: 'amend'; body: Body }
  | { kind: 'go_deaf' }
  | { kind: 'answer_again' }
  | { kind: 'answer'; status: number; body: Body | string; headers?: Record<string, string> }
  | { kind: 'silence' }
  | { kind: 'reset' }
  | { kind: 'cut'; by: 'reset' | 'fin' }
  | { kind: 'dribble'; ms: number }

/** What a fault that has been configured stands on. */
export type Ground = {
  clock: Clock
  /** From 0 to below 1, its own, and the same again with the same seed. */
  random: () => number
  /** Words that are its own too, for what must not depend on the order of calls. */
  seed: string
  /** Closes the port for so long. */
  leavePort: (ms: number) => void
  /** The clients' ends of all connections that are open now. */
  openPeers: () => readonly string[]
  /** To be called where it strikes at once, and no call. */
  struck: () => void
}

/** Decides about one call after another. Undefined leaves the call alone, and counts for nothing. */
export type Decide = (call: Seen) => Verdict | undefined

type Definition<Shape extends z.ZodRawShape> = {
  /** Its field in the configuration. */
  name: string
  summary: string
  /** What in a configuration switches it on, as an example. */
  example: unknown
  stage: Stage | ((parameters: z.output<z.ZodObject<Shape>>) => Stage)
  /** The calls that it is about, where its plan does not say. */
  operation: Operation | 'any'
  parameters: Shape
  /** What a bare number in the configuration stands for. @default times */
  bareNumber?: keyof Shape & string
  /**
   * `plan`, or a part of it alone: a `switch` on or off, a `count` of calls, its own `parameters`.
   * @default plan
   */
  takes?: 'plan' | 'switch' | 'count' | 'parameters'
  /** The boolean that switches it on. @default true */
  switchedOnBy?: boolean
  /** Health and the configuration always tell of it, on or off. */
  alwaysShown?: true
  /** It is about connections, of which a mock inside another process has none. */
  needsPort?: true
  /** Says what is missing of parameters that are well each by itself. */
  check?: (plan: Readonly<Record<string, unknown>>) => string | undefined
  /** How long it lasts, where that is not for its plan to say. */
  lastsMs?: (parameters: z.output<z.ZodObject<Shape>>) => number
  /** Called when it is configured. */
  begin(parameters: z.output<z.ZodObject<Shape>>, ground: Ground): Decide
}

export type Fault = Required<Pick<Definition<z.ZodRawShape>, 'takes' | 'bareNumber' | 'switchedOnBy'>> &
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
    begin(given: unknown, ground: Ground): Decide
  }

export function defineFault<Shape extends z.ZodRawShape>(definition: Definition<Shape>): Fault {
  const { stage, lastsMs, begin } = definition
  const parameters = z.strictObject(definition.parameters)
  return {
    bareNumber: 'times',
    takes: 'plan',
    switchedOnBy: true,
    ...definition,
    parameters,
    stageOf: (given) => (typeof stage === 'function' ? stage(parameters.parse(given)) : stage),
    lastsMs: (given) => lastsMs?.(parameters.parse(given)) ?? Number.POSITIVE_INFINITY,
    begin: (given, ground) => begin(parameters.parse(given), ground),
  }
}
