import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { jsonOrNothing } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { KktState } from '../domain/kkt.ts'
import type { ShiftState } from '../domain/shift.ts'
import type { Journal } from '../journal/journal.ts'
import type { Shift } from '../journal/shifts.ts'
import { nextCursor, pageLimit } from './page_limit.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'
import { shiftDocument, toWireShiftDocument } from './shift_document_answer.ts'
import { salesAnswer, salesOf } from './shift_sales.ts'
import { drawerFields, shiftTotals, toWireDrawer, toWireTotals } from './shift_totals_answer.ts'
import { createSubmit, type SubmitContext, submitAnswers, type TaskRoutesDeps } from './submit_task.ts'
import { keyOptional, noFields, shiftBody } from './task_body.ts'
import { taskProblem } from './task_problems.ts'

const isoTime = z.iso.datetime()

export const shiftAnswer = z.object({
  state: z.enum(['closed', 'opened', 'expired']).meta({
    description: '`expired`: it has been open for 24 hours. The KKT fiscalises nothing before it is closed',
  }),
  number: whole.meta({ description: 'Of the open shift, or of the last one. 0 before the first' }),
  opened_at: isoTime.nullable().meta({ description: 'Null where the shift is closed' }),
  expires_at: isoTime.nullable().meta({ description: '24 hours after its opening. Null where the shift is closed' }),
  closes_at: isoTime.nullable().meta({
    description:
      'From this time on the adapter closes it by itself: at `SHIFT_CLOSE_AT` once no till sells, and 10 minutes before `expires_at` whatever happens. Null where the shift is closed',
  }),
  totals: shiftTotals.meta({ description: 'The counters of this shift' }),
  ...drawerFields,
})

const kept = z
  .object({
    fn_number: z.string().meta({ description: 'The number of the fiscal memory' }),
    number: whole.meta({ description: 'The number of the shift. Each FN counts from 1' }),
    opened_at: isoTime.nullable().meta({ description: 'Null where its opening is not known here' }),
    closed_at: isoTime
      .nullable()
      .meta({ description: 'Null while it is open, and where its closing is not known here' }),
    opening: shiftDocument.nullable().meta({ description: 'The document of its opening. Null where it is not known' }),
    closing: shiftDocument.nullable().meta({ description: 'The document of its closing. Null where it is not known' }),
    totals: shiftTotals.nullable().meta({ description: 'Its counters at its closing. Null before that' }),
  })
  .meta({ id: 'Shift' })

export const shiftPage = z.object({
  shifts: z.array(kept).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
})

/** `kktState`: the report that all who watch share. */
type ShiftRoutesDeps = TaskRoutesDeps & { journal: Journal; kktState: () => Promise<KktState | null> }

/** The shift as it is, and the shifts that were. */
export const shiftRoutes = (deps: ShiftRoutesDeps) => {
  const { desk, driver, journal } = deps
  return new Elysia({ name: 'shift' })
    .get(
      '/v1/kkt/shift',
      async () => {
        const report = await driver.shiftReport()
        if (report === null) throw taskProblem.kktSilent()
        return {
          ...toWireState(report.shift),
          closes_at: isoOrNull(desk.closesAtMs(report.shift, report.clockMs)),
          totals: toWireTotals(report.totals),
          ...toWireDrawer(desk.drawer(report.drawerKopecks)),
        }
      },
      { response: { 200: shiftAnswer, 503: problemDocument } },
    )
    .get(
      '/v1/kkt/shift/sales',
      async () => {
        const state = await deps.kktState()
        if (state === null) throw taskProblem.kktSilent()
        return salesOf(state, journal)
      },
      { response: { 200: salesAnswer, 503: problemDocument } },
    )
    .get(
      '/v1/kkt/shifts',
      ({ query: { cursor = null, limit } }) => {
        const { items, nextCursor: next } = desk.shifts(cursor, limit)
        return { shifts: items.map((shift) => toWireShift(shift, driver)), next_cursor: next }
      },
      {
        query: z.strictObject({
          limit: pageLimit,
          cursor: z
            .string()
            .regex(/^\d{16}-\d{1,10}$/, 'must be the next_cursor of a page')
            .optional()
            .meta({ description: '`next_cursor` of the page before', maxLength: 27 }),
        }),
        response: { 200: shiftPage, 422: problemDocument },
      },
    )
    .use(reportRoutes(deps))
}

type AskedOfShift = { body: z.output<typeof shiftBody>; headers: z.output<typeof keyOptional> } & SubmitContext

/** Opening, closing and reports. The second names of closing and of the X report are those that Odoo calls. */
const reportRoutes = (deps: TaskRoutesDeps) => {
  const submit = createSubmit(deps)
  const parts = { parse: jsonOrNothing(MAX_BODY_BYTES), headers: keyOptional, response: submitAnswers }
  const ofShift = { ...parts, body: shiftBody }
  const asked =
    (kind: 'open_shift' | 'close_shift') =>
    ({ body, headers, request, set }: AskedOfShift) =>
      submit(
        { work: { kind, cashier: body.cashier ?? null }, key: headers['idempotency-key'] ?? null },
        { request, set },
      )
  return new Elysia({ name: 'shift_reports' })
    .post('/v1/kkt/shift/open', asked('open_shift'), ofShift)
    .post('/v1/kkt/shift/close', asked('close_shift'), ofShift)
    .post('/v1/kkt/z_report', asked('close_shift'), ofShift)
    .post(
      '/v1/kkt/x_report',
      ({ headers, request, set }) =>
        submit({ work: { kind: 'x_report' }, key: headers['idempotency-key'] ?? null }, { request, set }),
      { ...parts, body: noFields },
    )
}

function toWireState(shift: ShiftState) {
  const isOpen = shift.kind !== 'closed'
  return {
    state: shift.kind,
    number: shift.number,
    opened_at: isOpen ? iso(shift.openedAtMs) : null,
    expires_at: isOpen ? iso(shift.expiresAtMs) : null,
  }
}

const toWireShift = ({ fnNumber, number, opening, closing }: Shift, driver: TaskRoutesDeps['driver']) => ({
  fn_number: fnNumber,
  number,
  opened_at: opening && iso(opening.instantMs),
  closed_at: closing && iso(closing.instantMs),
  opening: opening && toWireShiftDocument(opening, driver),
  closing: closing && toWireShiftDocument(closing, driver),
  totals: closing && toWireTotals(closing.totals),
})
