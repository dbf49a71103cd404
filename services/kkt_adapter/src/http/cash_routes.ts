import { jsonBody, jsonOrNothing } from '@kkt/platform/json_body.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Journal } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf, seenReceipt } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'
import { createSubmit, submitAnswers, type TaskRoutesDeps } from './submit_task.ts'
import { cashBody, keyOptional, keyRequired, noFields } from './task_body.ts'

/** Cash that is put into the drawer and taken out, and copies of receipts. The KKT makes no fiscal document of them. */
export const cashRoutes = (deps: TaskRoutesDeps & { journal: Journal }) => {
  const submit = createSubmit(deps)
  const ofCash = { parse: jsonBody(MAX_BODY_BYTES), headers: keyRequired, body: cashBody, response: submitAnswers }
  return new Elysia({ name: 'cash' })
    .post(
      '/v1/kkt/cash/in',
      ({ body: { amount, reason = null }, headers, request, set }) =>
        submit(
          { work: { kind: 'cash_in', amountKopecks: amount, reason }, key: headers['idempotency-key'] },
          { request, set },
        ),
      ofCash,
    )
    .post(
      '/v1/kkt/cash/out',
      ({ body: { amount, reason = null }, headers, request, set }) =>
        submit(
          { work: { kind: 'cash_out', amountKopecks: amount, reason }, key: headers['idempotency-key'] },
          { request, set },
        ),
      ofCash,
    )
    .post(
      '/v1/kkt/receipt/:receipt_id/copy',
      ({ params: { receipt_id: id }, headers, request, set }) => {
        const { status, fiscalDoc, id: receiptId } = seenReceipt(deps.journal, id, callerOf(deps.access, request))
        if (fiscalDoc === null) throw adapterProblem.noFiscalDocument(receiptId, status)
        return submit({ work: { kind: 'copy', receiptId }, key: headers['idempotency-key'] ?? null }, { request, set })
      },
      {
        parse: jsonOrNothing(MAX_BODY_BYTES),
        params: z.object({ receipt_id: receiptId }),
        headers: keyOptional,
        body: noFields,
        response: submitAnswers,
      },
    )
}
