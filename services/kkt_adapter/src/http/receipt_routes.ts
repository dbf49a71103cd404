import { jsonBody } from '@kkt/platform/json_body.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { filledInFor, type TillDefaults, withFilledIn } from '../domain/filled_in.ts'
import type { IdempotencyKey, Receipt, ReceiptContent } from '../domain/receipt.ts'
import { isUnprinted, STATUSES } from '../domain/state.ts'
import { type VatVerdict, vatVerdicts } from '../domain/vat_verdicts.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import type { PrintState } from '../printing/waiting_tills.ts'
import { adapterProblem } from './adapter_problems.ts'
import { pageLimit } from './page_limit.ts'
import {
  printAnswer,
  receiptAnswer,
  receiptPage,
  tillsFiscalDoc,
  toWireEntry,
  toWireReceipt,
} from './receipt_answers.ts'
import { MAX_BODY_BYTES, posId, receiptBody, receiptHeaders, receiptId } from './receipt_schema.ts'
import { receiptOnceIn, standingProblem, type WaitDeps, waitQuery } from './receipt_wait.ts'
import { serverTiming } from './server_timing.ts'
import { verdictInWords, type WarningDeps, warningsOf } from './warnings.ts'

/** The settings that decide what becomes of a till's words. */
export type SaleRules = {
  /** The settings of a till, by its name. */
  defaultsOf: (posId: string) => TillDefaults
  /** Whether a sale that breaks a rule of VAT is refused, and not only warned of. */
  refusesBadVat: boolean
  dateAt: WarningDeps['dateAt']
}

export type ReceiptRoutesDeps = WaitDeps & {
  fiscalizer: Fiscalizer
  rules: SaleRules
  wallMs: () => number
  readonly printTimeoutMs: number
  monotonicMs: () => number
}

export const receiptRoutes = (deps: ReceiptRoutesDeps) => {
  const { journal, fiscalizer, driver, rules, isStopping, monotonicMs } = deps
  return new Elysia({ name: 'receipts' })
    .post(
      '/v1/kkt/receipt',
      async ({ headers, body, set }) => {
        if (isStopping()) throw adapterProblem.shuttingDown()
        const startedMs = monotonicMs()
        const key = headers['idempotency-key']
        const filledIn = filledInFor(body, rules.defaultsOf(body.posId))
        await refuseUnknown(key, withFilledIn(body, filledIn), deps)
        const journaled = journal.write((tx) => tx.accept({ key, content: body, filledIn }))
        // Nudge at once, so that the commit that accepts the receipt also marks it `printing` when the KKT is free.
        fiscalizer.nudge()
        const intake = await journaled
        const journaledMs = monotonicMs()
        if (intake.kind === 'full') throw adapterProblem.bufferFull(intake.undelivered)
        if (intake.kind === 'key_reused') throw adapterProblem.keyReused(intake.receiptId)
        if (intake.kind === 'known') set.headers['idempotency-replayed'] = 'true'
        const { receipt } = intake
        const isWaitedFor = isUnprinted(receipt.status)
        const state: PrintState = isWaitedFor ? await fiscalizer.outcome(receipt.id, deps.printTimeoutMs) : receipt
        set.headers['server-timing'] = serverTiming(
          { startedMs, journaledMs, isWaitedFor, endedMs: monotonicMs() },
          state,
        )
        return answer({ ...state, ...soldAs(state, receipt, deps) }, deps)
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
    .get(
      '/v1/kkt/receipt/:receipt_id',
      async ({ params: { receipt_id: id }, query: { wanted, timeoutMs }, request }) => {
        const receipt =
          wanted === null
            ? journal.queries.find(id)
            : await receiptOnceIn({ id, wanted, timeoutMs }, request.signal, deps)
        if (!receipt) throw adapterProblem.receiptNotFound(id)
        return toWireReceipt(receipt, driver)
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
      ({ query }) => {
        const filter = { status: query.status ?? null, posId: query.pos_id ?? null }
        const { items, nextCursor } = journal.queries.list(filter, query.cursor ?? null, query.limit)
        return { receipts: items.map((item) => toWireEntry(item, driver)), next_cursor: nextCursor }
      },
      {
        query: z.strictObject({
          status: z.enum(STATUSES).optional().meta({ description: 'Only receipts in this state' }),
          pos_id: posId.optional().meta({ description: 'Only receipts of this till' }),
          limit: pageLimit,
          cursor: receiptId.optional().meta({ description: '`next_cursor` of the page before' }),
        }),
        response: { 200: receiptPage, 422: problemDocument },
      },
    )
}

/**
 * Refuses a receipt that the KKT or the law would not have. A key that is known has an answer already, whatever the KKT's
 * trouble and the date are now.
 * @throws Problem
 */
async function refuseUnknown(key: IdempotencyKey, content: ReceiptContent, deps: ReceiptRoutesDeps): Promise<void> {
  // Without this check, every try of a till would journal a receipt that is then refused.
  const trouble = await deps.fiscalizer.unfit()
  const refused = deps.rules.refusesBadVat ? refusedRates(content, deps) : []
  const [first] = refused
  if ((trouble === null && !first) || deps.journal.intake.knows(key)) return
  if (trouble !== null) throw adapterProblem.kktUnfit(trouble)
  const errors = refused.map(({ pointer, message }) => ({ pointer, message }))
  if (first) throw adapterProblem.vatRefused(verdictInWords(first), errors)
}

/** The rates that the law does not know today. */
const refusedRates = (content: ReceiptContent, { rules, wallMs }: ReceiptRoutesDeps): VatVerdict[] =>
  vatVerdicts(content, rules.dateAt(wallMs())).filter(({ kind }) => kind === 'refused')

type Sold = Pick<Receipt, 'content' | 'createdAtMs'>

/** The KKT may have known the receipt under another id, from a journal that was lost. */
function soldAs(state: PrintState, receipt: Receipt, { journal }: ReceiptRoutesDeps): Sold {
  const { content, createdAtMs } = (state.id === receipt.id ? null : journal.queries.find(state.id)) ?? receipt
  return { content, createdAtMs }
}

type ToAnswer = PrintState & Sold

function answer(receipt: ToAnswer, { driver, rules }: ReceiptRoutesDeps): z.input<typeof printAnswer> {
  if (receipt.status === 'refused') throw adapterProblem.kktRefused(receipt.id, receipt.lastError)
  const { id, fiscalDoc, needsPaper } = receipt
  const isPrinted = fiscalDoc !== null && !needsPaper
  return {
    status: isPrinted ? 'printed' : 'buffered',
    receipt_id: id,
    fiscal_doc: fiscalDoc && tillsFiscalDoc(fiscalDoc, driver),
    paper: paperOf(receipt),
    message: messageOf(receipt),
    warnings: warningsOf(receipt, { driver, dateAt: rules.dateAt }),
  }
}

function paperOf({ fiscalDoc, needsPaper, content }: ToAnswer): 'printed' | 'missing' | 'none' {
  if (fiscalDoc === null) return 'none'
  if (needsPaper) return 'missing'
  return content.electronic === true ? 'none' : 'printed'
}

function messageOf({ fiscalDoc, needsPaper, content }: ToAnswer): string {
  if (fiscalDoc === null) {
    return 'Receipt accepted, but not printed yet; it will be printed. Ask GET /v1/kkt/receipt/{receipt_id}, or send the receipt again with the same Idempotency-Key.'
  }
  if (needsPaper) {
    return `Receipt fiscalised as document ${fiscalDoc.fdNumber}, but not on paper yet: check the KKT's paper, then it is printed. Send the receipt again with the same Idempotency-Key to see whether it is.`
  }
  return content.electronic === true ? 'Receipt fiscalised without paper' : 'Receipt printed successfully'
}
