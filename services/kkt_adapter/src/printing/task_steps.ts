import type { FencingToken } from '../domain/fencing_token.ts'
import type { Task } from '../domain/task.ts'
import type { KktHealth } from './kkt_health.ts'
import type { Overtake } from './overtake.ts'
import type { ToClose } from './own_closings.ts'
import type { Step } from './step.ts'
import { createTaskWork, type TaskWorkDeps } from './task_work.ts'

type TaskStepsDeps = TaskWorkDeps & { health: KktHealth; overtake: Overtake }

/** The tasks' part of the work at the KKT. Each function throws LeaseLost and StorageFailure. */
export function createTaskSteps(deps: TaskStepsDeps) {
  const { journal, health, overtake, closings } = deps
  const work = createTaskWork(deps)

  async function perform(task: Task, token: FencingToken): Promise<Step> {
    const outcome = await work.perform(task, token)
    if (outcome.kind === 'outdated') return await overtake(outcome.newest)
    if (outcome.kind === 'done') health.settled()
    if (outcome.kind === 'unknown' || (outcome.kind === 'refused' && !outcome.isLasting)) health.notDone(outcome)
    const isOver = outcome.kind === 'done' || outcome.kind === 'needless' || outcome.kind === 'other_fn'
    return isOver || (outcome.kind === 'refused' && outcome.isLasting) ? 'worked' : 'blocked'
  }

  return {
    /** Does the first task that waits. @returns null without one */
    async next(token: FencingToken): Promise<Step | null> {
      const task = journal.tasks.nextAccepted()
      return task && (await perform(task, token))
    },
    /** Closes the shift that has to be closed before everything that waits. @returns null without one */
    async urgent(token: FencingToken): Promise<Step | null> {
      const closing = journal.tasks.nextUrgent()
      return closing && (await perform(closing, token))
    },
    /** Looks up the first task whose outcome is unclear. @returns null without one */
    async settleNext(token: FencingToken): Promise<Step | null> {
      const uncertain = journal.tasks.nextUncertain()
      if (uncertain === null) return null
      const lookup = await work.settle(uncertain, token)
      if (lookup.kind === 'outdated') return await overtake(lookup.newest)
      return lookup.kind === 'unknown' ? 'blocked' : 'worked'
    },
    /** Closes a shift that has expired, before everything that waits: the KKT fiscalises nothing in it. */
    async closeExpired(shift: ToClose, token: FencingToken): Promise<Step> {
      const closing = await closings.accept(shift, token)
      return closing ? await perform(closing.task, token) : 'blocked'
    },
  }
}
