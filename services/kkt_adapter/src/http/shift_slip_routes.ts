import { problemDocument } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Task } from '../domain/task.ts'
import type { Journal } from '../journal/journal.ts'
import type { Slip } from '../slip/blocks.ts'
import { cashSlip, xReportSlip } from '../slip/desk_slip.ts'
import { shiftSlip } from '../slip/shift_slip.ts'
import { slipAnswer, slipQuery } from './slip_answer.ts'
import type { TaskRoutesDeps } from './submit_task.ts'
import { taskId } from './task_body.ts'
import { taskProblem } from './task_problems.ts'
import { foundTask } from './task_routes.ts'

export type ShiftSlipDeps = Pick<TaskRoutesDeps, 'desk' | 'driver'> & {
  journal: Pick<Journal, 'shifts'>
  /** `yyyy-mm-ddThh:mm` in the KKT's zone. */
  localTimeAt: (ms: number) => string
  /** KKT_ID. */
  shown: { kktId: string }
}

const problems = { 404: problemDocument, 409: problemDocument, 422: problemDocument, 503: problemDocument }
const query = z.strictObject(slipQuery)

const ofShift = z.object({
  fn_number: z
    .string()
    .regex(/^\d{16}$/, 'must be the 16 digits of an FN')
    .meta({ description: 'The number of the fiscal memory' }),
  number: integer({ min: 1, max: 4_294_967_295 }).meta({ description: 'The number of the shift' }),
})

/** The slips of shifts and of tasks, to be printed once more or shown. */
export const shiftSlipRoutes = (deps: ShiftSlipDeps) =>
  new Elysia({ name: 'shift_slips' })
    .get(
      '/v1/kkt/shifts/:fn_number/:number/slip',
      ({ params: { fn_number, number }, query: { document, ...form } }) => {
        const doc = deps.journal.shifts.find(fn_number, number)?.[document] ?? null
        if (doc === null) throw taskProblem.shiftNotFound(number)
        return slipAnswer(shiftSlip(doc, deps.driver.isMock), form)
      },
      {
        params: ofShift,
        query: query.extend({
          document: z
            .enum(['opening', 'closing'])
            .default('closing')
            .meta({ description: 'The document of the shift that is wanted' }),
        }),
        response: { 200: z.string(), 404: problemDocument, 422: problemDocument, 503: problemDocument },
      },
    )
    .get(
      '/v1/kkt/task/:task_id/slip',
      ({ params: { task_id: id }, query }) => slipAnswer(slipOf(foundTask(deps.desk, id), deps), query),
      { params: z.object({ task_id: taskId }), query, response: { 200: z.string(), ...problems } },
    )

/** @throws Problem for a task that has none */
function slipOf(
  { work, result, drawer, status, changedAtMs }: Task,
  { driver, localTimeAt, shown }: ShiftSlipDeps,
): Slip {
  const made = {
    localTime: localTimeAt(changedAtMs),
    kktNumber: shown.kktId,
    isMock: driver.isMock,
    drawerKopecks: drawer?.kopecks ?? null,
  }
  if (status === 'done' && (work.kind === 'cash_in' || work.kind === 'cash_out')) return cashSlip({ ...made, ...work })
  if (result?.doc) return shiftSlip(result.doc, driver.isMock)
  if (work.kind === 'x_report' && result?.totals) return xReportSlip({ ...made, totals: result.totals })
  throw taskProblem.noSlip()
}
