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
import type { KktDriver } from '../kkt/driver.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import { adapterProblem } from './adapter_problems.ts'
import { whoOf } from './callers.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES } from './receipt_schema.ts'
import { type Settlement, settleBody } from './settle_body.ts'
import { settleProblem } from './settle_problems.ts'
import { taskProblem } from './task_problems.ts'

export type SettleReceiptDeps = {
  journal: Journal
  access: Access
  logger: Logger
  driver: Pick<KktDriver, 'state'>
  fiscalizer: Pick<Fiscalizer, 'nudge'>
  delivery: Pick<Delivery, 'nudge'>
  shown: { kktId: string }
}

/** An operator says what became of a receipt of which the KKT cannot tell the outcome. */
export const settleReceiptRoute = (deps: SettleReceiptDeps) => {
  const { journal, access, logger, fiscalizer, delivery, shown } = deps
  return new Elysia({ name: 'settle_receipt' }).post(
    '/v1/kkt/receipt/:receipt_id/settle',
    async ({ params: { receipt_id: id }, body, request }) => {
      const who = whoOf(access, request)
      const fnNow = body.printed ? await fnOf(deps) : null
      const settled = await journal.write((tx) => settle(tx, { id, body, who, kktId: shown.kktId, fnNow }))
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
        503: problemDocument,
      },
    },
  )
}

/** The FN in the KKT. `lastFd`: its last document; null where the KKT does not answer. */
type FnNow = { fnNumber: string; lastFd: number | null }

/** @returns null where nothing tells which FN it is */
async function fnOf({ driver, journal }: Pick<SettleReceiptDeps, 'driver' | 'journal'>): Promise<FnNow | null> {
  const state = await driver.state()
  if (state !== null) return { fnNumber: state.fnNumber, lastFd: state.lastFdNumber }
  const known = journal.fiscalMemories.inKkt()
  return known && { fnNumber: known.fnNumber, lastFd: null }
}

/** `fnNow`: as of a moment ago. */
type Said = { id: ReceiptId; body: Settlement; who: string | null; kktId: string; fnNow: FnNow | null }

/** @throws Problem */
function settle(tx: Tx, { id, body, who, kktId, fnNow }: Said) {
  const receipt = tx.queries.find(id)
  if (!receipt) throw adapterProblem.receiptNotFound(id)
  const { untoldFn: fnNumber } = receipt
  if (fnNumber === null) throw settleProblem.notUntold(receipt.id, receipt.status)
  if (!body.printed) {
    tx.settleNotPrinted(receipt.id, who)
    return { receipt_id: receipt.id, status: 'accepted' as const }
  }
  if (tx.queries.hasDocument(fnNumber, body.fd)) throw settleProblem.documentTaken(fnNumber, body.fd)
  if (fnNow?.fnNumber === fnNumber) assertMade(tx, body.fd, fnNow)
  const told = { fdNumber: body.fd, fiscalSign: body.fpd, fiscalDatetime: body.fiscal_datetime }
  const doc = documentOf({ ...told, ...placeInShift(tx, fnNumber, body) }, receipt.content, {
    fnNumber,
    kktNumber: kktId,
  })
  tx.settlePrinted(receipt.id, doc, who)
  return { receipt_id: receipt.id, status: 'pending' as const }
}

/**
 * The KKT is going to give the number of a document that is not made yet to another receipt, and that one could not be recorded.
 * @throws Problem
 */
function assertMade({ queries, tasks }: Tx, fd: number, { fnNumber, lastFd }: FnNow): void {
  if (lastFd !== null && fd > lastFd) throw settleProblem.documentNotMade(fnNumber, fd, lastFd)
  // All that the KKT made before a recorded document is settled.
  if (fd < queries.lastDocument(fnNumber)) return
  if (lastFd === null) throw taskProblem.kktSilent()
  if (queries.nextUncertain() !== null || tasks.nextUncertain() !== null) throw settleProblem.documentOpen(fnNumber, fd)
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
