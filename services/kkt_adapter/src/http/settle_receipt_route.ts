import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { Access } from '../access/access.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { documentOf, type ToldDocument } from '../domain/told_document.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import { adapterProblem } from './adapter_problems.ts'
import { whoOf } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'
import { type Settlement, settleBody } from './settle_body.ts'
import { settleProblem } from './settle_problems.ts'

export type SettleReceiptDeps = {
  journal: Journal
  access: Access
  logger: Logger
  fiscalizer: Pick<Fiscalizer, 'nudge'>
  delivery: Pick<Delivery, 'nudge'>
  shown: { kktId: string }
}

/** An operator says what became of a receipt whose FN was replaced before it told that. */
export const settleReceiptRoute = (deps: SettleReceiptDeps) => {
  const { journal, access, logger, fiscalizer, delivery, shown } = deps
  return new Elysia({ name: 'settle_receipt' }).post(
    '/v1/kkt/receipt/:receipt_id/settle',
    async ({ params: { receipt_id: id }, body, request }) => {
      const who = whoOf(access, request)
      const settled = await journal.write((tx) => settle(tx, { id, body, who, kktId: shown.kktId }))
      logger.warn('untold_receipt_settled', { ...settled, by: who })
      if (settled.status === 'accepted') fiscalizer.nudge()
      else delivery.nudge()
      return settled
    },
    {
      parse: jsonBody(MAX_BODY_BYTES),
      params: z.object({ receipt_id: receiptId }),
      body: settleBody,
      response: {
        200: z.object({
          receipt_id: z.guid().meta({ description: "The receipt's current id" }),
          status: z.enum(['accepted', 'pending']).meta({
            description: '`accepted`: the KKT prints it. `pending`: its document is delivered',
          }),
        }),
        400: problemDocument,
        404: problemDocument,
        409: problemDocument,
        413: problemDocument,
        422: problemDocument,
      },
    },
  )
}

type Said = { id: ReceiptId; body: Settlement; who: string | null; kktId: string }

/** @throws Problem */
function settle(tx: Tx, { id, body, who, kktId }: Said) {
  const receipt = tx.queries.find(id)
  if (!receipt) throw adapterProblem.receiptNotFound(id)
  const { untoldFn: fnNumber } = receipt
  if (fnNumber === null) throw settleProblem.notUntold(receipt.id, receipt.status)
  if (!body.printed) {
    tx.settleNotPrinted(receipt.id, who)
    return { receipt_id: receipt.id, status: 'accepted' as const }
  }
  if (tx.queries.hasDocument(fnNumber, body.fd)) throw settleProblem.documentTaken(fnNumber, body.fd)
  const told = { fdNumber: body.fd, fiscalSign: body.fpd, fiscalDatetime: body.fiscal_datetime }
  const doc = documentOf({ ...told, ...placeInShift(tx, fnNumber, body) }, receipt.content, {
    fnNumber,
    kktNumber: kktId,
  })
  tx.settlePrinted(receipt.id, doc, who)
  return { receipt_id: receipt.id, status: 'pending' as const }
}

/** Its shift and its number there, by what was said, or by the document right before it. @throws Problem */
function placeInShift(
  { queries }: Tx,
  fnNumber: string,
  { fd, shift_number: shift, receipt_number: number }: Extract<Settlement, { printed: true }>,
): Pick<ToldDocument, 'shiftNumber' | 'receiptNumber'> {
  const before = queries.placeInShift(fnNumber, fd - 1)
  const shiftNumber = shift ?? before?.shiftNumber
  const receiptNumber = number ?? (before && before.receiptNumber + 1)
  if (shiftNumber === undefined || receiptNumber === undefined || receiptNumber === null)
    throw settleProblem.shiftNotTold()
  return { shiftNumber, receiptNumber }
}
