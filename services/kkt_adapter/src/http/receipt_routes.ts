import { jsonBody } from '@kkt/platform/json_body.ts'
import type { Language } from '@kkt/platform/language.ts'
import { asJsonAnswer } from '@kkt/platform/listener/json_answer.ts'
import { type Problem, problemDocument } from '@kkt/platform/problem.ts'
import { Elysia } from 'elysia'
import type { z } from 'zod'
import { actorOf, type Caller, isOperator, maySellFor } from '../access/caller.ts'
import type { Warning } from '../domain/differences.ts'
import { filledInFor, type TillDefaults, withFilledIn } from '../domain/filled_in.ts'
import {
  type IdempotencyKey,
  type Receipt,
  type ReceiptContent,
  type ReceiptId,
  type SaidContent,
  saysRates,
} from '../domain/receipt.ts'
import { isUnprinted } from '../domain/state.ts'
import type { Intake, NewReceipt } from '../journal/intake.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Fiscalizer } from '../printing/fiscalize.ts'
import type { PrintState } from '../printing/waiting_tills.ts'
import { adapterProblem } from './adapter_problems.ts'
import { answerLanguage } from './answer_language.ts'
import { callerOf } from './callers.ts'
import { inFuture } from './correction_day.ts'
import { heldByKkt, printedFor } from './printed_before.ts'
import { paperOf, printAnswer, tillsFiscalDoc } from './receipt_answers.ts'
import { type ReceiptReadsDeps, receiptReads } from './receipt_reads.ts'
import { MAX_BODY_BYTES, receiptHeaders, saleBody } from './receipt_schema.ts'
import { serverTiming } from './server_timing.ts'
import { badVat, refundWarnings, twinWarning, type WarningDeps, warningsOf } from './warnings.ts'
import { ADAPTER_WORDS, type AdapterWords } from './words/words.ts'

/** The settings that decide what becomes of a till's words. */
export type SaleRules = {
  /** The settings of a till, by its name. */
  defaultsOf: (posId: string) => TillDefaults
  /** Whether a sale that breaks a rule of VAT is refused, and not only warned of. */
  refusesBadVat: boolean
  dateAt: WarningDeps['dateAt']
  /** Whether a refund waits until the OFD holds its original. */
  refundsNeedSynced: boolean
}

export type ReceiptRoutesDeps = ReceiptReadsDeps & {
  driver: Pick<KktDriver, 'cannot'>
  fiscalizer: Fiscalizer
  rules: SaleRules
  wallMs: () => number
  readonly printTimeoutMs: number
  monotonicMs: () => number
}

export const receiptRoutes = (deps: ReceiptRoutesDeps) => {
  const journaled = createJournaled(deps)
  const { fiscalizer, isStopping, monotonicMs, access } = deps
  return new Elysia({ name: 'receipts' })
    .post(
      '/v1/kkt/receipt',
      async ({ headers, body, set, request }) => {
        if (isStopping()) throw adapterProblem.shuttingDown()
        const startedMs = monotonicMs()
        const { content, isForced } = body
        const caller = callerOf(access, request)
        const intake = await journaled({ key: headers['idempotency-key'], content, isForced }, caller)
        const journaledMs = monotonicMs()
        if (intake.kind === 'known') set.headers['idempotency-replayed'] = 'true'
        const { receipt } = intake
        const isWaitedFor = isUnprinted(receipt.status)
        const state: PrintState = isWaitedFor ? await fiscalizer.outcome(receipt.id, deps.printTimeoutMs) : receipt
        set.headers['server-timing'] = serverTiming(
          { startedMs, journaledMs, isWaitedFor, endedMs: monotonicMs() },
          state,
        )
        // The journal need not be asked about each new receipt.
        const mayBeTwin = intake.kind === 'known' || intake.isTwin
        return answer({ ...state, ...soldAs(state, receipt, deps), mayBeTwin }, deps, answerLanguage(request, set))
      },
      {
        parse: jsonBody(MAX_BODY_BYTES),
        mapResponse: asJsonAnswer,
        headers: receiptHeaders,
        body: saleBody,
        response: {
          200: printAnswer,
          400: problemDocument,
          409: problemDocument,
          413: problemDocument,
          422: problemDocument,
          502: problemDocument,
          503: problemDocument,
        },
      },
    )
    .use(receiptReads(deps))
}

function refusalOf(intake: Exclude<Intake, { receipt: Receipt }>, caller: Caller): Problem {
  switch (intake.kind) {
    case 'full':
      return adapterProblem.bufferFull(intake.undelivered)
    case 'refund_too_early':
      return adapterProblem.refundTooEarly(intake.original)
    case 'refund_exceeds':
      return adapterProblem.refundExceeds(intake.leftKopecks)
    case 'refund_incomplete':
      return adapterProblem.refundIncomplete(intake.open, intake.isKnown)
    case 'key_reused':
      return adapterProblem.keyReused(maySellFor(caller, intake.posId) ? intake.receiptId : null)
    case 'key_of_task':
      return adapterProblem.keyReused(null)
  }
}

type Sale = { key: IdempotencyKey; content: SaidContent; isForced: boolean }

/** Journals a client's receipt, or finds that of its key. It throws a Problem where nothing is stored. */
function createJournaled(deps: ReceiptRoutesDeps) {
  const { journal, fiscalizer, rules, access } = deps
  return async ({ key, content, isForced }: Sale, caller: Caller): Promise<Extract<Intake, { receipt: Receipt }>> => {
    if (!maySellFor(caller, content.posId)) throw adapterProblem.posNotAllowed()
    if (isForced && !isOperator(caller)) throw adapterProblem.forceNotAllowed()
    const actor = actorOf(caller)
    const refundRules = { isForced, requiresSynced: rules.refundsNeedSynced }
    const filledIn = filledInFor(content, rules.defaultsOf(content.posId))
    const isKnown = () => journal.intake.isKnown({ key, content }, actor, access.isFormer)
    const sale = { key, content, filledIn, refundRules }
    const isPrinted = async () => (await printedFor(sale, actor, deps)) !== null
    // Only a sale's rate is ever refused, and a sale says its rates.
    const whole = saysRates(content) ? withFilledIn(content, filledIn) : null
    await refuseUnknown(whole, { isKnown, isPrinted }, deps)
    const accept = (receipt: NewReceipt) => {
      const journaled = journal.write((tx) => tx.accept(receipt, actor, access.isFormer))
      // Nudge at once, so that the commit that accepts the receipt also marks it `printing` when the KKT is free.
      fiscalizer.nudge()
      return journaled
    }
    const first = await accept(sale)
    const isLost = first.kind === 'refund_incomplete' && !first.isKnown
    const held = isLost ? await heldByKkt(sale, actor, deps) : null
    const intake = held === null ? first : await accept({ ...sale, filledIn: held })
    if (intake.kind !== 'accepted' && intake.kind !== 'known') throw refusalOf(intake, caller)
    return intake
  }
}

/** Whether the journal knows the key, and whether the KKT has printed a receipt for it. */
type Answered = { isKnown: () => boolean; isPrinted: () => Promise<boolean> }

/**
 * Refuses a receipt that the KKT or the law would not have. A key that is known has an answer already, whatever the KKT's
 * trouble and the date are now. The law, or the KKT's registration, may have changed since the KKT printed it for a journal
 * that was lost.
 * @throws Problem
 */
async function refuseUnknown(
  content: ReceiptContent | null,
  { isKnown, isPrinted }: Answered,
  deps: ReceiptRoutesDeps,
): Promise<void> {
  // Without this check, every try of a till would journal a receipt that is then refused.
  const trouble = await deps.fiscalizer.unfit()
  const refusal = kktRefusal(content, deps) ?? lawRefusal(content, deps)
  if ((trouble === null && refusal === null) || isKnown()) return
  if (trouble !== null) throw adapterProblem.kktUnfit(trouble)
  if (refusal !== null && !(await isPrinted())) throw refusal
}

function kktRefusal(content: ReceiptContent | null, { driver }: ReceiptRoutesDeps): Problem | null {
  const limit = content && driver.cannot(content)
  return limit && adapterProblem.kktCannot(limit)
}

function lawRefusal(content: ReceiptContent | null, deps: ReceiptRoutesDeps): Problem | null {
  if (content === null) return null
  const { correction } = content
  const early = correction ? inFuture(correction.date, '/correction/date', deps) : null
  return early ?? (deps.rules.refusesBadVat ? vatRefusal(content, deps) : null)
}

/**
 * The problem of rates that the law does not know today. A machine that starts without its time has an early day, and would
 * refuse every new rate: the clock that only goes forward has to refuse them, too.
 */
function vatRefusal(content: ReceiptContent, { rules, wallMs, journal }: ReceiptRoutesDeps): Problem | null {
  const refusedAt = (ms: number) => badVat(content, rules.dateAt(ms))
  return refusedAt(wallMs()) && refusedAt(journal.totals.forwardMs())
}

type Sold = Pick<Receipt, 'content'>

/** The KKT may have known the receipt under another id, from a journal that was lost. */
function soldAs(state: PrintState, receipt: Receipt, { journal }: ReceiptRoutesDeps): Sold {
  const { content } = (state.id === receipt.id ? null : journal.queries.find(state.id)) ?? receipt
  return { content }
}

type ToAnswer = PrintState & Sold & { mayBeTwin: boolean }

function answer(
  receipt: ToAnswer,
  { driver, rules, journal }: ReceiptRoutesDeps,
  language: Language,
): z.input<typeof printAnswer> {
  if (receipt.status === 'refused') throw adapterProblem.kktRefused(receipt.id, receipt.lastError)
  const { id, fiscalDoc, needsPaper } = receipt
  const isPrinted = fiscalDoc !== null && !needsPaper
  return {
    status: isPrinted ? 'printed' : 'buffered',
    receipt_id: id,
    fiscal_doc: fiscalDoc && tillsFiscalDoc(fiscalDoc, driver),
    paper: paperOf(receipt),
    message: messageOf(receipt, ADAPTER_WORDS[language].answers),
    warnings: [
      ...warningsOf(receipt, { driver, journal, dateAt: rules.dateAt }, language),
      ...(receipt.content.refundOf === undefined ? [] : refundWarnings(journal.refunds.findingsOf(id), language)),
      ...(receipt.mayBeTwin ? twinOf(id, journal, language) : []),
    ],
  }
}

/** The first one may be pruned before its twin, or have been recognised under another id. */
function twinOf(id: ReceiptId, { twins, queries }: ReceiptRoutesDeps['journal'], language: Language): Warning[] {
  const firstId = twins.twinOf(id)
  const first = firstId && queries.find(firstId)
  return first ? [twinWarning(first, language)] : []
}

function messageOf({ fiscalDoc, needsPaper, isPaperLost, content }: ToAnswer, words: AdapterWords['answers']): string {
  if (fiscalDoc === null) return words.notPrintedYet()
  if (needsPaper) return words.noPaper(fiscalDoc.fdNumber)
  if (isPaperLost) return words.paperLost(fiscalDoc.fdNumber)
  return content.electronic === true ? words.electronic() : words.printed()
}
