import type { URLSearchParams } from 'node:url'
import type { Call } from '@kkt/fault-kit/calls.ts'
import type { FaultKit } from '@kkt/fault-kit/kit.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { randomOf } from '@kkt/platform/random.ts'
import type { Tell } from './callbacks.ts'
import type { Devices } from './devices.ts'
import type { Executor } from './executor.ts'
import type { Asked, RequestJournal, StoredRequest } from './journal/requests.ts'
import { documentOf } from './queue/made.ts'
import { createQueue, type Struck } from './queue/queue.ts'
import { shownTask, statusOf, type TaskState } from './queue/task_state.ts'
import type { createServiceSettings } from './service_settings.ts'
import { typeOf } from './task_type.ts'
import { alreadyBegun, alreadyThere, badFormat, driverBusy, notFound } from './wire/errors.ts'

export type Desk = ReturnType<typeof createDesk>

export type DeskDeps = {
  clock: Clock
  logger: Logger
  executor: Executor
  journal: RequestJournal
  settings: ReturnType<typeof createServiceSettings>
  devices: Devices
  kit: Pick<FaultKit, 'strikeLater' | 'noteTasks' | 'waitRoom' | 'faults'>
  tell: Tell
  onWorked: () => void
}

/** The real driver gives up after this time. */
const BUSY_MS = 30_000
const MINUTE_MS = 60_000

/** Takes requests, has the queue do them, and tells their results. */
export function createDesk(deps: DeskDeps) {
  const { clock, executor, journal, settings, devices, kit } = deps
  /** The calls whose requests are in the queue. */
  const calls = new Map<string, Call>()
  const queue = createQueue({
    ...deps,
    // By the request and not by the order of draws, so that it is the same after a restart.
    draw: ({ number }, task) => randomOf(kit.faults.seed(), 'task', number, task)(),
    strike,
    isActive: devices.isAnyActive,
    blocksOnPrintErrors: () => settings.now().blockQueueOnPrintErrors,
    onMoved,
  })

  function strike({ uuid }: StoredRequest, task: unknown): Struck {
    const struck: Struck = { slowerMs: 0, fault: null }
    const work = { stage: 'task' as const, call: calls.get(uuid) ?? null, receiptId: uuid, taskType: typeOf(task) }
    for (const verdict of kit.strikeLater(work)) {
      if (verdict.kind === 'delay') struck.slowerMs += verdict.ms
      if (verdict.kind === 'in_task') struck.fault = verdict.how
    }
    return struck
  }

  function onMoved(request: StoredRequest): void {
    deps.onWorked()
    const call = calls.get(request.uuid)
    if (call) kit.noteTasks(call, noteOf(request))
    else kit.waitRoom.changed()
    if (request.endedAtMs === null) return
    calls.delete(request.uuid)
    if (request.callbackUrl !== null) tellEnd(request, request.callbackUrl, call ?? null)
  }

  function tellEnd({ uuid, tasks, states }: StoredRequest, url: string, call: Call | null): void {
    const work = { stage: 'callback' as const, call, receiptId: uuid, taskType: typeOf(tasks[0]) }
    const isLost = kit.strikeLater(work).some(({ kind }) => kind === 'silence')
    if (!isLost) void deps.tell(url, { uuid, results: states.map(shownTask) })
  }

  function forgetOld(): void {
    journal.removeEndedThrough(clock.wallMs() - settings.now().deleteRequestsAfter * MINUTE_MS)
  }

  /** @throws ServiceError 404 */
  function find(uuid: string): StoredRequest {
    forgetOld()
    const found = journal.find(uuid)
    if (!found) throw notFound(uuid)
    return found
  }

  /** @throws ServiceError 408 */
  async function untilFree(gone: AbortSignal): Promise<void> {
    if (!(await queue.isFree(BUSY_MS, gone))) throw driverBusy()
  }

  return {
    /** @throws ServiceError 408, 409, 420 */
    async check(uuid: string, tasks: readonly unknown[], gone: AbortSignal): Promise<void> {
      forgetOld()
      if (journal.find(uuid)) throw alreadyThere(uuid)
      if (!settings.now().validateRequestsOnAdd) return
      await untilFree(gone)
      for (const task of tasks) {
        const error = executor.check(task)
        if (error) throw badFormat(error)
      }
    },

    /** @throws ServiceError 409 */
    take(uuid: string, asked: Asked, call: Call): void {
      if (journal.find(uuid)) throw alreadyThere(uuid)
      journal.add(uuid, clock.wallMs(), asked)
      call.task = { type: typeOf(asked.tasks[0]), status: 'wait', fdNumber: null }
      calls.set(uuid, call)
      queue.nudge()
    },

    /** The answer to a request that was taken. */
    receipt(uuid: string) {
      const blockage = queue.blockage()
      return { number: journal.unfinished(), uuid, isBlocked: blockage !== null, blockedUUID: blockage?.uuid ?? '' }
    },

    isKnown: (uuid: string): boolean => journal.find(uuid) !== null,
    results: (uuid: string) => ({ results: find(uuid).states.map(shownTask) }),

    /** @throws ServiceError 404, 409 */
    cancel(uuid: string): void {
      const request = find(uuid)
      if (!request.states.every(({ kind }) => kind === 'wait') || queue.atWork() === uuid) throw alreadyBegun(uuid)
      const canceled = request.states.map((): TaskState => ({ kind: 'canceled' }))
      const ended = { ...request, states: canceled, endedAtMs: clock.wallMs() }
      journal.keep({ ...ended, receipts: 0 })
      onMoved(ended)
    },

    status() {
      forgetOld()
      const { all, unfinished: number, canceled } = journal.counts()
      const blockage = queue.blockage()
      const standing = { number, canceled, ready: all - number - canceled, isBlocked: blockage !== null }
      return blockage ? { ...standing, blockReason: blockage.reason, blockedUUID: blockage.uuid } : standing
    },

    /** @throws ServiceError 408 @returns undefined where there is no such query */
    async query(name: string, parameters: URLSearchParams, gone: AbortSignal) {
      await untilFree(gone)
      return executor.query(name, parameters)
    },

    /** After a change of the settings or of the active device. */
    restartQueue: queue.release,
    /** Goes on with the requests that an earlier process left. */
    start: queue.start,

    /** Dies, and comes back after a while. */
    async restart({ isLost, isMade, ms }: { isLost: boolean; isMade: boolean; ms: number }): Promise<void> {
      queue.stop(isMade)
      if (isLost) journal.removeAll()
      if (isLost) calls.clear()
      await clock.wait(ms)
      queue.start()
    },

    deleteResults: () => journal.removeEndedThrough(clock.wallMs()),

    reset(): void {
      queue.stop(false)
      calls.clear()
      journal.removeAll()
      queue.start()
    },
  }
}

/** The request as its call shows it. */
function noteOf({ tasks, states }: StoredRequest) {
  const made = tasks.map((task, i) => documentOf(task, states[i])).find((document) => document !== null)
  return { type: typeOf(tasks[0]), status: statusOf(states), fdNumber: made?.fdNumber ?? null }
}
