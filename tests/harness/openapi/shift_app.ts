/** The routes of the shift, of cash and of the other tasks of the KKT, and what is done to an adapter before they are asked. */
import { z } from 'zod'
import type { startWholeApp } from '../../../services/kkt_adapter/src/testing/whole_app.ts'

export const SHIFT = 'GET /v1/kkt/shift'
export const SALES = 'GET /v1/kkt/shift/sales'
export const SHIFT_SLIP = 'GET /v1/kkt/shifts/{fn_number}/{number}/slip'
export const TASK = 'GET /v1/kkt/task/{task_id}'
export const TASK_SLIP = `${TASK}/slip`
export const SETTLE = 'POST /v1/kkt/task/{task_id}/settle'
export const OPEN = 'POST /v1/kkt/shift/open'
export const CLOSINGS = ['POST /v1/kkt/shift/close', 'POST /v1/kkt/z_report']
export const X_REPORT = 'POST /v1/kkt/x_report'
export const CASH_OUT = 'POST /v1/kkt/cash/out'
export const COPY = 'POST /v1/kkt/receipt/{receipt_id}/copy'
/** Each has the KKT do something. */
export const SUBMITTING = [OPEN, ...CLOSINGS, X_REPORT, 'POST /v1/kkt/cash/in', CASH_OUT, COPY]

type App = Pick<ReturnType<typeof startWholeApp>, 'kkt' | 'ask' | 'clock'>

/** Within KKT_PRINT_TIMEOUT, and longer than a KKT takes that is asked what became of a task. */
const LOOK_UP_MS = 9000

const task = z.object({ task_id: z.string() })

/** Brings the shift and the tasks to where the route has something to do. @returns the values of its path's parameters */
export async function readyTasks({ kkt, ask, clock }: App, route: string): Promise<Record<string, string>> {
  const { number } = kkt.shift
  if (route === SHIFT_SLIP) await ask('POST', '/v1/kkt/shift/close')
  if (route === OPEN) kkt.shift = { kind: 'closed', number }
  const perform = kkt.onPerform
  if (route === SETTLE) {
    kkt.onPerform = async () => ({ kind: 'unknown', reason: 'no answer' })
    kkt.onLookupTask = async () => ({ kind: 'untellable', reason: 'it keeps no list of its tasks' })
  }
  const ids = { fn_number: kkt.fnNumber, number: String(number) }
  if (!route.includes('{task_id}')) return ids
  const asked = ask('POST', '/v1/kkt/cash/in', { headers: { 'idempotency-key': 'of-a-task' }, body: '{"amount":1}' })
  if (route === SETTLE) await clock.advance(LOOK_UP_MS)
  const { task_id } = task.parse((await asked).json)
  kkt.onPerform = perform
  return { ...ids, task_id }
}
