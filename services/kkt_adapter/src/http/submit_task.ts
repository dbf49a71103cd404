import type { Language } from '@kkt/platform/language.ts'
import type { Problem } from '@kkt/platform/problem.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import type { z } from 'zod'
import type { Access } from '../access/access.ts'
import { actorOf } from '../access/caller.ts'
import type { Task } from '../domain/task.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Submitted, TaskDesk, WantedTask } from '../printing/task_desk.ts'
import { adapterProblem } from './adapter_problems.ts'
import { answerLanguage } from './answer_language.ts'
import { callerOf } from './callers.ts'
import { doneAnswer, openAnswer, toWireDone, toWireOpen } from './task_answers.ts'
import { taskProblem } from './task_problems.ts'

export type TaskRoutesDeps = {
  desk: TaskDesk
  driver: Pick<KktDriver, 'isMock' | 'shiftReport'>
  access: Access
  readonly printTimeoutMs: number
  isStopping: () => boolean
}

/** The answers of a route that submits a task. */
export const submitAnswers = {
  200: doneAnswer,
  202: openAnswer,
  400: problemDocument,
  404: problemDocument,
  409: problemDocument,
  413: problemDocument,
  422: problemDocument,
  502: problemDocument,
  503: problemDocument,
}

type Answer = z.input<typeof doneAnswer> | z.input<typeof openAnswer>
export type SubmitContext = { request: Request; set: { status?: number | string; headers: Record<string, unknown> } }

export type Submit = (wanted: WantedTask, context: SubmitContext) => Promise<Answer>

/** Has a task done, and answers how that went. @throws Problem, StorageFailure */
export function createSubmit(deps: TaskRoutesDeps): Submit {
  const { desk, driver, access, isStopping } = deps
  return async (wanted, { request, set }) => {
    if (isStopping()) throw adapterProblem.shuttingDown()
    const actor = actorOf(callerOf(access, request))
    const submitted = await desk.submit(wanted, actor, deps.printTimeoutMs)
    if (submitted.kind !== 'ended' && submitted.kind !== 'open') throw refusalOf(submitted)
    if (submitted.isReplay) set.headers['idempotency-replayed'] = 'true'
    const answer = answerOf(submitted.task, driver, answerLanguage(request, set))
    if (answer.status !== 'done') set.status = 202
    return answer
  }
}

function answerOf(task: Task, driver: TaskRoutesDeps['driver'], language: Language): Answer {
  const { id, status } = task
  if (status === 'refused') throw refusedAs(task)
  return status === 'done' ? toWireDone(task, driver, language) : toWireOpen({ id, status }, language)
}

/** Where another request came first, the shift had the wanted state when the KKT's turn came. */
function refusedAs({ id, work: { kind }, lastError, fnNumber }: Task): Problem {
  if (fnNumber === null && kind === 'open_shift') return taskProblem.shiftOpen()
  if (fnNumber === null && kind === 'close_shift') return taskProblem.shiftClosed()
  return taskProblem.taskRefused(id, lastError)
}

function refusalOf(submitted: Exclude<Submitted, { kind: 'ended' | 'open' }>): Problem {
  switch (submitted.kind) {
    case 'key_reused':
      return taskProblem.taskKeyReused(submitted.taskId)
    case 'kkt_silent':
      return taskProblem.kktSilent()
    case 'full':
      return taskProblem.tooManyTasks()
    case 'obstacle':
      return OBSTACLES[submitted.code]()
  }
}

const OBSTACLES = {
  shift_open: taskProblem.shiftOpen,
  shift_expired: taskProblem.shiftExpired,
  shift_closed: taskProblem.shiftClosed,
  drawer_too_low: taskProblem.drawerTooLow,
}
