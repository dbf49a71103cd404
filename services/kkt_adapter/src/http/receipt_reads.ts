import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import { tillsOf } from '../access/caller.ts'
import { STATUSES } from '../domain/state.ts'
import { answerLanguage } from './answer_language.ts'
import { callerOf, seenReceipt } from './callers.ts'
import { lookUpFields, lookUpOf } from './look_up_query.ts'
import { pageLimit } from './page_limit.ts'
import { receiptAnswer, receiptPage, toWireEntry, toWireReceipt } from './receipt_answers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { posId } from './receipt_schema.ts'
import { receiptOnceIn, standingProblem, type WaitDeps, waitQuery } from './receipt_wait.ts'

export type ReceiptReadsDeps = WaitDeps & { access: Access }

/** A receipt, and lists of them. A till sees its own only. */
export const receiptReads = (deps: ReceiptReadsDeps) => {
  const { journal, driver, rules, access } = deps
  return new Elysia({ name: 'receipt_reads' })
    .get(
      '/v1/kkt/receipt/:receipt_id',
      async ({ params: { receipt_id: id }, query: { wanted, timeoutMs }, request, set }) => {
        const caller = callerOf(access, request)
        const language = answerLanguage(request, set)
        const receipt =
          wanted === null
            ? seenReceipt(journal, id, caller)
            : await receiptOnceIn({ id, wanted, timeoutMs }, { caller, language, gone: request.signal }, deps)
        return toWireReceipt(receipt, { driver, journal, dateAt: rules.dateAt }, language)
      },
      {
        params: z.object({ receipt_id: receiptId }),
        query: waitQuery,
        response: {
          200: receiptAnswer,
          404: problemDocument,
          408: standingProblem,
          422: problemDocument,
          503: problemDocument,
        },
      },
    )
    .get(
      '/v1/kkt/receipts',
      ({ query, request }) => {
        const { status = null, pos_id: posId = null, untold: isUntold = false, cursor = null, limit } = query
        const filter = { status, posId, isUntold, ...lookUpOf(query) }
        const tills = tillsOf(callerOf(access, request))
        const { items, nextCursor } =
          tills === null
            ? journal.queries.list(filter, cursor, limit)
            : journal.queries.listOf(
                tills.filter((till) => posId === null || till === posId),
                filter,
                cursor,
                limit,
              )
        return { receipts: items.map((item) => toWireEntry(item, driver)), next_cursor: nextCursor }
      },
      {
        query: z.strictObject({
          status: z.enum(STATUSES).optional().meta({ description: 'Only receipts in this state' }),
          pos_id: posId.optional().meta({ description: 'Only receipts of this till' }),
          untold: z
            .literal('true')
            .transform(() => true)
            .optional()
            .meta({
              description:
                '`true`: only receipts that an operator has to settle, because the KKT cannot tell their outcome',
            }),
          ...lookUpFields,
          limit: pageLimit,
          cursor: receiptId.optional().meta({ description: '`next_cursor` of the page before' }),
        }),
        response: { 200: receiptPage, 422: problemDocument },
      },
    )
}
