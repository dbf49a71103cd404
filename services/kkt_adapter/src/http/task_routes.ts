import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { actorOf } from '../access/caller.ts'
import { TASK_KINDS, TASK_STATUSES, type Task, type TaskId } from '../domain/task.ts'
import type { TaskDesk } from '../printing/task_desk.ts'
import { callerOf } from './callers.ts'
import { pageLimit } from './page_limit.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'
import type { TaskRoutesDeps } from './submit_task.ts'
import { taskAnswer, taskPage, toWireTask } from './task_answers.ts'
import { settleBody, taskId } from './task_body.ts'
import { taskProblem } from './task_problems.ts'

const params = z.object({ task_id: taskId })

/** The tasks of the KKT, and an operator's word on those of which nothing tells the outcome. */
export const taskRoutes = (deps: TaskRoutesDeps & { logger: Pick<Logger, 'info'> }) => {
  const { desk, driver, access, logger } = deps
  return new Elysia({ name: 'tasks' })
    .get('/v1/kkt/task/:task_id', ({ params: { task_id: id } }) => toWireTask(foundTask(desk, id), driver), {
      params,
      response: { 200: taskAnswer, 404: problemDocument, 422: problemDocument },
    })
    .get(
      '/v1/kkt/tasks',
      ({ query: { status = null, kind = null, cursor = null, limit } }) => {
        const { items, nextCursor } = desk.list({ status, kind }, cursor, limit)
        return { tasks: items.map((task) => toWireTask(task, driver)), next_cursor: nextCursor }
      },
      {
        query: z.strictObject({
          status: z.enum(TASK_STATUSES).optional().meta({ description: 'Only tasks in this state' }),
          kind: z.enum(TASK_KINDS).optional().meta({ description: 'Only tasks of this kind' }),
          limit: pageLimit,
          cursor: taskId.optional().meta({ description: '`next_cursor` of the page before' }),
        }),
        response: { 200: taskPage, 422: problemDocument },
      },
    )
    .post(
      '/v1/kkt/task/:task_id/settle',
      async ({ params: { task_id: id }, body: { done, reason = null }, request }) => {
        const actor = actorOf(callerOf(access, request))
        const settled = await desk.settle(id, done, reason, actor)
        if (settled === 'unknown_task') throw taskProblem.taskNotFound(id)
        if (settled === 'not_unclear') throw taskProblem.taskNotUnclear(id)
        logger.info('task_settled', { task_id: id, done, by: actor.who })
        return toWireTask(foundTask(desk, id), driver)
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        params,
        body: settleBody,
        response: {
          200: taskAnswer,
          400: problemDocument,
          404: problemDocument,
          409: problemDocument,
          413: problemDocument,
          422: problemDocument,
        },
      },
    )
}

/** @throws Problem */
export function foundTask(desk: TaskDesk, id: TaskId): Task {
  const task = desk.find(id)
  if (task === null) throw taskProblem.taskNotFound(id)
  return task
}
