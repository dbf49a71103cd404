import { createWaitRoom } from '@kkt/fault-kit/wait_room.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import type { Blocked, Executor, TaskEnd, TaskFault } from '../executor.ts'
import type { RequestJournal, StoredRequest } from '../journal/requests.ts'
import { receiptsOf } from './made.ts'
import { type Expected, isEnded, type TaskState } from './task_state.ts'

/**
 * - `stopped`: as a process that is away;
 * - `between`: it is about to take the next task;
 * - `running`: a task is under way. `finish` has the register do it now, and tells nobody;
 * - `blocked`: it stands still until the register answers. `release` ends that at once.
 */
type Mode =
  | { kind: 'idle' | 'stopped' | 'between' }
  | { kind: 'running'; uuid: string; finish: () => unknown }
  | { kind: 'blocked'; uuid: string; reason: Blocked['reason']; release: AbortController }

/** The ways in which faults change a task: it takes longer, or does not go as it should. */
export type Struck = { slowerMs: number; fault: TaskFault | null }

type QueueDeps = {
  clock: Clock
  logger: Logger
  executor: Executor
  journal: RequestJournal
  /** Chance for one task, from 0 to below 1. */
  draw: (request: StoredRequest, task: number) => number
  strike: (request: StoredRequest, task: unknown) => Struck
  isActive: () => boolean
  blocksOnPrintErrors: () => boolean
  /** Called when a request has come further. */
  onMoved: (request: StoredRequest) => void
}

/** A blocked task is not asked for more often than this. */
const SHORTEST_BLOCKED_MS = 100
/** The register is asked for an interrupted task's document once it is connected again. */
const RECONNECT_MS = 1000
/** The end of a task that the service does not know, where there is no document to look for. */
const LOST = { code: 4, description: 'Нет связи: выполнение задания прервано' }

/** The one queue of the service: it does one task after another, and survives a restart. */
export function createQueue(deps: QueueDeps) {
  const { clock, logger, executor, journal, isActive, onMoved } = deps
  const driver = createWaitRoom(clock)
  let mode: Mode = { kind: 'idle' }
  let life = new AbortController()

  function become(next: Mode): void {
    mode = next
    driver.changed()
  }

  /** Works for as long as there is something to do. */
  function nudge(): void {
    if (mode.kind !== 'idle') return
    const { signal } = life
    become({ kind: 'between' })
    void drain(signal).catch((error: unknown) => {
      logger.error('queue_failed', errorFields(error))
      if (!signal.aborted) become({ kind: 'idle' })
    })
  }

  async function drain(signal: AbortSignal): Promise<void> {
    for (;;) {
      const request = isActive() ? journal.firstUnfinished() : null
      if (!request) break
      await work(request, signal)
      if (signal.aborted) return
    }
    become({ kind: 'idle' })
  }

  async function work(request: StoredRequest, signal: AbortSignal): Promise<void> {
    let current = request
    for (const [i, task] of request.tasks.entries()) {
      const state = current.states[i]
      if (!state || isEnded(state)) continue
      const keep = (next: TaskState) => {
        current = moved(current, i, next, clock.wallMs())
        journal.keep({ ...current, receipts: receiptsOf(current.tasks, current.states).length })
        onMoved(current)
      }
      await carryOn({ request, i, task, state, keep, signal })
      if (signal.aborted) return
      become({ kind: 'between' })
    }
  }

  type Turn = {
    request: StoredRequest
    i: number
    task: unknown
    state: TaskState
    keep: (next: TaskState) => void
    signal: AbortSignal
  }

  /** Brings a task to its end, from wherever an earlier process left it. */
  async function carryOn(turn: Turn): Promise<void> {
    const { state, keep, signal } = turn
    if (state.kind === 'blocked') return await hold(turn, state.blocked)
    if (state.kind !== 'inProgress') return await begin(turn)
    if (state.expected) return await hold(turn, interrupted(state.expected))
    await clock.wait(RECONNECT_MS, signal)
    if (!signal.aborted) keep({ kind: 'error', error: LOST })
  }

  async function begin(turn: Turn): Promise<void> {
    const { request, i, task, keep, signal } = turn
    const error = executor.check(task)
    if (error) return keep({ kind: 'error', error })
    const { slowerMs, fault } = deps.strike(request, task)
    const run = () => executor.run(task, { uuid: request.uuid, fault, blocksOnPrintErrors: deps.blocksOnPrintErrors() })
    become({ kind: 'running', uuid: request.uuid, finish: run })
    keep({ kind: 'inProgress', expected: executor.expects(task) })
    await clock.wait(Math.round(executor.takesMs(task, deps.draw(request, i)) + slowerMs), signal)
    if (!signal.aborted) await end(turn, run())
  }

  async function end(turn: Turn, outcome: TaskEnd): Promise<void> {
    if (outcome.status === 'blocked') return await hold(turn, outcome.blocked)
    if (outcome.status === 'error') turn.keep({ kind: 'error', error: outcome.error })
    else turn.keep({ kind: 'ready', result: outcome.result, warnings: outcome.warnings })
  }

  /** Keeps all tasks back until the register answers, and then asks it for the end of this one. */
  async function hold(turn: Turn, blocked: Blocked): Promise<void> {
    const { request, task, keep, signal } = turn
    const release = new AbortController()
    become({ kind: 'blocked', uuid: request.uuid, reason: blocked.reason, release })
    keep({ kind: 'blocked', blocked })
    const over = AbortSignal.any([signal, release.signal])
    await clock.wait(Math.max(blocked.ms, SHORTEST_BLOCKED_MS), over)
    if (!signal.aborted) await end(turn, executor.settle(task, blocked))
  }

  function stop(isFinished: boolean): void {
    if (isFinished && mode.kind === 'running') mode.finish()
    life.abort()
    life = new AbortController()
    become({ kind: 'stopped' })
  }

  return {
    nudge,
    /**
     * Stops as a process that dies.
     * @param isFinished whether the register still does the task that is under way
     */
    stop,
    /** Goes on from the journal. */
    start(): void {
      if (mode.kind === 'stopped') become({ kind: 'idle' })
      nudge()
    },
    /** Asks for the end of a blocked task now. */
    release(): void {
      if (mode.kind === 'blocked') mode.release.abort()
      nudge()
    },
    /** The reason why nothing is done, and the request that waits for it. */
    blockage: () => (mode.kind === 'blocked' ? { uuid: mode.uuid, reason: mode.reason } : null),
    /** The request whose task is at work. */
    atWork: () => (mode.kind === 'running' || mode.kind === 'blocked' ? mode.uuid : null),
    /** Waits until the driver is between two tasks. @returns false when it was busy for too long */
    async isFree(withinMs: number, gone: AbortSignal): Promise<boolean> {
      const isReached = () => mode.kind === 'idle' || mode.kind === 'between'
      return (await driver.until(isReached, withinMs, gone)) === 'reached'
    },
  }
}

const interrupted = (expected: Expected): Blocked => ({
  ...expected,
  reason: 'connectionError',
  error: LOST,
  ms: RECONNECT_MS,
})

/** The request with the next state of one task. The tasks after one that failed are not begun. */
function moved(request: StoredRequest, i: number, next: TaskState, nowMs: number): StoredRequest {
  const isFailed = next.kind === 'error'
  const states = request.states.map((state, at): TaskState => {
    if (at === i) return next
    return isFailed && at > i ? { kind: 'interrupted' } : state
  })
  return { ...request, states, endedAtMs: states.every(isEnded) ? nowMs : null }
}
