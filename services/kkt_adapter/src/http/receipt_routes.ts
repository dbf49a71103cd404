import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import type { z } from 'zod'
import { actorOf, type Caller, maySellFor } from '../access/caller.ts'
import type { Receipt } from '../domain/receipt.ts'
import { isUnprinted } from '../domain/state.ts'
import type { Intake, NewReceipt } from '../journal/intake.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import type { PrintState } from '../printing/waiting_tills.ts'
import { adapterProblem } from './adapter_problems.ts'
import { callerOf } from './callers.ts'
import { printAnswer, tillsFiscalDoc } from './receipt_answers.ts'
import { type ReceiptReadsDeps, receiptReads } from './receipt_reads.ts'
import { MAX_BODY_BYTES, receiptBody, receiptHeaders } from './receipt_schema.ts'
import { serverTiming } from './server_timing.ts'

export type ReceiptRoutesDeps = ReceiptReadsDeps & {
  fiscalizer: Fiscalizer
  logger: Pick<Logger, 'info'>
  readonly printTimeoutMs: number
  monotonicMs: () => number
}

export const receiptRoutes = (deps: ReceiptRoutesDeps) => {
  const journaled = createJournaled(deps)
  const { fiscalizer, driver, isStopping, monotonicMs, access } = deps
  return new Elysia({ name: 'receipts' })
    .post(
      '/v1/kkt/receipt',
      async ({ headers, body, set, request }) => {
        if (isStopping()) throw adapterProblem.shuttingDown()
        const startedMs = monotonicMs()
        const intake = await journaled({ key: headers['idempotency-key'], content: body }, callerOf(access, request))
        const journaledMs = monotonicMs()
        if (intake.kind === 'known') set.headers['idempotency-replayed'] = 'true'
        const { receipt } = intake
        const isWaitedFor = isUnprinted(receipt.status)
        const state: PrintState = isWaitedFor ? await fiscalizer.outcome(receipt.id, deps.printTimeoutMs) : receipt
        set.headers['server-timing'] = serverTiming(
          { startedMs, journaledMs, isWaitedFor, endedMs: monotonicMs() },
          state,
        )
        return answer(state, driver)
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        headers: receiptHeaders,
        body: receiptBody,
        response: {
          200: printAnswer,
          400: problemDocument,
          413: problemDocument,
          422: problemDocument,
          502: problemDocument,
          503: problemDocument,
        },
      },
    )
    .use(receiptReads(deps))
}

/** Journals a client's receipt, or finds that of its key. It throws a Problem where nothing is stored. */
function createJournaled({ journal, fiscalizer, logger }: ReceiptRoutesDeps) {
  return async (receipt: NewReceipt, caller: Caller): Promise<Extract<Intake, { receipt: Receipt }>> => {
    if (!maySellFor(caller, receipt.content.posId)) throw adapterProblem.posNotAllowed()
    const actor = actorOf(caller)
    // Without this check, every try of a till would journal a receipt that is then refused.
    const trouble = await fiscalizer.unfit()
    if (trouble !== null && !journal.intake.knows(receipt.key, actor.owner)) throw adapterProblem.kktUnfit(trouble)
    const journaled = journal.write((tx) => tx.accept(receipt, actor))
    // Nudge at once, so that the commit that accepts the receipt also marks it `printing` when the KKT is free.
    fiscalizer.nudge()
    const intake = await journaled
    if (intake.kind === 'full') throw adapterProblem.bufferFull(intake.undelivered)
    if (intake.kind === 'key_reused') {
      throw adapterProblem.keyReused(maySellFor(caller, intake.posId) ? intake.receiptId : null)
    }
    if (intake.kind === 'accepted') logger.info('receipt_accepted', { receipt_id: intake.receipt.id, by: actor.who })
    return intake
  }
}

function answer(receipt: PrintState, driver: ReceiptReadsDeps['driver']): z.input<typeof printAnswer> {
  if (receipt.status === 'refused') throw adapterProblem.kktRefused(receipt.id, receipt.lastError)
  const { id, fiscalDoc } = receipt
  if (fiscalDoc && receipt.needsPaper) {
    const message = `Receipt fiscalised as document ${fiscalDoc.fdNumber}, but not on paper yet: check the KKT's paper, then it is printed. Send the receipt again with the same Idempotency-Key to see whether it is.`
    return { status: 'buffered', receipt_id: id, fiscal_doc: null, message }
  }
  if (fiscalDoc) {
    const message = 'Receipt printed successfully'
    return { status: 'printed', receipt_id: id, fiscal_doc: tillsFiscalDoc(fiscalDoc, driver), message }
  }
  const message =
    'Receipt accepted, but not printed yet; it will be printed. Ask GET /v1/kkt/receipt/{receipt_id}, or send the receipt again with the same Idempotency-Key.'
  return { status: 'buffered', receipt_id: id, fiscal_doc: null, message }
}
